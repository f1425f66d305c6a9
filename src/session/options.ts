/**
 * The options of a manager, resolved once: validated, defaulted and frozen, so that a request never
 * meets a mistake in them.
 */

import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { RevocationList } from '../contracts/revocation-list.ts'
import { type CookieOptions, resolveCookies } from '../cookies/attributes.ts'
import { SealedCookie } from '../cookies/sealed-cookie.ts'
import { assertOptional, isThenable, kindOf, onlyMembers, wholeSeconds } from '../lib/check.ts'
import { SessionError } from '../lib/errors.ts'
import { shorten } from '../lib/json.ts'
import { systemClock } from '../lib/platform.ts'
import { noticeKeys } from '../lib/second-ones.ts'
import { ListRevocation, noRevocation, type Revocation } from '../revocation/revocation.ts'
import { type KeyRing, type Keys, keyRing } from '../seal/key-ring.ts'
import { type ActivityOptions, resolveActivity } from './activity.ts'
import { type ActivityClaims, activityCodec, type SessionClaims, sessionCodec } from './claims.ts'
import { objectToJson } from './data.ts'
import { resolveTimeouts, type Timeouts } from './timeouts.ts'
import type { SessionEvent, TimeoutOptions } from './types.ts'

/** Options of `createSessionManager`. All durations are whole seconds. */
export interface SessionOptions<Data extends object> extends ActivityOptions {
  /** The key ring. Required. */
  keys: Keys
  /**
   * Where ended sessions are recorded: `kvRevocationList(namespace)` on Workers,
   * `memoryRevocationList()` for one process and for tests. `'none'` opts out in so many words:
   * a sign-out then only clears cookies, and a copied cookie works until its timeouts. Required.
   */
  revocationList: RevocationList | 'none'
  /**
   * Longest gap between two requests that count as activity. Default 1,800 (30 minutes). At most
   * `absoluteTimeout`: set both where one of the defaults would not fit the other.
   */
  idleTimeout?: number
  /** Longest age, whatever the use. Default 43,200 (12 hours), at most 400 days. */
  absoluteTimeout?: number
  /** The limits of a session signed in with `remember`. Default 604,800 (7 days) and 2,592,000 (30 days). */
  remembered?: TimeoutOptions
  /** How old recorded activity must be before it is recorded again. Default 0: at every request. */
  touchAfter?: number
  /**
   * How long a revocation check is trusted. Default 60. 0 checks at every request. A session ended
   * elsewhere is noticed after this plus the list's own delay.
   */
  recheckAfter?: number
  /**
   * How old the last check may be for a session to go on while the list is unreachable. Default
   * 300. Counted from the check, so that less than `recheckAfter` is none.
   */
  staleIfError?: number
  /** When a read or write of the list is given up. Default 2. */
  revocationTimeout?: number
  /** Names and attributes of the cookies. */
  cookie?: CookieOptions
  /**
   * Checks `data` when it is loaded and when it is sealed, so it must accept what it makes, and
   * `{}`, what a new session holds.
   */
  schema?: StandardSchemaV1<unknown, Data>
  /**
   * Binds sessions to a tenant or a host: a name, or a function that gives the name for a request. A
   * session that began for another audience ends as `invalid`. One that began before the option was
   * switched on is honoured until its limit. Default: sessions are bound to the keys alone.
   */
  audience?: string | ((request: Request) => string)
  /** Told of what operators may want to log or count. What it throws is ignored. */
  onEvent?: (event: SessionEvent) => void
  /** The clock, in milliseconds like `Date.now`, for tests. */
  now?: () => number
}

/** What a manager works with. */
export interface Config {
  readonly now: () => number
  readonly ring: () => Promise<KeyRing>
  readonly cookies: {
    readonly session: SealedCookie<SessionClaims>
    readonly activity: SealedCookie<ActivityClaims>
  }
  readonly timeouts: Timeouts
  readonly revocation: Revocation
  /** What the schema makes of the JSON of data. Rejects with `data`, and with `not-json` when that is no JSON. */
  readonly accept: (json: string) => Promise<string>
  /** What sessions of a request are bound to. */
  readonly audience: (request: Request) => string | undefined
  readonly isActivity: (request: Request) => boolean
  readonly report: (event: SessionEvent) => void
}

const MEMBERS = [
  'keys',
  'revocationList',
  'idleTimeout',
  'absoluteTimeout',
  'remembered',
  'touchAfter',
  'recheckAfter',
  'staleIfError',
  'revocationTimeout',
  'cookie',
  'schema',
  'audience',
  'isActivity',
  'activityOrigins',
  'onEvent',
  'now',
] satisfies readonly (keyof SessionOptions<object>)[]

