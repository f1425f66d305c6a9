/**
 * Signing out, from the header or the warning: asks first when any tab holds unsaved text, and tells the
 * other tabs. Without this script the form of the header works by itself.
 */

import type { SessionWatcher } from 'sealed-session/client'
import type { Drafts } from 'sealed-session/client/drafts'

export function handleSignOut(watcher: SessionWatcher, drafts: Drafts): void {
  const form = document.querySelector<HTMLFormElement>('#sign-out')
  const question = document.querySelector<HTMLDialogElement>('#unsaved')
  const button = form?.querySelector('button')
  if (!form || !question || !button) return

  const signOut = async (event: Event) => {
    event.preventDefault()
    if ((await drafts.held()) > 0) question.showModal()
    else await watcher.signOut()
  }
  form.addEventListener('submit', signOut)
  document.querySelector('session-warning')?.addEventListener('sign-out', signOut)
  question.addEventListener('close', async () => {
    if (question.returnValue === 'sign-out') await watcher.signOut()
    question.returnValue = ''
  })
  // It is tried again until it is answered, and the page leaves when the session has ended.
  watcher.addEventListener('pending', ({ detail }) => {
    const isUnderWay = detail === 'sign-out'
    button.disabled = isUnderWay
    button.textContent = isUnderWay ? 'Signing out…' : 'Sign out'
  })
}
