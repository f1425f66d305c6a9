/**
 * What the two cookies say: their wire form, and the form the code works with. Instants are
 * NumericDate on the wire (RFC 7519 section 2, seconds with a fraction) and milliseconds here.
 */

import { kindOf } from '../lib/check.ts'
import { CLOCK_TOLERANCE } from '../lib/limits.ts'

/** What the session cookie says. */
export interface SessionClaims {
  readonly sid: string
  /** The sid that it began with: `regenerate` and `signOutOthers` change the sid, not the family. */
  readonly family: string
  /** When the session began. Nothing but a sign-in moves it. */
  readonly iat: number
  /** The last "sign out everywhere else" that this session survived. */
  readonly kept: number | undefined
  /** Last activity when it was sealed. */
  readonly act: number
  readonly subject: string | undefined
  readonly remembered: boolean
  /** The app's data as JSON text, so that a remembered seal can be shared and data cannot. */
  readonly json: string
}

/** What the activity cookie says. */
export interface ActivityClaims {
  readonly sid: string
  readonly act: number
  /** The last real revocation check. */
  readonly chk: number | undefined
}

/** The session cookie's payload. */
export function writeSession({ json, ...claims }: SessionClaims): string {
  const { sid, family, iat, kept, act, subject, remembered } = claims
  const rest = JSON.stringify({
    sid,
    fam: family === sid ? undefined : family,
    iat: iat / 1000,
    kept: kept === undefined ? undefined : kept / 1000,
    act: act / 1000,
    sub: subject,
    rem: remembered || undefined,
  })
  return `${rest.slice(0, -1)},"d":${json}}`
}

/** The activity cookie's payload. */
export const writeActivity = ({ sid, act, chk }: ActivityClaims): string =>
  JSON.stringify({ sid, act: act / 1000, chk: chk === undefined ? undefined : chk / 1000 })

/** The claims of a session cookie, or `undefined` when they are not of its form. */
export function readSession(payload: unknown): SessionClaims | undefined {
  if (!isObject(payload)) return undefined
  const { sid, fam = sid, iat, kept, act, sub, rem, d } = payload
  const isForm =
    isSid(sid) &&
    isSid(fam) &&
    isInstant(iat) &&
    isInstant(act) &&
    (kept === undefined || isInstant(kept)) &&
    (sub === undefined || isSubject(sub)) &&
    (rem === undefined || rem === true) &&
    isObject(d)
  if (!isForm) return undefined
  return Object.freeze({
    sid,
    family: fam,
    iat: toMs(iat),
    kept: kept === undefined ? undefined : toMs(kept),
    act: toMs(act),
    subject: sub,
    remembered: rem === true,
    json: JSON.stringify(d),
  })
}

/** The claims of an activity cookie, or `undefined` when they are not of its form. */
export function readActivity(payload: unknown): ActivityClaims | undefined {
  if (!isObject(payload)) return undefined
  const { sid, act, chk } = payload
  if (!isSid(sid) || !isInstant(act) || (chk !== undefined && !isInstant(chk))) return undefined
  return Object.freeze({ sid, act: toMs(act), chk: chk === undefined ? undefined : toMs(chk) })
}

/** Whether none of the instants lies further ahead than servers' clocks may differ. */
export const notFromFuture = (now: number, ...instants: (number | undefined)[]): boolean =>
  instants.every((instant) => instant === undefined || instant <= now + CLOCK_TOLERANCE)

/** A subject is a non-empty string that has a UTF-8 form, because it becomes part of a list's key. */
const isSubject = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.isWellFormed()

/** For callers: a developer's mistake, not a client's. */
export function assertSubject(value: unknown): asserts value is string {
  if (isSubject(value)) return
  throw new TypeError(`a subject must be a non-empty, well-formed string; got ${kindOf(value)}`)
}

/** 128 bits as base64url. */
export const isSid = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w-]{22}$/.test(value)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isInstant = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0

// Seconds with a fraction are not exact in binary.
const toMs = (seconds: number): number => Math.round(seconds * 1000)
