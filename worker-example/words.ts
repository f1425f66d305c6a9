/**
 * Durations, instants and reasons in a person's words.
 */

import type { EndReason } from 'sealed-session'
import type { Limits } from './sessions.ts'

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

/** `5400` is "1 hour 30 minutes", or "1 hour" in one unit. Rounded to what a person still minds. */
export function inWords(seconds: number, mostUnits = 2): string {
  const step = seconds < 3_600 ? 1 : seconds < 86_400 ? 60 : 3_600
  let rest = Math.max(0, Math.round(seconds / step) * step)
  const parts: string[] = []
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`)
  }
  return parts.slice(0, mostUnits).join(' ') || '0 seconds'
}

/** `29:58`, or in words what is longer than an hour. */
export function asClock(seconds: number): string {
  if (seconds > 3600) return inWords(seconds)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** What the time left is the time until. */
export const ruleOf = (limit: 'idle' | 'absolute'): string =>
  limit === 'idle'
    ? 'until you are signed out, unless you do something'
    : 'until you have to sign in again, whatever you do'

// The server does not know the visitor's time zone, so it names its own; client/times.ts knows it.
const DAY_AND_TIME = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** "21 Nov 2026, 14:05 UTC". */
export const dayAndTime = (instant: Date): string => `${DAY_AND_TIME.format(instant)} UTC`

/** Why the session that the browser still holds is over. `limits` are those that it had. */
export function reasonInWords(reason: EndReason, limits: Limits): string {
  switch (reason) {
    case 'idle':
      return `Your session expired after ${inWords(limits.idleTimeout)} without activity.`
    case 'absolute':
      return `Your session ended ${inWords(limits.absoluteTimeout)} after the sign-in.`
    case 'revoked':
      return 'Your session was ended by a sign-out, here or elsewhere.'
    case 'data':
      return 'Your session was made by another version of this app and cannot be used any more.'
    case 'unbound':
      return 'Your session is bound to the device that signed in, and this browser did not prove to be it.'
    case 'unknown-key':
      return 'Your session was sealed under a key that is no longer in use.'
    case 'malformed':
    case 'invalid':
      return 'Your browser sent a damaged session cookie, which was not honoured.'
  }
}
