/**
 * From a JSON value to a compact JWE and back (RFC 7516 section 7.1), under the sub-key of a use
 * and an hour. Knows nothing of cookies or sessions.
 */

import { decodeBase64url, encodeBase64url } from '../lib/base64url.ts'
import { randomBytes } from '../lib/platform.ts'
import { fromUtf8, toUtf8 } from '../lib/utf8.ts'
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
 * Seals JSON text under the first key of the ring and the current hour: the steps of RFC 7516 section
 * 5.1 that are left when the key is used directly (RFC 7518 section 4.5). They are here and not in
 * jose, because most requests seal once, and the code of jose costs as much time as the cipher.
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
  const key = await root.for(use).at(hour)
  const sealed = await crypto.subtle.encrypt(cipher(header, iv), key, toUtf8(json))
  const bytes = new Uint8Array(sealed)
  const tag = bytes.length - TAG_BYTES
  const parts = [iv, bytes.subarray(0, tag), bytes.subarray(tag)].map(encodeBase64url)
  return { token: `${header}..${parts.join('.')}`, root, hour }
}

/**
 * The JSON text in a token, or `undefined` if it was not sealed under this key for this use. The token
 * must have been recognized: its header is ours, and its parts are canonical (RFC 7516 section 5.2).
 */
export async function open(candidate: Candidate): Promise<string | undefined> {
  const { token, use, root, hour, hours } = candidate
  const key = await root.for(use).at(hour, hours.oldest)
  const [header = '', , iv = '', ciphertext = '', tag = ''] = token.split('.')
  try {
    const sealed = joined(decodeBase64url(ciphertext), decodeBase64url(tag))
    const plain = await crypto.subtle.decrypt(cipher(header, decodeBase64url(iv)), key, sealed)
    return fromUtf8(plain)
  } catch {
    return undefined
  }
}

const IV_BYTES = 12
const TAG_BYTES = 16

/** AES-GCM. Its tag also covers the header. */
const cipher = (header: string, iv: Uint8Array) => ({
  name: 'AES-GCM',
  iv: iv as Uint8Array<ArrayBuffer>,
  additionalData: toUtf8(header),
})

function joined(start: Uint8Array, end: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(start.length + end.length)
  all.set(start)
  all.set(end, start.length)
  return all
}

const KIND: TokenKind = { use: { kind: 'seal' }, noun: 'seal', form: SEALED, make: sealJson, open }
