/**
 * The claims of the two cookies: their wire form, and the form that the code works with. Instants
 * are NumericDate on the wire (RFC 7519 section 2, seconds with a fraction) and milliseconds here.
 */

import type { BoundClaim } from '../contracts/device-binding.ts'
import type { Revocable } from '../contracts/revocation-list.ts'
import type { Codec } from '../cookies/sealed-cookie.ts'
import { kindOf } from '../lib/check.ts'
import { isObject, parseObject } from '../lib/json.ts'
import { CLOCK_TOLERANCE } from '../lib/limits.ts'

/** The claims of the session cookie. */
export interface SessionClaims extends Revocable {
  /** When it is over in any case, by the configuration that it began under. */
  readonly limit: number
  /** The tenant or host that it is bound to, if any. */
  readonly audience: string | undefined
  /** Last activity when it was sealed. */
  readonly act: number
  readonly remembered: boolean
  /**
   * The app's data as JSON text. Claims that this isolate remembers are shared between requests;
   * the parsed data must not be.
   */
  readonly json: string
  /** Where the data is instead, if it is in the data store. `json` is `{}` then. */
  readonly ref?: string | undefined
  /** The app's version of the form of the data, if it counts them. */
  readonly version?: number | undefined
}

/**
 * A family, which is what a sign-out ends: the sid that the session began with, and when the
 * session is over in any case.
 */
export type Family = Pick<SessionClaims, 'family' | 'limit' | 'subject'>

/** The claims of the activity cookie. */
export interface ActivityClaims {
  readonly sid: string
  readonly act: number
  /** The last real revocation check. */
  readonly chk: number | undefined
  /** What is known of the binding to a device. */
  readonly bound?: BoundClaim
}

export const sessionCodec: Codec<SessionClaims> = {
  write(claims) {
    const { sid, family, iat, kept, ref } = claims
    const rest = JSON.stringify({
      sid,
      fam: family === sid ? undefined : family,
      iat: iat / 1000,
      // A duration is shorter than an instant, and the cookie has little room.
      lim: (claims.limit - iat) / 1000,
      kept: kept && kept / 1000,
      act: claims.act / 1000,
      sub: claims.subject,
      ext: claims.external,
      aud: claims.audience,
      rem: claims.remembered || undefined,
      v: claims.version,
      ref,
    })
    return ref === undefined ? `${rest.slice(0, -1)},"d":${claims.json}}` : rest
  },

  read(json) {
    const members = parseObject(json) ?? {}
    const { sid, fam = sid, iat, lim, kept, act, sub, ext, aud, rem } = members
    const { v, ref, d = ref && {} } = members
    const isForm =
      isSid(sid) &&
      isSid(fam) &&
      isInstant(iat) &&
      isInstant(lim) &&
      isInstant(act) &&
      isLeftOutOr(isInstant, kept) &&
      isLeftOutOr(isSubject, sub) &&
      isLeftOutOr(isSid, ext) &&
      isLeftOutOr(isSubject, aud) &&
      isLeftOutOr(isTrue, rem) &&
      isLeftOutOr(isVersion, v) &&
      isLeftOutOr(isString, ref) &&
      isObject(d)
    if (!isForm) return undefined
    const began = toMs(iat)
    return {
      sid,
      family: fam,
      iat: began,
      limit: began + toMs(lim),
      kept: kept === undefined ? undefined : toMs(kept),
      act: toMs(act),
      subject: sub,
      external: ext,
      audience: aud,
      remembered: rem === true,
      json: JSON.stringify(d),
      ref,
      version: v,
    }
  },
}

export const activityCodec: Codec<ActivityClaims> = {
  write: ({ sid, act, chk, bound }) =>
    JSON.stringify({
      sid,
      act: act / 1000,
      chk: chk && chk / 1000,
      bnd: typeof bound === 'number' ? bound / 1000 : bound,
    }),

  read(json) {
    const { sid, act, chk, bnd } = parseObject(json) ?? {}
    if (!isSid(sid) || !isInstant(act) || !isLeftOutOr(isInstant, chk)) return undefined
    if (bnd !== true && !isLeftOutOr(isInstant, bnd)) return undefined
    return {
      sid,
      act: toMs(act),
      chk: chk === undefined ? undefined : toMs(chk),
      bound: typeof bnd === 'number' ? toMs(bnd) : bnd,
    }
  },
}

/** Whether every instant lies at most as far ahead as servers' clocks can differ. */
export const notFromFuture = (now: number, ...instants: (number | undefined)[]): boolean =>
  instants.every((instant) => instant === undefined || instant <= now + CLOCK_TOLERANCE)

/**
 * A subject is a non-empty string with a valid UTF-8 form, because it becomes part of a key in the
 * list.
 */
const isSubject = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.isWellFormed()

/** Checks a subject that an app passes. A wrong one is a developer's mistake, not a client's. */
export function assertSubject(value: unknown, what = 'a subject'): asserts value is string {
  if (isSubject(value)) return
  const got = value === '' ? 'an empty one' : kindOf(value)
  throw new TypeError(`${what} must be a non-empty, well-formed string; got ${got}`)
}

/** 128 bits as base64url. */
export const isSid = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w-]{22}$/.test(value)

const isLeftOutOr = <T>(
  is: (value: unknown) => value is T,
  value: unknown,
): value is T | undefined => value === undefined || is(value)

const isTrue = (value: unknown): value is true => value === true

const isString = (value: unknown): value is string => typeof value === 'string'

const isVersion = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 1

const isInstant = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0

// Seconds with a fraction are not exact in binary.
const toMs = (seconds: number): number => Math.round(seconds * 1000)
