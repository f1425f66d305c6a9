/**
 * Watches a session from the page, so that the visitor knows before it ends. Entry point of
 * `sealed-session/client`: checks the options and names what is public. It draws nothing: for a
 * dialog see client-element.ts.
 */

import { onlyMembers, wholeSeconds } from './check.ts'
import type { SessionWatcher, WatchOptions } from './client/types.ts'
import { Watcher } from './client/watcher.ts'

export type { ClientEndReason } from './client/ask.ts'
export type { Limit } from './client/deadlines.ts'
export type {
  SessionWatcher,
  SessionWatcherEvents,
  WatchOptions,
  WatchState,
} from './client/types.ts'
export type { SessionStatus } from './session-status.ts'

/** What WCAG 2.2 gives people to answer a warning (success criterion 2.2.1), in seconds. */
const LEAST_WARNING = 20

/**
 * Begins to watch. A `TypeError` names an option that is wrong.
 *
 * @example
 * const watcher = watchSession({ statusUrl: '/session' })
 * watcher.addEventListener('warning', ({ detail }) => banner.show(detail.secondsLeft))
 * watcher.addEventListener('extended', () => banner.hide())
 * watcher.addEventListener('ended', ({ detail }) => location.assign(`/ended?reason=${detail.reason}`))
 */
export function watchSession(options: WatchOptions): SessionWatcher {
  onlyMembers('the options of watchSession', options, ['statusUrl', 'warnBefore', 'touchEvery'])
  const { statusUrl, warnBefore = 60, touchEvery = 60 } = options
  return new Watcher(
    mountedAt(statusUrl),
    wholeSeconds('warnBefore', warnBefore, LEAST_WARNING) * 1000,
    wholeSeconds('touchEvery', touchEvery, 1) * 1000,
  )
}

/** Absolute, so that a later `history.pushState` does not move it. */
function mountedAt(statusUrl: string): string {
  const url = new URL(statusUrl, location.href)
  if (statusUrl && url.origin === location.origin) return url.href.replace(/\/$/, '')
  throw new TypeError(
    '"statusUrl" must be where sessionRoutes() is mounted on this origin, like "/session"',
  )
}
