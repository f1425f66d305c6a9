/**
 * The receiver of security events by HTTP push (RFC 8935), as the Shared Signals Framework 1.0 sends
 * them: `session-revoked` and `credential-change` of CAEP 1.0.
 */

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

/** A subject identifier of RFC 9493: `format`, and members that depend on it. */
export type SubjectId = Readonly<Record<string, unknown>>

/** Options of `securityEvents`. */
export interface SecurityEventsOptions extends ProviderOptions {
  /**
   * The subject of your sessions for a subject identifier; `undefined` if there is none. Default: the
   * `sub` of an identifier `iss_sub` of the issuer.
   */
  subjectOf?: (id: SubjectId) => string | undefined | Promise<string | undefined>
}

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type'
const SESSION_REVOKED = `${CAEP}/session-revoked`
const CREDENTIAL_CHANGE = `${CAEP}/credential-change`

// RFC 8417 section 2.3 and SSF 1.0 require the type, and events have no `exp`. A transmitter sends an
// event again until it is acknowledged. An old one ends only sessions that are older.
const RULES = { types: ['secevent+jwt'], maxAge: 7 * 86_400 }

/**
 * Makes the handler of the endpoint that a transmitter pushes events to. `session-revoked` ends the
 * sessions of the user, or of one session at the provider. `credential-change` ends the sessions of
 * the user when a credential was changed, revoked or deleted. All other events are acknowledged.
 *
 * It answers 202, 400 to a bad event, and 503 if the revocation could not be recorded or the
 * transmitter's keys could not be fetched, so that the transmitter sends the event again.
 *
 * @example
 * const events = securityEvents({
 *   issuer: 'https://op.example',
 *   audience: 'https://app.example',
 *   jwks: 'https://op.example/jwks',
 * })
 * app.post('/events', (c) => events(c.req.raw, c.var.sessionManager))
 */
export function securityEvents(
  options: SecurityEventsOptions,
): (request: Request, sessions: Revoker) => Promise<Response> {
  onlyMembers('the options of securityEvents', options, [...PROVIDER_OPTIONS, 'subjectOf'])
  assertOptional('subjectOf', options.subjectOf, 'function')
  const { issuer, subjectOf = subOf(options.issuer) } = options
  const verify = verifier(options, RULES)

  async function endUser(id: unknown, before: Date, sessions: Revoker): Promise<void> {
    const subject = isObject(id) ? await subjectOf(id) : undefined
    if (subject !== undefined) await sessions.revokeSubject(subject, { before })
  }

  async function act(claims: Verified, sessions: Revoker): Promise<void> {
    const { [SESSION_REVOKED]: revoked, [CREDENTIAL_CHANGE]: change } = claims.events
    if (isObject(revoked)) {
      const { user, sid } = subjectOfEvent(revoked, claims)
      const before = instantOf(revoked.event_timestamp, claims)
      if (sid !== undefined) await sessions.revokeExternal([issuer, sid], { before })
      else await endUser(user, before, sessions)
    }
    // A new credential is no reason to distrust the sessions that there are.
    if (isObject(change) && change.change_type !== 'create') {
      const { user } = subjectOfEvent(change, claims)
      await endUser(user, instantOf(change.event_timestamp, claims), sessions)
    }
  }

  return (request, sessions) => {
    const work = async () => {
      const claims = await verify(await bodyOf(request, 'application/secevent+jwt'))
      await act(claims, sessions)
    }
    return answerTo(work, 202, (description) => ({ err: 'invalid_request', description }))
  }
}

/** The user and the session that an event is about. */
function subjectOfEvent(event: Record<string, unknown>, { sub_id }: Verified) {
  // Before SSF 1.0 the subject was a member of the event.
  const id = sub_id ?? event.subject
  if (!isObject(id)) throw new RefusedToken('the event has no subject')
  if (id.format !== 'complex') return { user: id, sid: undefined }
  const { user, session } = id
  const sid = isObject(session) && session.format === 'opaque' ? session.id : undefined
  return { user, sid: typeof sid === 'string' && sid !== '' ? sid : undefined }
}

const subOf =
  (issuer: string) =>
  ({ format, iss, sub }: SubjectId): string | undefined =>
    format === 'iss_sub' && iss === issuer && typeof sub === 'string' ? sub : undefined
