/**
 * Of the cookies that came and opened, which session counts. Several can come: whoever can plant a
 * cookie must not choose. Pure decisions on claims.
 */

import { type ActivityClaims, notFromFuture, type SessionClaims } from './claims.ts'
import { type Timeouts, timedOut } from './timeouts.ts'
import type { EndReason } from './types.ts'

/** The session that counts, unless it was revoked. */
export interface Chosen {
  /** With the last activity that either cookie knows. */
  readonly claims: SessionClaims
  readonly activity: ActivityClaims | undefined
}

// How far a cookie got before it was refused: of several, the one that got furthest gives the reason.
const PROGRESS: readonly EndReason[] = ['malformed', 'unknown-key', 'invalid', 'absolute', 'idle']

/**
 * The newest session that is not over, within one sid its latest write; or why there is none.
 * `refused` are the reasons of those that did not open.
 */
export function chooseSession(
  sessions: readonly SessionClaims[],
  activities: readonly ActivityClaims[],
  refused: readonly EndReason[],
  now: number,
  timeouts: Timeouts,
): Chosen | EndReason | undefined {
  const reasons = new Set(refused)
  const known = activities.filter(({ act, chk }) => notFromFuture(now, act, chk))
  const newestFirst = [...sessions].sort((a, b) => b.iat - a.iat || b.act - a.act)
  for (const claims of newestFirst) {
    const activity = latest(known.filter(({ sid }) => sid === claims.sid))
    const act = Math.max(claims.act, activity?.act ?? 0)
    const reason = notFromFuture(now, claims.iat, claims.act, claims.kept)
      ? timedOut({ ...claims, act }, now, timeouts)
      : 'invalid'
    if (reason === undefined) return { claims: { ...claims, act }, activity }
    reasons.add(reason)
  }
  return PROGRESS.findLast((reason) => reasons.has(reason))
}

const latest = (activities: readonly ActivityClaims[]): ActivityClaims | undefined =>
  activities.reduce<ActivityClaims | undefined>(
    (last, next) => (last === undefined || next.act > last.act ? next : last),
    undefined,
  )
