/**
 * Single use of tokens: what was used is recorded in a revocation list. Knows nothing of what a token
 * holds.
 */

import { claimTarget, type RevocationList } from '../contracts/revocation-list.ts'
import { encodeBase64url } from '../lib/base64url.ts'
import { BoundedMap } from '../lib/bounded-map.ts'
import { assertOptional, kindOf, onlyMembers, wholeSeconds } from '../lib/check.ts'
import { SessionError } from '../lib/errors.ts'
import { CLOCK_TOLERANCE, LONGEST_LIFE } from '../lib/limits.ts'
import { systemClock } from '../lib/platform.ts'
import { withTimeout } from '../lib/timeout.ts'
import { sha256 } from '../lib/utf8.ts'

/** Options of `once`. */
export interface OnceOptions {
  /**
   * Where uses are recorded. Exact if the list has `claim`, as all have but the one on KV. Make that one
   * once per isolate and not per request, because the isolate remembers uses by the list. Required.
   */
  list: RevocationList
  /**
   * The `ttl` that the token was made with, in whole seconds: the record is kept for so long. Default:
   * 400 days, the longest that a token can live.
   */
  ttl?: number
  /** When a call to the list is given up, in seconds. Default 2. */
  timeout?: number
  /** The clock, in milliseconds like `Date.now`, for tests. */
  now?: () => number
}

const REMEMBERED = 10_000

/** What this isolate has seen used, for lists that cannot decide between two uses at once. */
const memories = new WeakMap<RevocationList, BoundedMap<string, true>>()

/**
 * Resolves at the first use of a token and refuses every later one. Call it after `unseal` or
 * `verify`, so that only tokens of yours are recorded, and before anything is done; in a request that a
 * person makes on purpose, because programs that check mails open links too.
 *
 * Exact where the list has `claim`. On KV it is best effort: exact within an isolate, and elsewhere a
 * second use is refused once KV has shown the first there, after 60 s or more.
 *
 * Rejects with `SessionError`: `used`, and `revocation-unavailable` if the list cannot be asked or
 * told. The token may then count as used.
 *
 * @example
 * const { email } = await unseal<{ email: string }>(token, { keys, purpose: 'sign-in-link' })
 * await once(token, { list, ttl: 900 })
 */
export async function once(token: string, options: OnceOptions): Promise<void> {
  onlyMembers('the options of once', options, ['list', 'ttl', 'timeout', 'now'])
  const { list, ttl = LONGEST_LIFE, timeout = 2, now = systemClock } = options
  if (typeof list?.read !== 'function' || typeof list.write !== 'function') {
    throw new TypeError(
      `"list" must be a revocation list, such as kvRevocationList(env.REVOCATIONS); got ${kindOf(list)}`,
    )
  }
  assertOptional('now', now, 'function')
  const life = wholeSeconds('ttl', ttl, 1) * 1000 + CLOCK_TOLERANCE
  const wait = wholeSeconds('timeout', timeout, 1, 60) * 1000
  if (typeof token !== 'string') throw new SessionError('malformed', 'a token must be a string')
  const name = await digestOf(token)
  const isFirst = await (list.claim === undefined
    ? record(list, name, life, now(), wait)
    : withTimeout(list.claim(name, now() + life), wait).catch(unavailable))
  // An answer that is neither is not one to trust.
  if (isFirst !== true) throw new SessionError('used', 'the token has been used before')
}

/** Best effort, with a list that can only be read and written. */
async function record(
  list: RevocationList,
  name: string,
  life: number,
  now: number,
  wait: number,
): Promise<boolean> {
  const memory = memories.get(list) ?? new BoundedMap<string, true>(REMEMBERED)
  memories.set(list, memory)
  if (memory.has(name)) return false
  // Before the list is asked, so that of two uses at once one is refused.
  memory.set(name, true)
  const target = claimTarget(name)
  try {
    const [mark] = await withTimeout(list.read([target]), wait)
    if (mark !== undefined) return false
    await withTimeout(list.write(target, now, Math.ceil(life / 1000)), wait)
    return true
  } catch (cause) {
    memory.delete(name)
    return unavailable(cause)
  }
}

function unavailable(cause: unknown): never {
  const message = 'the revocation list failed, so that the token was not accepted'
  throw new SessionError('revocation-unavailable', message, { cause })
}

/** SHA-256 as base64url, of a text that is hashed nowhere else. */
const digestOf = async (token: string): Promise<string> =>
  encodeBase64url(await sha256(`sealed-session/once\0${token}`))
