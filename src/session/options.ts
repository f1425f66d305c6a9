/**
 * The options of a manager, resolved once: validated, defaulted and frozen. A mistake shows at
 * creation, never during a request.
 */

import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ConnectedDataStore, DataStore } from '../contracts/data-store.ts'
import type { ConnectedBinding, DeviceBinding } from '../contracts/device-binding.ts'
import type { RevocationList } from '../contracts/revocation-list.ts'
import type { OpenIndex, SessionIndex } from '../contracts/session-index.ts'
import { type CookieOptions, resolveCookies } from '../cookies/attributes.ts'
import { SealedCookie } from '../cookies/sealed-cookie.ts'
import { assertOptional, isThenable, kindOf, onlyMembers, wholeSeconds } from '../lib/check.ts'
import { noticeKeys } from '../lib/isolate-warnings.ts'
import { systemClock } from '../lib/platform.ts'
import { ListRevocation } from '../revocation/list-revocation.ts'
import { endingOf, targetsOf } from '../revocation/marks.ts'
import { noRevocation, type Revocation } from '../revocation/revocation.ts'
import { type Awaitable, type KeyRing, type Keys, keyRing } from '../seal/key-ring.ts'
import { open, SEALED, sealJson } from '../seal/seal.ts'
import { hoursUntil } from '../seal/token-form.ts'
import { type ActivityOptions, resolveActivity } from './activity.ts'
import { type ActivityClaims, activityCodec, type SessionClaims, sessionCodec } from './claims.ts'
import { type DataOptions, type DataRules, resolveDataRules } from './schema.ts'
import { resolveTimeouts, type Timeouts } from './timeouts.ts'
import type { DataOf, SessionEvent, TimeoutOptions } from './types.ts'

/** Options of `createSessionManager`. All durations are whole seconds. */
export interface SessionOptions<Data extends object> extends ActivityOptions {
  /** The key ring. Required. */
  keys: Keys
  /**
   * Where ended sessions are recorded: `kvRevocationList(namespace)` on Workers,
   * `memoryRevocationList()` for one process and for tests. `'none'` opts out explicitly: a
   * sign-out then only clears cookies, and a copied cookie works until its timeouts. Required.
   */
  revocationList: RevocationList | 'none'
  /**
   * Where the sessions of each subject are recorded, for `listSessions`: `kvSessionIndex(namespace)`
   * on Workers, `memorySessionIndex()` for one process and for tests. Needs a revocation list.
   * Default: none.
   */
  sessionIndex?: SessionIndex
  /**
   * Longest gap between two requests that count as activity. Default 1,800 (30 minutes). At most
   * `absoluteTimeout`: if your value conflicts with the default of the other, set both.
   */
  idleTimeout?: number
  /** Longest age, however active the session is. Default 43,200 (12 hours), at most 400 days. */
  absoluteTimeout?: number
  /** The limits of a session signed in with `remember`. Default 604,800 (7 days) and 2,592,000 (30 days). */
  remembered?: TimeoutOptions
  /**
   * How old the recorded activity must be before it is recorded again. Default 0: at every request.
   */
  touchAfter?: number
  /**
   * How long a revocation check is trusted. Default 60. 0 checks at every request. A session that
   * was ended elsewhere is noticed after this time plus the list's own delay.
   */
  recheckAfter?: number
  /**
   * How old the last check can be for a session to go on while the list is unreachable. Default
   * 300. It is counted from the check, so a value below `recheckAfter` allows nothing extra.
   */
  staleIfError?: number
  /** How long a read or write of the list can take before it is given up. Default 2. */
  revocationTimeout?: number
  /**
   * Where data is kept that does not fit in the cookie: `kvDataStore(namespace)` on Workers,
   * `memoryDataStore()` for one process and for tests. Default: data that does not fit is
   * `too-large`.
   */
  dataStore?: DataStore
  /**
   * Binds sessions to the device of their browser, so that a copy of the cookies stops working within
   * minutes: `deviceBinding({ policy: 'when-supported' })`. Default: none.
   */
  binding?: DeviceBinding<BindingHost>
  /** Names and attributes of the cookies. */
  cookie?: CookieOptions
  /**
   * Checks `data` when it is loaded and when it is sealed, and gives `data` its type. So it must
   * accept its own output, and `{}`: what it makes of that is the data of a new session. A session
   * whose data it refuses ends as `data`.
   */
  schema?: (Data & StandardSchemaV1) | StandardSchemaV1<unknown, NoInfer<DataOf<Data>>>
  /** The version of the form of `data`, a whole number that you count up. It is sealed beside it. */
  dataVersion?: number
  /**
   * Makes data of this version of data that was sealed under an earlier one; `version` is 0 if it
   * was sealed without one. Called before the schema, at each load until the next write. What it
   * throws, `load` throws.
   */
  migrate?: (old: Record<string, unknown>, version: number) => Awaitable<object>
  /**
   * Binds sessions to a tenant or a host: a name, or a function that returns the name for a
   * request. A session of another audience ends as `invalid`. A session that began before the
   * option was switched on is honoured until its limit. Default: sessions are bound to the keys
   * alone.
   */
  audience?: string | ((request: Request) => string)
  /** Called with events that operators want to log or count. An error that it throws is ignored. */
  onEvent?: (event: SessionEvent) => void
  /** The clock, in milliseconds like `Date.now`, for tests. */
  now?: () => number
}

