/** The name of a session at an identity provider, in our claims and in the revocation list. */

import { toBase64url } from '../seal/key-ring.ts'
import { assertSubject } from './claims.ts'

/** The first 132 bits of the SHA-256 of the two as JSON: a provider's long ids take no room. */
export async function externalName([issuer, sid]: readonly [string, string]): Promise<string> {
  assertSubject(issuer, 'an issuer')
  assertSubject(sid, 'its sid')
  const text = new TextEncoder().encode(JSON.stringify([issuer, sid]))
  return toBase64url(await crypto.subtle.digest('SHA-256', text)).slice(0, 22)
}