export function resolveOptions<Data extends object>(options: SessionOptions<Data>): Config {
  onlyMembers('the options of createSessionManager', options, MEMBERS)
  const { now = systemClock, onEvent } = options
  assertOptional('now', now, 'function')
  assertOptional('onEvent', onEvent, 'function')
  const timeouts = resolveTimeouts(options)
  const cookies = resolveCookies(options.cookie)
  const report = (event: SessionEvent) => {
    try {
      onEvent?.(event)
    } catch {
      // A fault in logging must not become one in serving.
    }
  }
  return Object.freeze({
    now,
    ring: keyRing(options.keys, now, warnsOfOtherKeys(options, cookies.session.name)),
    cookies: {
      session: new SealedCookie(cookies.session, sessionCodec),
      activity: new SealedCookie(cookies.activity, activityCodec),
    },
    timeouts,
    revocation: resolveRevocation(options, now, report),
    accept: resolveSchema(options.schema),
    audience: resolveAudience(options.audience),
    isActivity: resolveActivity(options, options.cookie?.sameSite),
    report,
  })
}

/** Tests that give a clock make managers on purpose. */
function warnsOfOtherKeys({ now }: { now?: () => number }, cookieName: string) {
  if (now !== undefined) return undefined
  const manager = {}
  return (ring: KeyRing) =>
    noticeKeys(
      cookieName,
      manager,
      ring.map(({ id }) => id),
    )
}

function resolveRevocation<Data extends object>(
  options: SessionOptions<Data>,
  now: () => number,
  report: (event: SessionEvent) => void,
): Revocation {
  const { recheckAfter = 60, staleIfError = 300, revocationTimeout = 2 } = options
  const config = {
    recheckAfter: wholeSeconds('recheckAfter', recheckAfter) * 1000,
    staleIfError: wholeSeconds('staleIfError', staleIfError) * 1000,
    timeout: wholeSeconds('revocationTimeout', revocationTimeout, 1, 60) * 1000,
    now,
    report,
  }
  const list: unknown = options.revocationList
  if (list === 'none') return noRevocation(now)
  if (isRevocationList(list)) return new ListRevocation({ ...config, list })
  throw new TypeError(
    `"revocationList" must be a revocation list, such as kvRevocationList(env.REVOCATIONS), or 'none' ` +
      `if a copied cookie may work after sign-out; got ${insteadOfList(list)}`,
  )
}

function resolveAudience(
  audience: SessionOptions<object>['audience'],
): (request: Request) => string | undefined {
  if (audience === undefined) return () => undefined
  const checked = (name: unknown) => {
    if (typeof name === 'string' && name !== '' && name.isWellFormed()) return name
    throw new TypeError(
      `"audience" must be a non-empty string, or a function that gives one; got ${kindOf(name)}`,
    )
  }
  if (typeof audience === 'function') return (request) => checked(audience(request))
  const name = checked(audience)
  return () => name
}

function insteadOfList(list: unknown): string {
  if (isThenable(list)) return 'a promise: await it first'
  if (typeof list === 'function') return 'a function: call it'
  const isNamespace = typeof list === 'object' && list !== null && 'get' in list && 'put' in list
  return isNamespace ? 'a KV namespace: wrap it in kvRevocationList(...)' : kindOf(list)
}

const isRevocationList = (list: unknown): list is RevocationList =>
  typeof list === 'object' && list !== null && 'read' in list && 'write' in list

function resolveSchema(schema: StandardSchemaV1 | undefined): Config['accept'] {
  if (schema === undefined) return async (json) => json
  if (typeof schema?.['~standard']?.validate !== 'function') {
    throw new TypeError(
      `"schema" must be a Standard Schema (zod, valibot, arktype, ...); got ${kindOf(schema)}`,
    )
  }
  return async (json) => {
    const result = await schema['~standard'].validate(JSON.parse(json))
    if (result.issues !== undefined) throw refused(result.issues)
    return objectToJson(result.value)
  }
}

/** Names where the schema found something; its messages may hold data, so they stay out. */
function refused(issues: readonly StandardSchemaV1.Issue[]): SessionError {
  const paths = issues
    .slice(0, 3)
    .map(({ path = [] }) =>
      ['data', ...path.map((part) => String(typeof part === 'object' ? part.key : part))].join('.'),
    )
  return new SessionError('data', `the schema refused ${shorten(paths.join(', '))}`)
}