/** The resolved options. */
export interface Config {
  readonly now: () => number
  readonly ring: () => Promise<KeyRing>
  readonly cookies: {
    readonly session: SealedCookie<SessionClaims>
    readonly activity: SealedCookie<ActivityClaims>
    readonly flash: SealedCookie<SessionClaims>
  }
  readonly timeouts: Timeouts
  readonly revocation: Revocation
  readonly index: OpenIndex | undefined
  readonly dataStore: ConnectedDataStore | undefined
  readonly data: DataRules
  /** The audience that sessions of a request are bound to. */
  readonly audience: (request: Request) => string | undefined
  readonly isActivity: (request: Request) => boolean
  /** Reports an event. With a family, the event carries its pseudonym. Never rejects. */
  readonly report: (event: SessionEvent, family?: string) => Promise<void>
  readonly binding?: ConnectedBinding | undefined
}

/** What a device binding needs of a manager: the rest of its configuration. */
export interface BindingHost extends Omit<Config, 'binding'> {
  /** Milliseconds, like `staleIfError`. */
  readonly recheckAfter: number
  readonly staleIfError: number
  readonly hasList: boolean
  /** The attributes of the cookies, as a `Set-Cookie` has them. */
  readonly cookieAttributes: string
}

const MEMBERS = [
  'keys',
  'revocationList',
  'sessionIndex',
  'idleTimeout',
  'absoluteTimeout',
  'remembered',
  'touchAfter',
  'recheckAfter',
  'staleIfError',
  'revocationTimeout',
  'dataStore',
  'binding',
  'cookie',
  'schema',
  'dataVersion',
  'migrate',
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
  const ring = keyRing(options.keys, now, warnsOfOtherKeys(options, cookies.session.name))
  const report: Config['report'] = async (event, family) => {
    if (onEvent === undefined) return
    const name = async (id: string) => (await ring())[0].pseudonym(id)
    const session = family && (await name(family).catch(() => undefined))
    try {
      onEvent(session ? ({ ...event, session } as SessionEvent) : event)
    } catch {
      // An error in logging must not fail the request.
    }
  }
  const revocation = resolveRevocation(options, now, report)
  const use = { kind: 'data', name: cookies.session.name } as const
  const config: Config = {
    now,
    ring,
    cookies: {
      session: new SealedCookie(cookies.session, sessionCodec),
      activity: new SealedCookie(cookies.activity, activityCodec),
      flash: new SealedCookie(cookies.flash, sessionCodec),
    },
    timeouts,
    revocation,
    index: resolveIndex(options, { now, report, revocation }),
    dataStore: resolveDataStore(options.dataStore)?.connect({
      now,
      report,
      seal: async (json) => (await sealJson(json, use, await ring(), now())).token,
      open: async (token) => {
        const hours = hoursUntil(now(), timeouts.longest)
        const candidate = SEALED.identify(token, use, await ring(), hours)
        return typeof candidate === 'object' ? open(candidate) : undefined
      },
    }),
    data: resolveDataRules(options as DataOptions),
    audience: resolveAudience(options.audience),
    isActivity: resolveActivity(options, options.cookie?.sameSite),
    report,
  }
  const binding = resolveBinding(options, config, cookies.attributes)
  return Object.freeze({ ...config, binding })
}

