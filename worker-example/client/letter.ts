/**
 * The letter page's long operation. What it cannot finish, because the session has an absolute limit, it
 * says: before the end where it can, and on the page that follows it.
 */

import type { SessionWatcher } from 'sealed-session/client'

interface Operation {
  isInterrupted(): boolean
}

export function writeLetter(watcher: SessionWatcher): Operation {
  const seconds = document.querySelector<HTMLSelectElement>('#seconds')
  const button = document.querySelector<HTMLButtonElement>('#operate')
  const progress = document.querySelector('#operation')
  let isRunning = false
  if (!seconds || !button || !progress) return { isInterrupted: () => false }

  button.addEventListener('click', async () => {
    isRunning = true
    button.disabled = true
    progress.textContent = 'Working. You can leave this page alone.'
    await watcher.busy(operation(Number(seconds.value)))
    progress.textContent = 'Done. You are still signed in.'
    button.disabled = false
    isRunning = false
  })
  watcher.addEventListener('warning', ({ detail }) => {
    if (!isRunning || detail.limit !== 'absolute') return
    progress.textContent = 'Working. The session ends soon, and what is not done by then is lost.'
  })
  return { isInterrupted: () => isRunning }
}

/** An upload or a report, in a real app. */
const operation = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000))
