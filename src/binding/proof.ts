/**
 * The proof of a browser that it holds a key: a JWS with the challenge as its `jti` (DBSC, "DBSC
 * Proof JWTs"). Knows nothing of sessions, and does not judge the challenge.
 */

import { type CompactJWSHeaderParameters, compactVerify, importJWK } from 'jose'
import { decodeBase64url, encodeBase64url } from '../lib/base64url.ts'
import { fromUtf8 } from '../lib/utf8.ts'
import type { PublicKey } from './claims.ts'

/** A proof whose signature is good. */
export interface VerifiedProof {
  readonly challenge: string
  readonly key: PublicKey
}

// Far longer than what browsers send.
const LONGEST_PROOF = 4_096

/**
 * Verifies a proof with the key of the session or, at registration, with the key in its own header.
 * `undefined` for whatever is no good proof.
 */
export async function verifyProof(
  proof: string,
  key?: PublicKey,
): Promise<VerifiedProof | undefined> {
  if (proof.length > LONGEST_PROOF) return undefined
  let used: PublicKey | undefined
  const keyOf = (header: CompactJWSHeaderParameters) => {
    used = key ?? publicKeyOf(header)
    return importJWK({ kty: 'EC', crv: 'P-256', ...used }, 'ES256')
  }
  try {
    const { payload, protectedHeader } = await compactVerify(proof, keyOf, ES256)
    const { jti } = JSON.parse(fromUtf8(payload)) as { jti?: unknown }
    const isProof = protectedHeader.typ === 'dbsc+jwt' && typeof jti === 'string'
    return isProof && used !== undefined ? { challenge: jti, key: used } : undefined
  } catch {
    return undefined
  }
}

/** One algorithm, whatever the header says (RFC 8725 section 3.1). */
const ES256 = { algorithms: ['ES256'] }

/** The two coordinates only, because a header can hold anything, also a private key. */
function publicKeyOf({ jwk }: CompactJWSHeaderParameters): PublicKey {
  const { x = '', y = '' } = jwk ?? {}
  if (!isCoordinate(x) || !isCoordinate(y)) throw new TypeError('no public key of P-256')
  return { x, y }
}

/** As an encoder writes it, so that one key has one form. */
const isCoordinate = (text: unknown): boolean =>
  typeof text === 'string' && encodeBase64url(decodeBase64url(text)) === text
