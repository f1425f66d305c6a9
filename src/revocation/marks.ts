/** Which marks of a revocation list end a session. Pure decisions. */

import { type RevocationTarget, targetName } from '../contracts/revocation-list.ts'

/** What decides whether a mark ends a session. */
export interface Revocable {
  readonly sid: string
  readonly family: string
  readonly iat: number
  readonly kept: number | undefined
  readonly subject: string | undefined
}

/** A mark ends what began at or before it; a listed sid is ended whatever its mark says. */
export function isRevoked(
  { sid, family, iat, kept, subject }: Revocable,
  marks: ReadonlyMap<string, number>,
): boolean {
  if (marks.size === 0) return false
  const mark = (target: RevocationTarget) =>
    marks.get(targetName(target)) ?? Number.NEGATIVE_INFINITY
  if (sidsOf({ sid, family }).some((target) => marks.has(targetName(target)))) return true
  if (iat <= mark({ scope: 'all' })) return true
  if (subject === undefined) return false
  return (
    iat <= mark({ scope: 'subject', subject }) ||
    (kept ?? iat) <= mark({ scope: 'others', subject })
  )
}

function sidsOf({ sid, family }: Pick<Revocable, 'sid' | 'family'>): readonly RevocationTarget[] {
  const own: RevocationTarget[] = [
    { scope: 'session', sid },
    { scope: 'replaced', sid },
  ]
  return family === sid ? own : [...own, { scope: 'session', sid: family }]
}

/** Everything that could end a session. */
export function targetsOf(session: Revocable): readonly RevocationTarget[] {
  const { subject } = session
  const targets: RevocationTarget[] = [...sidsOf(session), { scope: 'all' }]
  if (subject === undefined) return targets
  return [...targets, { scope: 'subject', subject }, { scope: 'others', subject }]
}
