/**
 * A request to what its cookies say: find them, open them, choose the session that counts, and check
 * that it was not ended before its time.
 */

import { SessionError } from '../lib/errors.ts'
import type { SealFault } from '../seal/seal.ts'
import { chooseSession } from './candidates.ts'
import type { Family, SessionClaims } from './claims.ts'
import type { Config } from './options.ts'
import type { EndReason } from './types.ts'

/** What came with a request. */
export interface Found {
  readonly session: FoundSession
  /** Of every session cookie that opened, also of those that are over: what a sign-out ends. */
  readonly families: readonly Family[]
  /** What a session that begins with this request is bound to. */
  readonly audience: string | undefined
}

/** Nothing that counts, a session, or one that could not be verified. */
export type FoundSession =
  | { readonly status: 'none'; readonly ended: EndReason | undefined }
  | {
      readonly status: 'live'
      /** With the last activity that either cookie knows. */
      readonly claims: SessionClaims
      readonly chk: number | undefined
      /** Whether the activity cookie is missing, or behind on the check. */
      readonly activityIsStale: boolean
      /** Whether the request counts as activity until the handler says otherwise. */
      readonly isActivity: boolean
    }
  | { readonly status: 'locked'; readonly error: SessionError }

/**
 * Never rejects for what a client sent. A cookie that is not honoured is no session, with a reason;
 * a list or keys that cannot be reached lock the session.
 */
export async function findSession(request: Request, config: Config): Promise<Found> {
  const { cookies, timeouts, revocation, report } = config
  const audience = config.audience(request)
  const none = (ended?: EndReason, families: readonly Family[] = []): Found => {
    if (ended !== undefined) report({ type: 'ended', reason: ended })
    return { session: { status: 'none', ended }, families, audience }
  }
  const locked = (error: SessionError, families: readonly Family[] = []): Found => ({
    session: { status: 'locked', error },
    families,
    audience,
  })

  const header = request.headers.get('Cookie') ?? ''
  if (!header.includes(`${cookies.session.name}=`)) return none()

  const ring = await config.ring().catch(unlessUnavailable)
  if (ring instanceof SessionError) return locked(ring)

  const now = config.now()
  const how = { ring, now, longest: timeouts.longest }
  const [opened, activities] = await Promise.all([
    cookies.session.open(header, how),
    cookies.activity.open(header, how),
  ])
  const families = familiesOf(opened.claims)
  const candidates = {
    sessions: opened.claims,
    activities: activities.claims,
    refused: opened.faults.map(toReason),
  }
  const chosen = chooseSession(candidates, { now, timeouts, audience })
  if (typeof chosen !== 'object') return none(chosen, families)

  const { claims, activity } = chosen
  const verdict = await revocation.check(claims, activity?.chk)
  if (verdict.status === 'revoked') return none('revoked', families)
  if (verdict.status === 'unavailable') return locked(verdict.error, families)

  const json = await config.accept(claims.json).catch(refusedBySchema)
  if (json === undefined) return none('data', families)
  const session: FoundSession = {
    status: 'live',
    claims: { ...claims, json },
    chk: verdict.checkedAt,
    activityIsStale: activity === undefined || activity.chk !== verdict.checkedAt,
    isActivity: config.isActivity(request),
  }
  return { session, families, audience }
}

const toReason = (fault: SealFault): EndReason => (fault === 'expired' ? 'absolute' : fault)

/** The families of some sessions, each once. Within one family all have the same limit. */
const familiesOf = (sessions: readonly SessionClaims[]): readonly Family[] => [
  ...new Map(sessions.map(({ family, limit }) => [family, { family, limit }])).values(),
]

function unlessUnavailable(error: unknown): SessionError {
  if (error instanceof SessionError && error.code === 'keys-unavailable') return error
  throw error
}

function refusedBySchema(error: unknown): undefined {
  if (!(error instanceof SessionError)) throw error
}
