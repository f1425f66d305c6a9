/** The name of a session at an identity provider, in our claims and in the revocation list. */

import { encodeBase64url } from '../lib/base64url.ts'
import { sha256 } from '../lib/utf8.ts'
import { assertSubject } from './claims.ts'

/** The first 132 bits of the SHA-256 of the two as JSON: a provider's long ids take no room. */
export async function externalName([issuer, sid]: readonly [string, string]): Promise<string> {
  assertSubject(issuer, 'an issuer')
  assertSubject(sid, 'its sid')
  return encodeBase64url(await sha256(JSON.stringify([issuer, sid]))).slice(0, 22)
}
