/**
 * From a JSON value to a compact JWE and back (RFC 7516 section 7.1), under the sub-key of a use
 * and an hour. Knows nothing of cookies or sessions.
 *
 * The first part of a token must be, byte for byte, the header that we would write for its `kid`.
 * So a sender can choose nothing: no other algorithm, compression, critical header or serialization
 * is ever considered (RFC 8725 sections 3.1 and 3.2).
 */

import { CompactEncrypt, compactDecrypt } from 'jose'
import { BoundedMap, detached } from '../lib/bounded-map.ts'
import { assertOptional, onlyMembers, wholeSeconds } from '../lib/check.ts'
import { SessionError, type SessionErrorCode } from '../lib/errors.ts'
import { toJson } from '../lib/json.ts'
import { LONGEST_LIFE } from '../lib/limits.ts'
import { systemClock } from '../lib/platform.ts'
import { hourOf, type KeyRing, type Keys, keyRing, type RootKey, type Use } from './key-ring.ts'

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

/** Why a token was not opened. */
export type SealFault = Extract<
  SessionErrorCode,
  'malformed' | 'unknown-key' | 'invalid' | 'expired'
>

/** The range of hours whose sub-keys are accepted at an instant. */
export interface Hours {
  readonly oldest: number
  readonly newest: number
}

/** The key and the hour that a token was sealed under. */
export interface SealedBy {
  readonly root: RootKey
  readonly hour: number
}

/** A token that has the form of a seal, with the key, use and hours to open it. */
export interface Candidate extends SealedBy {
  readonly token: string
  readonly use: Use
  readonly hours: Hours
}

// `typ` holds the wire version. Raise it when a token of the old form must not be read as one of
// the new form.
const headerOf = (kid: string) => ({ alg: 'dir', enc: 'A256GCM', typ: 'sealed-v2', kid }) as const
const HEADER =
  /^\{"alg":"dir","enc":"A256GCM","typ":"sealed-v2","kid":"([\w-]{8})\.([1-9]\d{4,6})"\}$/
const LONGEST_HEADER = 100
// A 96-bit IV and a 128-bit tag (RFC 7518 section 5.3) in base64url.
const IV_LENGTH = 16
const TAG_LENGTH = 22

/**
 * Seals a JSON value for one purpose: a sign-in link, an invitation, a cursor.
 *
 * Rejects with `SessionError`: `not-json` if JSON cannot represent the value exactly, and
 * `keys-unavailable`.
 *
 * @example
 * const token = await seal({ email }, { keys, purpose: 'sign-in-link', ttl: 900 })
 */
export async function seal(value: unknown, options: SealOptions): Promise<string> {
  const { use, ring, now } = readOptions(options)
  const ttl = wholeSeconds('ttl', options.ttl, 1)
  const exp = (now + ttl * 1000) / 1000
  const json = `{"exp":${exp},"v":${toJson(value, 'value')}}`
  return (await sealJson(json, use, await ring(), now)).token
}

/**
 * Opens a token that `seal` made.
 *
 * Rejects with `SessionError`: `malformed` (not a seal), `unknown-key` (its key left the ring),
 * `invalid` (forged, or made for another purpose), `expired`, and `keys-unavailable`.
 *
 * @example
 * const { email } = await unseal<{ email: string }>(token, { keys, purpose: 'sign-in-link' })
 */
export async function unseal<T = unknown>(token: string, options: UnsealOptions): Promise<T> {
  const { use, ring, now } = readOptions(options)
  const candidate = identify(token, use, await ring(), hoursUntil(now, LONGEST_LIFE * 1000))
  if (typeof candidate === 'string') throw refusal(candidate)
  const sealed = (await open(candidate)) as { exp?: unknown; v?: T } | undefined
  if (typeof sealed?.exp !== 'number' || sealed.v === undefined) throw refusal('invalid')
  if (now >= Math.round(sealed.exp * 1000)) throw refusal('expired')
  return sealed.v
}

function readOptions(options: UnsealOptions) {
  onlyMembers('the options of a seal', options, ['keys', 'purpose', 'ttl', 'now'])
  const { keys, purpose, now = systemClock } = options
  if (typeof purpose !== 'string' || !/^[a-z0-9-]{1,64}$/.test(purpose)) {
    throw new TypeError('"purpose" must be 1 to 64 of the characters a-z, 0-9 and "-"')
  }
  assertOptional('now', now, 'function')
  const use: Use = { kind: 'seal', name: purpose }
  return { use, ring: keyRing(keys, now), now: now() }
}

