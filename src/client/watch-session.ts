/** Checks the options of `watchSession` and begins to watch. */

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
  const { statusUrl, warnBefore, touchEvery, checkEvery, subjectTag, ...others } = options
  for (const name in others) throw new TypeError(`watchSession has no option "${name}"`)
  return new Watcher(
    mountedAt(statusUrl),
    milliseconds('warnBefore', warnBefore ?? 60, LEAST_WARNING),
    milliseconds('touchEvery', touchEvery ?? 60, 1),
    milliseconds('checkEvery', checkEvery ?? 300, 0) || Infinity,
    subjectTag ? [subjectTag] : [],
  )
}

function milliseconds(option: string, value: unknown, least: number): number {
  if (Number.isInteger(value) && (value as number) >= least) {
    return (value as number) * 1000
  }
  const got = typeof value === 'number' ? value : typeof value
  throw new TypeError(
    `"${option}" must be a whole number of seconds, at least ${least}; got ${got}`,
  )
}

/** Absolute, so that a later `history.pushState` does not move it. */
function mountedAt(statusUrl: string): string {
  const { href } = new URL(statusUrl, location.href)
  if (statusUrl && href.startsWith(`${location.origin}/`)) return href.replace(/\/$/, '')
  throw new TypeError('"statusUrl" must be a path on this origin: "/session"')
}
