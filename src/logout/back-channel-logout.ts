/** The receiver of OpenID Connect Back-Channel Logout 1.0 (incorporating errata set 1). */

import { assertOptional, onlyMembers } from '../lib/check.ts'
import { isObject } from '../lib/json.ts'
import { answerTo, bodyOf } from './http.ts'
import { instantOf, type Revoker } from './revocation.ts'
import {
  PROVIDER_OPTIONS,
  type ProviderOptions,
  RefusedToken,
  type Verified,
  verifier,
} from './verify.ts'

/** Options of `backChannelLogout`. */
export interface BackChannelLogoutOptions extends ProviderOptions {
  /**
   * The subject of your sessions for a `sub` of the provider; `undefined` if there is none. Default:
   * the `sub` itself.
   */
  subjectOf?: (sub: string) => string | undefined | Promise<string | undefined>
  /**
   * End all sessions of the subject, even if the token names one session. Set it if your sign-ins do
   * not pass `external`. Default `false`.
   */
  wholeSubject?: boolean
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

// Section 2.4 recommends the type and does not require it, so plain JWTs are accepted: no ID token
// and no access token has the event. Section 2.6 recommends a life of at most two minutes.
const RULES = { types: ['logout+jwt', 'jwt', undefined], maxAge: 600 }

/**
 * Makes the handler of your `backchannel_logout_uri`. It verifies the logout token and ends the
 * sessions that it names: those of the provider's session (`signIn` with `external`), or all of the
 * subject that began before the token.
 *
 * It answers 200, 400 to a bad token, and 503 if the revocation could not be recorded or the
 * provider's keys could not be fetched, so that the provider can send the token again.
 *
 * @example
 * const logout = backChannelLogout({
 *   issuer: 'https://op.example',
 *   audience: 'my-client-id',
 *   jwks: 'https://op.example/jwks',
 * })
 * app.post('/backchannel-logout', (c) => logout(c.req.raw, c.var.sessionManager))
 */
export function backChannelLogout(
  options: BackChannelLogoutOptions,
): (request: Request, sessions: Revoker) => Promise<Response> {
  const members = [...PROVIDER_OPTIONS, 'subjectOf', 'wholeSubject']
  onlyMembers('the options of backChannelLogout', options, members)
  assertOptional('subjectOf', options.subjectOf, 'function')
  assertOptional('wholeSubject', options.wholeSubject, 'boolean')
  const { issuer, subjectOf = (sub) => sub, wholeSubject = false } = options
  const verify = verifier(options, RULES)

  async function end(claims: Verified, sessions: Revoker): Promise<void> {
    const { sub, sid } = claims
    const before = instantOf(undefined, claims)
    if (isText(sid) && !(wholeSubject && isText(sub))) {
      return sessions.revokeExternal([issuer, sid], { before })
    }
    const subject = isText(sub) ? await subjectOf(sub) : undefined
    if (subject !== undefined) await sessions.revokeSubject(subject, { before })
  }

  return (request, sessions) => {
    const work = async () => {
      const body = await bodyOf(request, 'application/x-www-form-urlencoded')
      const claims = await verify(new URLSearchParams(body).get('logout_token') ?? '')
      assertLogout(claims)
      await end(claims, sessions)
    }
    return answerTo(work, 200, (error_description) => ({
      error: 'invalid_request',
      error_description,
    }))
  }
}

/** The rules of section 2.6 that are about a logout token alone. */
function assertLogout({ events, nonce, sub, sid }: Verified): void {
  if (!isObject(events[EVENT])) throw new RefusedToken('the token is not about a logout')
  // An ID token of the same provider must not pass as a logout token.
  if (nonce !== undefined) throw new RefusedToken('a logout token has no nonce')
  if (!isText(sub) && !isText(sid)) throw new RefusedToken('the token has no sub and no sid')
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
