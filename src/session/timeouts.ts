/**
 * When a session is over. Pure decisions on claims and the configured timeouts; knows nothing of
 * cookies, keys or requests. Instants and durations in here are milliseconds.
 */

import { onlyMembers, wholeSeconds } from '../lib/check.ts'
import type { SessionClaims } from './claims.ts'
import type { TimeoutOptions } from './types.ts'

/** How long a session may live. */
export interface Limits {
  readonly idle: number
  readonly absolute: number
}

/** All of the configuration that concerns time. */
export interface Timeouts {
  readonly normal: Limits
  readonly remembered: Limits
  readonly touchAfter: number
  /** The longest that anything sealed can be alive. */
  readonly longest: number
}

/** The facts about a session that decide. */
export type Age = Pick<SessionClaims, 'iat' | 'act' | 'limit' | 'remembered'>

// NIST SP 800-63B-4 allows AAL2 sessions 1 h idle and 24 h in all; the defaults are half of each.
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
    throw new TypeError(
      `"touchAfter" must be less than the idle timeout, ${idle / 1000} seconds, or no request could slide it`,
    )
  }
  const longest = Math.max(normal.absolute, remembered.absolute)
  return Object.freeze({ normal, remembered, touchAfter, longest })
}

function resolveLimits(
  options: TimeoutOptions,
  defaults: Required<TimeoutOptions>,
  prefix: string,
): Limits {
  const { idleTimeout = defaults.idleTimeout, absoluteTimeout = defaults.absoluteTimeout } = options
  const idle = wholeSeconds(`${prefix}idleTimeout`, idleTimeout, 1)
  const absolute = wholeSeconds(`${prefix}absoluteTimeout`, absoluteTimeout, 1)
  if (idle > absolute) throw idleOverAbsolute(options, idle, absolute, prefix)
  return Object.freeze({ idle: idle * 1000, absolute: absolute * 1000 })
}

/** An idle timeout that could never be reached: one of the two is not what the developer meant. */
function idleOverAbsolute(
  options: TimeoutOptions,
  idle: number,
  absolute: number,
  prefix: string,
): TypeError {
  const describe = (name: keyof TimeoutOptions, value: number) =>
    `"${prefix}${name}" (${value}${options[name] === undefined ? ' by default' : ''})`
  const missing =
    options.idleTimeout === undefined
      ? `set "${prefix}idleTimeout" too, to at most ${absolute}`
      : options.absoluteTimeout === undefined
        ? `set "${prefix}absoluteTimeout" too, to at least ${idle}`
        : 'lower the first or raise the second'
  return new TypeError(
    `${describe('idleTimeout', idle)} must not be greater than ` +
      `${describe('absoluteTimeout', absolute)}: ${missing}; both are in seconds`,
  )
}

/** The limits of a session. */
const limitsOf = ({ remembered, normal }: Timeouts, isRemembered: boolean): Limits =>
  isRemembered ? remembered : normal

/** When a session that begins now is over in any case. */
export const limitFrom = (iat: number, remembered: boolean, timeouts: Timeouts): number =>
  iat + limitsOf(timeouts, remembered).absolute

/**
 * When each of the two timeouts ends the session if nothing more comes. Today's absolute timeout can
 * shorten the limit that was sealed, but not lengthen it: what the list has forgotten must be over.
 */
export function deadlines({ iat, act, limit, remembered }: Age, timeouts: Timeouts): Limits {
  const { idle } = limitsOf(timeouts, remembered)
  return { idle: act + idle, absolute: Math.min(limit, limitFrom(iat, remembered, timeouts)) }
}

/** Which timeout has ended the session: of two limits passed, the one passed first. */
export function timedOut(
  age: Age,
  now: number,
  timeouts: Timeouts,
): 'idle' | 'absolute' | undefined {
  const { idle, absolute } = deadlines(age, timeouts)
  if (now < idle && now < absolute) return undefined
  return idle < absolute ? 'idle' : 'absolute'
}

/** Whether activity now is worth recording. */
export const touchDue = (act: number, now: number, { touchAfter }: Timeouts): boolean =>
  now - act >= touchAfter
