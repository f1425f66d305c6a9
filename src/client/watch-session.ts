/** Checks the options of `watchSession` and begins to watch. */

import type { SessionWatcher, WatchOptions } from './types.ts'
import { Watcher } from './watcher.ts'

/** What WCAG 2.2 gives people to answer a warning (success criterion 2.2.1), in seconds. */
const LEAST_WARNING = 20
/** The longest life of anything sealed, in seconds. */
const MOST = 34_560_000

const OPTIONS = ['statusUrl', 'warnBefore', 'touchEvery', 'checkEvery', 'subjectTag']

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
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name))
  if (unknown !== undefined) {
    throw new TypeError(`watchSession has no option "${unknown}"; there are ${OPTIONS.join(', ')}`)
  }
  const { statusUrl, subjectTag } = options
  return new Watcher(
    mountedAt(statusUrl),
    milliseconds('warnBefore', options.warnBefore ?? 60, LEAST_WARNING),
    milliseconds('touchEvery', options.touchEvery ?? 60, 1),
    milliseconds('checkEvery', options.checkEvery ?? 300, 0) || Infinity,
    subjectTag ? [subjectTag] : [],
  )
}

function milliseconds(option: string, value: unknown, least: number): number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= MOST) {
    return (value as number) * 1000
  }
  const got = typeof value === 'number' ? value : typeof value
  throw new TypeError(
    `"${option}" must be a whole number of seconds from ${least} to ${MOST}; got ${got}`,
  )
}

/** Absolute, so that a later `history.pushState` does not move it. */
function mountedAt(statusUrl: string): string {
  const url = new URL(statusUrl, location.href)
  if (statusUrl && url.origin === location.origin) return url.href.replace(/\/$/, '')
  throw new TypeError('"statusUrl" must be where sessionRoutes() is on this origin: "/session"')
}
