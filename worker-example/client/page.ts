/**
 * The script of every page that needs a session: shows the time left and goes to the page that says
 * why when the session is over. The warning itself is the element's business.
 */

import 'sealed-session/client/element'
import type { ClientEndReason, SessionWatcher } from 'sealed-session/client'
import { inWords } from '../words.ts'
import { writeLetter } from './letter.ts'
import { pollUnread } from './unread.ts'

const watcher = document.querySelector('session-warning')?.watcher
if (watcher) {
  watcher.addEventListener('ended', ({ detail }) => leave(detail.reason))
  signOutEverywhere(watcher)
  countDown(watcher)
  writeLetter(watcher)
  pollUnread(watcher)
}

function leave(reason: ClientEndReason | 'signed-out-here'): void {
  const wanted = location.pathname + location.search
  location.replace(`/ended?${new URLSearchParams({ reason, return: wanted })}`)
}

/** The form works by itself; the watcher tells the other tabs too. */
function signOutEverywhere(watcher: SessionWatcher): void {
  const form = document.querySelector<HTMLFormElement>('#sign-out')
  form?.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (await watcher.signOut()) return
    if (watcher.state === 'ended') leave('signed-out-here')
    else form.submit()
  })
}

function countDown(watcher: SessionWatcher): void {
  const [timer, rule] = document.querySelector('#countdown')?.children ?? []
  if (!timer || !rule) return
  const draw = () => {
    const { secondsLeft, limit } = watcher
    if (secondsLeft === undefined) return
    timer.textContent = asClock(secondsLeft)
    rule.textContent =
      limit === 'idle'
        ? 'until you are signed out, unless you do something'
        : 'until you have to sign in again, whatever you do'
    timer.parentElement?.removeAttribute('hidden')
  }
  draw()
  setInterval(draw, 1000)
  watcher.addEventListener('extended', draw)
}

/** `29:58`, or in words what is longer than an hour. */
function asClock(seconds: number): string {
  if (seconds > 3600) return inWords(seconds)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
