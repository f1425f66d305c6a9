/**
 * The app's one session manager, configured from the Worker's env.
 */

import type { KVNamespace } from '@cloudflare/workers-types'
import {
  createSessionManager,
  type DataStore,
  type RevocationList,
  type SessionIndex,
  type SessionManager,
} from 'sealed-session'
import { deviceBinding } from 'sealed-session/binding'
import { kvDataStore, kvRevocationList, kvSessionIndex } from 'sealed-session/cloudflare'

/** What wrangler.toml binds, and the secret. */
export interface Env {
  SESSION_KEYS: string
  REVOCATIONS: KVNamespace
  IDLE_TIMEOUT: string
  ABSOLUTE_TIMEOUT: string
  RECHECK_AFTER: string
}

/** What this app keeps in a session, besides who is signed in. */
export interface Data {
  note: string
  /** When the password was last given since the sign-in, in milliseconds. */
  confirmedAt: number
}

/** The two limits on a session's life, in seconds. */
export interface Limits {
  readonly idleTimeout: number
  readonly absoluteTimeout: number
}

const DAY = 86_400

/** For those who tick "Stay signed in". */
export const REMEMBERED: Limits = { idleTimeout: 7 * DAY, absoluteTimeout: 30 * DAY }

/** The most bytes of JSON that a session may keep: the note, and a few bytes around it. */
export const MAX_DATA = 100_000

let listOf = (env: Env): RevocationList => kvRevocationList(env.REVOCATIONS)
// In the same namespace, and the store too: their keys begin with other words.
let indexOf = (env: Env): SessionIndex => kvSessionIndex(env.REVOCATIONS)
// For a note that does not fit in the cookie.
let storeOf = (env: Env): DataStore => kvDataStore(env.REVOCATIONS, { maxData: MAX_DATA })

/** Puts another list in the place of the one on KV, before the first request: see `durable.ts`. */
export function useRevocationList(makeList: (env: Env) => RevocationList): void {
  listOf = makeList
}

/** Puts another session index in the place of the one on KV. */
export function useSessionIndex(makeIndex: (env: Env) => SessionIndex): void {
  indexOf = makeIndex
}

/** Puts another data store in the place of the one on KV. */
export function useDataStore(makeStore: (env: Env) => DataStore): void {
  storeOf = makeStore
}

/** The manager of this env: the middleware calls this once per isolate. */
export const makeSessions = (env: Env): SessionManager<Data> =>
  createSessionManager<Data>({
    keys: env.SESSION_KEYS,
    revocationList: listOf(env),
    sessionIndex: indexOf(env),
    dataStore: storeOf(env),
    // Where the browser can: Chrome over https. A copy of the cookies then dies within ten minutes.
    binding: deviceBinding({ policy: 'when-supported' }),
    ...limitsOf(env),
    remembered: REMEMBERED,
  })

/** What wrangler.toml sets, in seconds. */
export function limitsOf(env: Env): Limits & { readonly recheckAfter: number } {
  return {
    idleTimeout: seconds('IDLE_TIMEOUT', env.IDLE_TIMEOUT),
    absoluteTimeout: seconds('ABSOLUTE_TIMEOUT', env.ABSOLUTE_TIMEOUT),
    recheckAfter: seconds('RECHECK_AFTER', env.RECHECK_AFTER),
  }
}

/** How long before the end the page warns, in seconds: 20 at least, which people need to answer. */
export const warnBefore = (env: Env): number =>
  Math.min(60, Math.max(20, Math.floor(limitsOf(env).idleTimeout / 3)))

// `Number('')` is 0 and `Number('0x10')` is 16: neither is what somebody meant by a timeout.
function seconds(name: string, text: unknown): number {
  if (/^\d+$/.test(String(text))) return Number(text)
  throw new TypeError(
    `the var ${name} must be a whole number of seconds, like "1800"; got ${JSON.stringify(text)}. ` +
      'It stands under [vars] in wrangler.toml',
  )
}