const REFUSALS: Record<SealFault, string> = {
  malformed: 'the token does not have the form of a seal',
  'unknown-key': 'the token was sealed under a key that is not in the ring',
  invalid: 'the token was forged or damaged, or sealed for another purpose',
  expired: 'the token is past its ttl',
}

const refusal = (fault: SealFault) => new SessionError(fault, REFUSALS[fault])

/**
 * The hours that can have sealed a token that lives at most `life` ms. Clocks can differ by an
 * hour.
 */
export const hoursUntil = (now: number, life: number): Hours => ({
  oldest: hourOf(now - life),
  newest: hourOf(now) + 1,
})

/** Seals JSON text under the first key of the ring and the current hour. */
export async function sealJson(
  json: string,
  use: Use,
  ring: KeyRing,
  now: number,
): Promise<SealedBy & { readonly token: string }> {
  const [root] = ring
  const hour = hourOf(now)
  const token = await new CompactEncrypt(new TextEncoder().encode(json))
    .setProtectedHeader(headerOf(`${root.id}.${hour}`))
    .encrypt(await root.for(use).at(hour))
  return { token, root, hour }
}

/**
 * Recognizes a token by its form alone, before anything is derived or decrypted, because the sender
 * chooses the `kid` (RFC 8725 section 3.10).
 */
export function identify(
  token: unknown,
  use: Use,
  ring: KeyRing,
  hours: Hours,
): Candidate | SealFault {
  if (typeof token !== 'string') return 'malformed'
  const kid = readHeader(token.slice(0, token.indexOf('.')))
  if (kid === undefined) return 'malformed'
  const { id, hour } = kid
  const root = ring.find((one) => one.id === id)
  if (!hasForm(token)) return 'malformed'
  if (root === undefined) return 'unknown-key'
  if (hour > hours.newest) return 'invalid'
  if (hour < hours.oldest) return 'expired'
  return { token, use, root, hour, hours }
}

function hasForm(token: string): boolean {
  const [, key, iv = '', ciphertext = '', tag = '', ...more] = token.split('.', 6)
  const isForm = key === '' && more.length === 0 && iv.length === IV_LENGTH
  return isForm && tag.length === TAG_LENGTH && [iv, ciphertext, tag].every(isCanonical)
}

/** The two parts of a `kid`. */
interface Kid {
  readonly id: string
  readonly hour: number
}

// All seals of a key and an hour share one header, and a look-up is cheaper than parsing.
const kids = new BoundedMap<string, Kid>(100)

/**
 * The `kid` of a header that is ours byte for byte. `atob` is used because a text decoder would
 * drop a byte order mark.
 */
function readHeader(header: string): Kid | undefined {
  const known = kids.get(header)
  if (known !== undefined) return known
  if (header.length > LONGEST_HEADER || !isCanonical(header)) return undefined
  const text = atob(header.replaceAll('-', '+').replaceAll('_', '/'))
  const [, id, digits] = HEADER.exec(text) ?? []
  if (id === undefined) return undefined
  const kid = { id, hour: Number(digits) }
  kids.set(detached(header), kid)
  return kid
}

/**
 * Whether text is base64url as an encoder writes it. Decoders ignore the unused bits of the last
 * character, so without this check several tokens would open to one value.
 */
function isCanonical(text: string): boolean {
  if (!/^[\w-]+$/.test(text)) return false
  const left = text.length % 4
  if (left === 0) return true
  return left === 2 ? /[AQgw]$/.test(text) : left === 3 && /[AEIMQUYcgkosw048]$/.test(text)
}

/** The content of a token, or `undefined` if it was not sealed under this key for this use. */
export async function open({ token, use, root, hour, hours }: Candidate): Promise<unknown> {
  const key = await root.for(use).at(hour, hours.oldest)
  try {
    const { plaintext } = await compactDecrypt(token, key, DECRYPT)
    return JSON.parse(new TextDecoder().decode(plaintext))
  } catch {
    return undefined
  }
}

const DECRYPT = {
  keyManagementAlgorithms: ['dir'],
  contentEncryptionAlgorithms: ['A256GCM'],
  maxDecompressedLength: 0,
}
