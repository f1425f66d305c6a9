/** Decides which marks of a revocation list end a session. Pure decisions. */

import type { Ending, Revocable, RevocationTarget } from '../contracts/revocation-list.ts'

/**
 * Every target whose mark could end a session, with the instant that the mark is compared with. Any
 * mark of a sid ends it.
 */
function threatsTo(session: Revocable): [RevocationTarget, number][] {
  const { sid, family, iat, kept, subject, external } = session
  const anyMark = Number.NEGATIVE_INFINITY
  const threats: [RevocationTarget, number][] = [
    [{ scope: 'session', sid: family }, anyMark],
    [{ scope: 'replaced', sid }, anyMark],
    [{ scope: 'all' }, iat],
  ]
  if (external !== undefined) threats.push([{ scope: 'external', session: external }, iat])
  if (subject === undefined) return threats
  return [
    ...threats,
    [{ scope: 'subject', subject }, iat],
    [{ scope: 'since', subject }, iat],
    [{ scope: 'others', subject }, kept ?? iat],
  ]
}

/**
 * The entries that record a mark. The end of a family has two, so that a check of a session that was
 * never regenerated reads one key. One key for both scopes would not do: a replaced sid written after
 * the end of its family would hide that end. The second entry has the mark 0, because no sid was
 * replaced at that instant.
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
 * The mark that ends a session, if there is one. `markOf` looks up what is recorded. A listed sid is
 * over for any mark; every other mark ends the sessions that began at or before it. A replaced sid
 * comes last, because it ends less than the others.
 */
export function endingOf(
  session: Revocable,
  markOf: (target: RevocationTarget) => number | undefined,
): Ending | undefined {
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
 * The targets to read. The end of a family has two entries under its first sid (`entriesOf`), so
 * `replaced` alone is enough for a session that still has that sid.
 */
export const targetsOf = (session: Revocable): readonly RevocationTarget[] =>
  threatsTo(session)
    .map(([target]) => target)
    .filter(({ scope }) => scope !== 'session' || session.family !== session.sid)
