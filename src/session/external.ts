/** Names a session at an identity provider: in the claims of our session, and in the revocation list. */

import { toBase64url } from '../seal/key-ring.ts'
import { assertSubject } from './claims.ts'

/** 128 bits of the SHA-256 of the two, so that a provider's long ids take no room in the cookie. */
export async function externalName([issuer, sid]: readonly [string, string]): Promise<string> {
  assertSubject(issuer, 'the issuer')
  assertSubject(sid, 'the sid of the provider')
  const text = new TextEncoder().encode(JSON.stringify([issuer, sid]))
  return toBase64url(await crypto.subtle.digest('SHA-256', text)).slice(0, 22)
}
