/**
 * The letter: keeps its text when the session ends, and runs the long operation.
 */

import type { SessionWatcher } from 'sealed-session/client'

export function writeLetter(watcher: SessionWatcher): void {
  const letter = document.querySelector<HTMLTextAreaElement>('#letter')
  const seconds = document.querySelector<HTMLSelectElement>('#seconds')
  const button = document.querySelector<HTMLButtonElement>('#operate')
  const progress = document.querySelector('#operation')
  if (!letter || !seconds || !button || !progress) return

  keepDraft(letter, watcher)

  button.addEventListener('click', async () => {
    button.disabled = true
    progress.textContent = 'Working. You can leave this page alone.'
    await watcher.busy(operation(Number(seconds.value)))
    progress.textContent = 'Done. You are still signed in.'
    button.disabled = false
  })
}

/** An upload or a report, in a real app. */
const operation = (seconds: number) => new Promise((done) => setTimeout(done, seconds * 1000))

/** In this tab, for the same user, and not for whoever comes after a sign-out. */
function keepDraft(letter: HTMLTextAreaElement, watcher: SessionWatcher): void {
  const name = `letter of ${letter.dataset.subject}`
  letter.value ||= sessionStorage.getItem(name) ?? ''
  let isKept = true
  watcher.addEventListener('ended', ({ detail }) => {
    isKept = detail.reason !== 'signed-out'
  })
  addEventListener('pagehide', () => {
    if (isKept) sessionStorage.setItem(name, letter.value)
    else sessionStorage.removeItem(name)
  })
}
