/**
 * When a session is over. Pure decisions on claims and the configured timeouts; knows nothing of
 * cookies, keys or requests. Instants and durations are milliseconds here.
 */

import { onlyMembers, wholeSeconds } from '../lib/check.ts'
import type { SessionClaims } from './claims.ts'
import type { TimeoutOptions } from './types.ts'

/** How long a session can live. */
export interface Limits {
  readonly idle: number
  readonly absolute: number
}

/** The options that concern time, resolved. */
export interface Timeouts {
  readonly normal: Limits
  readonly remembered: Limits
  readonly touchAfter: number
  /** The longest life of any session. */
  readonly longest: number
}

/** The claims that decide when a session is over. */
export type Age = Pick<SessionClaims, 'iat' | 'act' | 'limit' | 'remembered'>

// NIST SP 800-63B-4 section 2.2.3 recommends at most 1 h idle and 24 h overall at AAL2; the defaults are half of both.
const NORMAL = { idleTimeout: 1_800, absoluteTimeout: 43_200 }
const REMEMBERED = { idleTimeout: 604_800, absoluteTimeout: 2_592_000 }

/** Validates and defaults the options that concern time. */
export function resolveTimeouts(
  options: TimeoutOptions & { remembered?: TimeoutOptions; touchAfter?: number },
): Timeouts {
  const { remembered: forRemembered = {} } = options
  onlyMembers('"remembered"', forRemembered, ['idleTimeout', 'absoluteTimeout'])
  const normal = resolveLimits(options, NORMAL, '')
  const remembered = resolveLimits(forRemembered, REMEMBERED, 'remembered.')
  const idle = Math.min(normal.idle, remembered.idle)
  const touchAfter = wholeSeconds('touchAfter', options.touchAfter ?? 0) * 1000
  if (touchAfter >= idle) {
    throw new TypeError(`"touchAfter" must be less than the idle timeout of ${idle / 1000} seconds`)
  }
  const longest = Math.max(normal.absolute, remembered.absolute)
  return { normal, remembered, touchAfter, longest }
}

function resolveLimits(
  options: TimeoutOptions,
  defaults: Required<TimeoutOptions>,
  prefix: string,
): Limits {
  const { idleTimeout = defaults.idleTimeout, absoluteTimeout = defaults.absoluteTimeout } = options
  const idle = wholeSeconds(`${prefix}idleTimeout`, idleTimeout, 1)
  const absolute = wholeSeconds(`${prefix}absoluteTimeout`, absoluteTimeout, 1)
  if (idle > absolute) {
    const given = (name: keyof TimeoutOptions, value: number) =>
      `"${prefix}${name}" (${value}${options[name] === undefined ? ' by default' : ''})`
    throw new TypeError(
      `${given('idleTimeout', idle)} must be at most ${given('absoluteTimeout', absolute)}`,
    )
  }
  return { idle: idle * 1000, absolute: absolute * 1000 }
}

/** The limits of a session. */
const limitsOf = ({ remembered, normal }: Timeouts, isRemembered: boolean): Limits =>
  isRemembered ? remembered : normal

/** When a session that begins now is over in any case. */
export const limitFrom = (iat: number, remembered: boolean, timeouts: Timeouts): number =>
  iat + limitsOf(timeouts, remembered).absolute

/**
 * When each of the two timeouts ends the session if there is no more activity. Today's absolute
 * timeout can shorten the sealed limit but not lengthen it, because the list forgets a session once
 * its sealed limit has passed.
 */
export function deadlines({ iat, act, limit, remembered }: Age, timeouts: Timeouts): Limits {
  const { idle } = limitsOf(timeouts, remembered)
  return { idle: act + idle, absolute: Math.min(limit, limitFrom(iat, remembered, timeouts)) }
}

/** Which timeout has ended the session. If both have passed, the one that passed first. */
export function timedOut(
  age: Age,
  now: number,
  timeouts: Timeouts,
): 'idle' | 'absolute' | undefined {
  const { idle, absolute } = deadlines(age, timeouts)
  if (now < idle && now < absolute) return undefined
  return idle < absolute ? 'idle' : 'absolute'
}