function resolveBinding<Data extends object>(
  options: SessionOptions<Data>,
  config: Config,
  cookieAttributes: string,
): ConnectedBinding | undefined {
  const { binding, revocationList } = options
  if (binding === undefined) return undefined
  if (typeof binding?.connect !== 'function') {
    throw new TypeError(`"binding" must be deviceBinding({ ... }); got ${kindOf(binding)}`)
  }
  const { recheckAfter, staleIfError } = durationsOf(options)
  const hasList = revocationList !== 'none'
  return binding.connect({ ...config, recheckAfter, staleIfError, hasList, cookieAttributes })
}

/** How the list is asked, in milliseconds. */
function durationsOf<Data extends object>(options: SessionOptions<Data>) {
  const { recheckAfter = 60, staleIfError = 300, revocationTimeout = 2 } = options
  return {
    recheckAfter: wholeSeconds('recheckAfter', recheckAfter) * 1000,
    staleIfError: wholeSeconds('staleIfError', staleIfError) * 1000,
    timeout: wholeSeconds('revocationTimeout', revocationTimeout, 1, 60) * 1000,
  }
}

/** A manager with a clock of its own is in a test, which makes several managers on purpose. */
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

function resolveIndex(
  {
    sessionIndex,
    revocationList,
    revocationTimeout = 2,
  }: Pick<SessionOptions<object>, 'sessionIndex' | 'revocationList' | 'revocationTimeout'>,
  host: Pick<Config, 'now' | 'report' | 'revocation'>,
): OpenIndex | undefined {
  if (sessionIndex === undefined) return undefined
  if (typeof sessionIndex.open !== 'function' || revocationList === 'none') {
    throw new TypeError('"sessionIndex" must be a session index, beside a revocation list')
  }
  return sessionIndex.open({
    ...host,
    rules: { endingOf, targetsOf },
    timeout: revocationTimeout * 1000,
  })
}

function resolveRevocation<Data extends object>(
  options: SessionOptions<Data>,
  now: () => number,
  report: Config['report'],
): Revocation {
  const config = { ...durationsOf(options), now, report }
  const list: unknown = options.revocationList
  if (list === 'none') return noRevocation(now, report)
  if (isRevocationList(list)) return new ListRevocation({ ...config, list })
  throw new TypeError(
    `"revocationList" must be a revocation list, such as kvRevocationList(env.REVOCATIONS), or 'none' ` +
      `to accept that a copied cookie works after sign-out; got ${insteadOfList(list)}`,
  )
}

function resolveDataStore(store: unknown): DataStore | undefined {
  if (store === undefined || isDataStore(store)) return store
  throw new TypeError(
    `"dataStore" must be a data store, such as kvDataStore(...); got ${kindOf(store)}`,
  )
}

const isDataStore = (store: unknown): store is DataStore =>
  typeof store === 'object' && store !== null && 'connect' in store

function resolveAudience(
  audience: SessionOptions<object>['audience'],
): (request: Request) => string | undefined {
  if (audience === undefined) return () => undefined
  const checked = (name: unknown) => {
    if (typeof name === 'string' && name !== '' && name.isWellFormed()) return name
    throw new TypeError(
      `"audience" must be a non-empty string, or a function that returns one; got ${kindOf(name)}`,
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
