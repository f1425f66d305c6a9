/** Decides which marks of a revocation list end a session. Pure decisions. */

import type { RevocationTarget } from '../contracts/revocation-list.ts'

/** The claims that decide whether a mark ends a session. */
export interface Revocable {
  readonly sid: string
  /**
   * The sid that the session began with. `regenerate` and `signOutOthers` change only the current
   * sid.
   */
  readonly family: string
  /** When the session began. Only a sign-in moves it. */
  readonly iat: number
  /** The last "sign out everywhere else" that this session survived. */
  readonly kept: number | undefined
  readonly subject: string | undefined
}

/** Looks up the mark of a target; `undefined` if nothing is recorded. */
export type MarkOf = (target: RevocationTarget) => number | undefined

/** The mark that ended a session, and its target. */
export interface Ending {
  readonly target: RevocationTarget
  readonly mark: number
}

/**
 * Every target whose mark could end a session, with the instant that the mark is compared with. Any
 * mark of a sid ends it.
 */
function threatsTo({ sid, family, iat, kept, subject }: Revocable): [RevocationTarget, number][] {
  const anyMark = Number.NEGATIVE_INFINITY
  const threats: [RevocationTarget, number][] = [
    [{ scope: 'session', sid: family }, anyMark],
    [{ scope: 'replaced', sid }, anyMark],
    [{ scope: 'all' }, iat],
  ]
  if (subject === undefined) return threats
  return [
    ...threats,
    [{ scope: 'subject', subject }, iat],
    [{ scope: 'since', subject }, iat],
    [{ scope: 'others', subject }, kept ?? iat],
  ]
}

/**
 * The entries that record a mark. The end of a family is written twice, so that a check of a session
 * that was never regenerated reads one key. They cannot be one key: "ended" and "replaced" are two
 * facts, each written once, and the later would hide the earlier. The second has the mark 0, because
 * nothing was replaced at that instant.
 */
export function entriesOf(
  target: RevocationTarget,
  mark: number,
): readonly (readonly [RevocationTarget, number])[] {
  if (target.scope !== 'session') return [[target, mark]]
  return [
    [target, mark],
    [{ scope: 'replaced', sid: target.sid }, 0],
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

/**
 * What has to be asked of the list. The end of a family stands under its first sid twice (`entriesOf`),
 * so a session that still has that sid is found by `replaced` alone.
 */
export const targetsOf = (session: Revocable): readonly RevocationTarget[] =>
  threatsTo(session)
    .map(([target]) => target)
    .filter(({ scope }) => scope !== 'session' || session.family !== session.sid)
