/** Checks the options of `watchSession` and begins to watch. */

import { onlyMembers, wholeSeconds } from '../lib/check.ts'
import type { SessionWatcher, WatchOptions } from './types.ts'
import { Watcher } from './watcher.ts'

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
