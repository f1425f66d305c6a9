/** The options of a manager. `resolve-options.ts` validates them. */

import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { DataStore } from '../contracts/data-store.ts'
import type { DeviceBinding } from '../contracts/device-binding.ts'
import type { RevocationList } from '../contracts/revocation-list.ts'
import type { SessionIndex } from '../contracts/session-index.ts'
import type { CookieOptions } from '../cookies/attributes.ts'
import type { Awaitable, Keys } from '../seal/key-ring.ts'
import type { ActivityOptions } from './activity.ts'
import type { BindingHost } from './config.ts'
import type { SessionEvent } from './events.ts'
import type { DataOf, TimeoutOptions } from './types.ts'

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
  /**
   * Called with events that operators want to log or count. An error that it throws is ignored, as is
   * the rejection of a promise that it returns. No request waits for the promise.
   */
  onEvent?: (event: SessionEvent) => void
  /** The clock, in milliseconds like `Date.now`, for tests. */
  now?: () => number
}
