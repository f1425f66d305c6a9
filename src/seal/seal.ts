/**
 * From a JSON value to a compact JWE and back (RFC 7516 section 7.1), under the sub-key of a use
 * and an hour. Knows nothing of cookies or sessions.
 */

import { base64url, compactDecrypt } from 'jose'
import { randomBytes } from '../lib/platform.ts'
import { hourOf, type KeyRing, type Use } from './key-ring.ts'
import {
  makeToken,
  readToken,
  type SealOptions,
  type TokenKind,
  type UnsealOptions,
} from './purpose.ts'
import { type Candidate, type SealedBy, TokenForm } from './token-form.ts'

/**
 * The form of a seal: no encrypted key, a 96-bit IV, the ciphertext, a 128-bit tag (RFC 7518 section
 * 5.3). `typ` holds the wire version. Raise it when a token of the old form must not be read as one of
 * the new form.
 */
export const SEALED: TokenForm<{ alg: 'dir'; enc: 'A256GCM'; typ: string }> = new TokenForm(
  { alg: 'dir', enc: 'A256GCM', typ: 'sealed-v2' },
  /^\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/,
)

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
  return makeToken(value, options, KIND)
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
  return readToken(token, options, KIND)
}

/**
 * Seals JSON text under the first key of the ring and the current hour, by the steps of RFC 7516
 * section 5.1 that are left for a direct key. Calling the platform's cipher here costs half of what
 * jose costs, and most requests seal once. Reading is left to jose, because tokens come from strangers.
 */
export async function sealJson(
  json: string,
  use: Use,
  [root]: KeyRing,
  now: number,
): Promise<SealedBy & { readonly token: string }> {
  const hour = hourOf(now)
  const header = SEALED.headerText({ root, hour })
  const iv = randomBytes(IV_BYTES)
  const cipher = { name: 'AES-GCM', iv, additionalData: encoder.encode(header) }
  const key = await root.for(use).at(hour)
  const sealed = new Uint8Array(await crypto.subtle.encrypt(cipher, key, encoder.encode(json)))
  const tag = sealed.length - TAG_BYTES
  const parts = [iv, sealed.subarray(0, tag), sealed.subarray(tag)].map(base64url.encode)
  return { token: `${header}..${parts.join('.')}`, root, hour }
}

const encoder = new TextEncoder()
const IV_BYTES = 12
const TAG_BYTES = 16

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

const KIND: TokenKind = { use: { kind: 'seal' }, noun: 'seal', form: SEALED, make: sealJson, open }
