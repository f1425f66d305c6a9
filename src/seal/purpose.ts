/**
 * Tokens that an app makes for one purpose and a time: options, the payload with its expiry, errors.
 * `seal` and `sign` differ only in how the payload becomes a token.
 */

import { assertOptional, onlyMembers, wholeSeconds } from '../lib/check.ts'
import { SessionError } from '../lib/errors.ts'
import { parseObject, toJson } from '../lib/json.ts'
import { LONGEST_LIFE } from '../lib/limits.ts'
import { systemClock } from '../lib/platform.ts'
import { type KeyRing, type Keys, keyRing, type Use } from './key-ring.ts'
import { type Candidate, hoursUntil, type SealFault, type TokenForm } from './token-form.ts'

/** Options of `unseal`. */
export interface UnsealOptions {
  /** The key ring. Required. */
  keys: Keys
  /**
   * The purpose of the value, `[a-z0-9-]{1,64}`. A seal opens only for the purpose that it was made
   * for. Required.
   */
  purpose: string
  /** The clock, in milliseconds like `Date.now`, for tests. */
  now?: () => number
}

/** Options of `seal`. */
export interface SealOptions extends UnsealOptions {
  /** How long the seal can be opened, in whole seconds, at most 400 days. Required. */
  ttl: number
}

/** How a payload becomes a token, and back. */
export interface TokenKind {
  readonly use: Omit<Use, 'name'>
  /** What a token is called in a message. */
  readonly noun: string
  readonly form: TokenForm<object>
  make(json: string, use: Use, ring: KeyRing, now: number): Promise<{ readonly token: string }>
  /** The payload as JSON, or `undefined` for a token that was not made under this key for this use. */
  open(candidate: Candidate): Promise<string | undefined>
}

/** The token of a value. Rejects with `not-json` and `keys-unavailable`. */
export async function makeToken(
  value: unknown,
  options: SealOptions,
  kind: TokenKind,
): Promise<string> {
  const { use, ring, now } = readOptions(options, kind)
  const ttl = wholeSeconds('ttl', options.ttl, 1)
  const exp = (now + ttl * 1000) / 1000
  const json = `{"exp":${exp},"v":${toJson(value, 'value')}}`
  return (await kind.make(json, use, await ring(), now)).token
}

/** The value of a token. Rejects with a `SealFault` and `keys-unavailable`. */
export async function readToken<T>(
  token: string,
  options: UnsealOptions,
  kind: TokenKind,
): Promise<T> {
  const { use, ring, now } = readOptions(options, kind)
  const hours = hoursUntil(now, LONGEST_LIFE * 1000)
  const candidate = kind.form.identify(token, use, await ring(), hours)
  if (typeof candidate === 'string') throw refusal(candidate, kind)
  const { exp, v } = parseObject((await kind.open(candidate)) ?? '') ?? {}
  if (typeof exp !== 'number' || v === undefined) throw refusal('invalid', kind)
  if (now >= Math.round(exp * 1000)) throw refusal('expired', kind)
  return v as T
}

function readOptions(options: UnsealOptions, { use, noun }: TokenKind) {
  onlyMembers(`the options of a ${noun}`, options, ['keys', 'purpose', 'ttl', 'now'])
  const { keys, purpose, now = systemClock } = options
  if (typeof purpose !== 'string' || !/^[a-z0-9-]{1,64}$/.test(purpose)) {
    throw new TypeError('"purpose" must be 1 to 64 of the characters a-z, 0-9 and "-"')
  }
  assertOptional('now', now, 'function')
  return { use: { ...use, name: purpose }, ring: keyRing(keys, now), now: now() }
}

const REFUSALS: Record<SealFault, (noun: string) => string> = {
  malformed: (noun) => `the token does not have the form of a ${noun}`,
  'unknown-key': () => 'the token was made under a key that is not in the ring',
  invalid: () => 'the token was forged or damaged, or made for another purpose',
  expired: () => 'the token is past its ttl',
}

const refusal = (fault: SealFault, { noun }: TokenKind) =>
  new SessionError(fault, REFUSALS[fault](noun))
