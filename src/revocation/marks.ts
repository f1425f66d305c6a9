/** Which marks of a revocation list end a session. Pure decisions. */

import type { RevocationTarget } from '../contracts/revocation-list.ts'

/** What decides whether a mark ends a session. */
export interface Revocable {
  readonly sid: string
  /** The sid that the session began with: `regenerate` and `signOutOthers` change the sid only. */
  readonly family: string
  /** When the session began. Only a sign-in moves it. */
  readonly iat: number
  /** The last "sign out everywhere else" that this session survived. */
  readonly kept: number | undefined
  readonly subject: string | undefined
}

/** Looks up the mark of a target; `undefined` where nothing is recorded. */
export type MarkOf = (target: RevocationTarget) => number | undefined

/** What ended a session. */
export interface Ending {
  readonly target: RevocationTarget
  readonly mark: number
}

/** Everything that could end a session, and the instant that a mark is compared with. A sid needs none. */
function threatsTo({ sid, family, iat, kept, subject }: Revocable): [RevocationTarget, number][] {
  const whatever = Number.NEGATIVE_INFINITY
  const threats: [RevocationTarget, number][] = [
    [{ scope: 'session', sid }, whatever],
    [{ scope: 'replaced', sid }, whatever],
    [{ scope: 'all' }, iat],
  ]
  if (family !== sid) threats.push([{ scope: 'session', sid: family }, whatever])
  if (subject === undefined) return threats
  return [
    ...threats,
    [{ scope: 'subject', subject }, iat],
    [{ scope: 'since', subject }, iat],
    [{ scope: 'others', subject }, kept ?? iat],
  ]
}

/**
 * The mark that ends a session, if one does: a listed sid is over whatever its mark says; any other
 * mark ends what began at or before it. A replaced sid comes last, because less is over with it.
 */
export function endingOf(session: Revocable, markOf: MarkOf): Ending | undefined {
  let replaced: Ending | undefined
  for (const [target, instant] of threatsTo(session)) {
    const mark = markOf(target)
    if (mark === undefined || mark < instant) continue
    if (target.scope !== 'replaced') return { target, mark }
    replaced = { target, mark }
  }
  return replaced
}

/** Everything that could end a session. */
export const targetsOf = (session: Revocable): readonly RevocationTarget[] =>
  threatsTo(session).map(([target]) => target)
