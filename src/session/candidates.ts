/**
 * Of the cookies that came and opened, which session counts. Several can come, and somebody who can
 * plant a cookie must not choose. Pure decisions on claims.
 */

import { type ActivityClaims, notFromFuture, type SessionClaims } from './claims.ts'
import { type Timeouts, timedOut } from './timeouts.ts'
import type { EndReason } from './types.ts'

/** What is decided on. */
export interface Candidates {
  readonly sessions: readonly SessionClaims[]
  readonly activities: readonly ActivityClaims[]
  /** Why others did not open. */
  readonly refused: readonly EndReason[]
}

/** What candidates are judged by. */
export interface Standard {
  readonly now: number
  readonly timeouts: Timeouts
  /** What sessions of this request are bound to, if to anything. */
  readonly audience: string | undefined
}

/** The session that counts, unless it was revoked. */
export interface Chosen {
  /** With the last activity that either cookie knows. */
  readonly claims: SessionClaims
  readonly activity: ActivityClaims | undefined
}

// How far a cookie got before it was refused: of several, the one that got furthest gives the reason.
const PROGRESS: readonly EndReason[] = ['malformed', 'unknown-key', 'invalid', 'absolute', 'idle']

/** The newest session that is not over, within one sid its latest write; or why there is none. */
export function chooseSession(
  { sessions, activities, refused }: Candidates,
  standard: Standard,
): Chosen | EndReason | undefined {
  const { now } = standard
  const reasons = new Set(refused)
  const known = activities.filter(({ act, chk }) => notFromFuture(now, act, chk))
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

/** Why a session is not honoured, whatever the revocation list says. */
function refusal(
  claims: SessionClaims,
  sealedAct: number,
  { now, timeouts, audience }: Standard,
): EndReason | undefined {
  if (!notFromFuture(now, claims.iat, sealedAct, claims.kept)) return 'invalid'
  // One that is bound to nothing began before the option was switched on: it counts until its limit.
  const isBound = audience !== undefined && claims.audience !== undefined
  if (isBound && claims.audience !== audience) return 'invalid'
  return timedOut(claims, now, timeouts)
}

const latest = (activities: readonly ActivityClaims[]): ActivityClaims | undefined =>
  activities.reduce<ActivityClaims | undefined>(
    (last, next) => (last === undefined || next.act > last.act ? next : last),
    undefined,
  )
