/**
 * The script of every page. Where somebody is signed in it shows the time left, keeps what is typed,
 * and goes to the page that says why when the session is over; the warning itself is the element's
 * business. Where nobody is, it tells the other tabs so, and hears when somebody signs in.
 */

import 'sealed-session/client/element'
import { type ClientEndReason, type SessionWatcher, watchSession } from 'sealed-session/client'
import { keepDrafts } from 'sealed-session/client/drafts'
import { countDown } from './countdown.ts'
import { showRestored } from './drafts.ts'
import { writeLetter } from './letter.ts'
import { handleSignOut } from './sign-out.ts'
import { showLocalTimes } from './times.ts'
import { pollUnread } from './unread.ts'

/** For whom the last page of this tab was made that watched a session. */
const LAST_SUBJECT = 'last-subject'

showLocalTimes()
const element = document.querySelector('session-warning')
if (element?.watcher) watch(element.watcher)
else awaitSignIn()

function watch(watcher: SessionWatcher): void {
  sessionStorage.removeItem(LAST_SUBJECT)
  const drafts = keepDrafts(watcher)
  const letter = writeLetter(watcher)
  showRestored(drafts)
  handleSignOut(watcher, drafts)
  countDown(watcher)
  pollUnread(watcher)
  watcher.addEventListener('ended', (event) => {
    event.preventDefault()
    const { reason, recorded } = event.detail
    sessionStorage.setItem(LAST_SUBJECT, watcher.subjectTags[0] ?? '')
    leave(recorded === false ? 'signed-out-here' : reason, letter.isInterrupted())
  })
}

function leave(reason: ClientEndReason | 'signed-out-here', isInterrupted: boolean): void {
  const wanted = location.pathname + location.search
  const query = new URLSearchParams({ reason, return: wanted })
  if (isInterrupted) query.set('interrupted', '')
  location.replace(`/ended?${query}`)
}

/**
 * The page of an end, of a sign-in, of an error. Where a session has ended, the same person's sign-in in
 * another tab lets this one go on by itself.
 */
function awaitSignIn(): void {
  const message = document.querySelector<HTMLElement>('#signed-in-again')
  const link = document.querySelector<HTMLAnchorElement>('#sign-in-again')
  const subjectTag = sessionStorage.getItem(LAST_SUBJECT) ?? ''
  const watcher = watchSession({ statusUrl: '/session', subjectTag })
  if (!message || !link) return
  watcher.addEventListener('resumed', () => {
    const path = message.dataset.goOn ?? '/'
    // Without the tag it may be somebody else, who has to ask for this page.
    if (subjectTag) location.replace(path)
    message.textContent = 'You are signed in again, in another tab.'
    link.textContent = 'Go on where you were'
    link.href = path
  })
  watcher.addEventListener('ended', ({ detail }) => {
    if (detail.reason !== 'other-subject') return
    message.textContent = 'Somebody else has signed in, in another tab.'
    link.textContent = 'To the start page'
    link.href = '/'
  })
}
