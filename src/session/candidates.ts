/**
 * Chooses the session that counts among the cookies that opened. A request can carry several, and
 * an attacker who can plant a cookie must not get to choose. Pure decisions on claims.
 */

import { type ActivityClaims, notFromFuture, type SessionClaims } from './claims.ts'
import { type Timeouts, timedOut } from './timeouts.ts'
import type { EndReason } from './types.ts'

/** The claims to choose from. */
export interface Candidates {
  readonly sessions: readonly SessionClaims[]
  readonly activities: readonly ActivityClaims[]
  /** Why the other cookies did not open. */
  readonly refused: readonly EndReason[]
}

/** The facts that candidates are judged by. */
export interface Standard {
  readonly now: number
  readonly timeouts: Timeouts
  /** The audience that sessions of this request are bound to, if any. */
  readonly audience: string | undefined
}

/** The session that counts. It has not been checked for revocation yet. */
export interface Chosen {
  /** `act` is the later one of the two cookies. */
  readonly claims: SessionClaims
  readonly activity: ActivityClaims | undefined
}

// Reasons by how far a cookie got before it was refused. The cookie that got furthest gives the
// reason.
const PROGRESS: readonly EndReason[] = ['malformed', 'unknown-key', 'invalid', 'absolute', 'idle']

/**
 * The newest session that is not over, and of several cookies with one sid the latest write. If
 * there is none, the reason.
 */
export function chooseSession(
  { sessions, activities, refused }: Candidates,
  standard: Standard,
): Chosen | EndReason | undefined {
  const { now } = standard
  const reasons = new Set(refused)
  const known = activities.filter(({ act, chk, bound }) =>
    notFromFuture(now, act, chk, bound === true ? undefined : bound),
  )
  const newestFirst = [...sessions].sort((a, b) => b.iat - a.iat || b.act - a.act)
  for (const session of newestFirst) {
    const activity = latest(known.filter(({ sid }) => sid === session.sid))
    const claims = { ...session, act: Math.max(session.act, activity?.act ?? 0) }
    const reason = refusal(claims, session.act, standard)
    if (reason === undefined) return { claims, activity }
    reasons.add(reason)
  }
  return PROGRESS.findLast((reason) => reasons.has(reason))
}

/** Why a session is not honoured, without asking the revocation list. */
function refusal(
  claims: SessionClaims,
  sealedAct: number,
  { now, timeouts, audience }: Standard,
): EndReason | undefined {
  if (!notFromFuture(now, claims.iat, sealedAct, claims.kept)) return 'invalid'
  // A session without an audience began before the option was switched on. It counts until its
  // limit.
  const isBound = audience !== undefined && claims.audience !== undefined
  if (isBound && claims.audience !== audience) return 'invalid'
  return timedOut(claims, now, timeouts)
}

const latest = (activities: readonly ActivityClaims[]): ActivityClaims | undefined =>
  activities.reduce<ActivityClaims | undefined>(
    (last, next) => (last === undefined || next.act > last.act ? next : last),
    undefined,
  )
