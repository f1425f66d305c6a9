/**
 * From a JSON value to a compact JWS and back (RFC 7515 section 7.1), under the sub-key of a purpose and an
 * hour: for values that a browser or another service may read but not change.
 */

import { CompactSign, compactVerify } from 'jose'
import { fromUtf8, toUtf8 } from '../lib/utf8.ts'
import { hourOf } from '../seal/key-ring.ts'
import {
  makeToken,
  readToken,
  type SealOptions,
  type TokenKind,
  type UnsealOptions,
} from '../seal/purpose.ts'
import { TokenForm } from '../seal/token-form.ts'

// The payload, and the 256 bits of HMAC-SHA-256 (RFC 7518 section 3.2).
const SIGNED = new TokenForm({ alg: 'HS256', typ: 'signed-v1' } as const, /^\.[\w-]+\.[\w-]{43}$/)

const KIND: TokenKind = {
  use: {
    kind: 'sign',
    algorithm: [{ name: 'HMAC', hash: 'SHA-256', length: 256 }, ['sign', 'verify']],
  },
  noun: 'signed value',
  form: SIGNED,

  async make(json, use, [root], now) {
    const by = { root, hour: hourOf(now) }
    const token = await new CompactSign(toUtf8(json))
      .setProtectedHeader(SIGNED.header(by))
      .sign(await root.for(use).at(by.hour))
    return { token }
  },

  async open({ token, use, root, hour, hours }) {
    const key = await root.for(use).at(hour, hours.oldest)
    try {
      const { payload } = await compactVerify(token, key, { algorithms: ['HS256'] })
      return fromUtf8(payload)
    } catch {
      return undefined
    }
  },
}

/**
 * Signs a JSON value for one purpose. Anyone who has the token can read the value and nobody without
 * the keys can change it; for a value that must stay secret use `seal`.
 *
 * The payload is the JSON object `{"exp": <seconds>, "v": <the value>}`, so that a browser reads the
 * value without a key, with jose as `decodeJwt(token).v`.
 *
 * Rejects with `SessionError`: `not-json` if JSON cannot represent the value exactly, and
 * `keys-unavailable`.
 *
 * @example
 * const token = await sign({ plan: 'pro' }, { keys, purpose: 'entitlement', ttl: 3_600 })
 */
export async function sign(value: unknown, options: SealOptions): Promise<string> {
  return makeToken(value, options, KIND)
}

/**
 * Checks a token that `sign` made, and gives its value.
 *
 * Rejects with `SessionError`: `malformed` (not a signed value), `unknown-key` (its key left the
 * ring), `invalid` (forged, or made for another purpose), `expired`, and `keys-unavailable`.
 *
 * @example
 * const { plan } = await verify<{ plan: string }>(token, { keys, purpose: 'entitlement' })
 */
export async function verify<T = unknown>(token: string, options: UnsealOptions): Promise<T> {
  return readToken(token, options, KIND)
}
