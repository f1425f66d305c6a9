/**
 * A widget that asks the server every few seconds. It says that it is no activity of the visitor's,
 * or an open tab would keep its session alive for ever.
 */

import type { SessionWatcher } from 'sealed-session/client'

const EVERY = 3000

export function pollUnread(watcher: SessionWatcher): void {
  const unread = document.querySelector('#unread')
  if (!unread) return
  const poll = async () => {
    const response = await watcher.fetch('/unread', { headers: { 'Session-Activity': 'passive' } })
    if (!response.ok) return
    const body: { unread: number } = await response.json()
    unread.textContent = body.unread === 0 ? 'No' : String(body.unread)
  }
  // A poll that fails is made up for by the next one.
  const timer = setInterval(() => poll().catch(() => undefined), EVERY)
  watcher.addEventListener('ended', () => clearInterval(timer))
}
