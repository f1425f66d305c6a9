/**
 * What this isolate knows of revocations without asking the list: which targets it revoked or found
 * revoked, which sessions it found good, and which instants it assigned. Bounded, and gone with the
 * isolate.
 */

import {
  type Ending,
  type Revocable,
  type RevocationTarget,
  targetName,
} from '../contracts/revocation-list.ts'
import { LruMap } from '../lib/bounded-map.ts'
import { CLOCK_DIFFERENCE } from '../lib/limits.ts'
import { endingOf } from './marks.ts'

// The number of entries of each kind.
const REMEMBERED = 10_000
// One family must not push out the replaced sids of others, however often it regenerates.
const REPLACED_OF_ONE_FAMILY = 100

/** A mark, and whether this isolate has recorded it in the list. */
interface Known {
  readonly mark: number
  readonly recorded: boolean
}

/** Replaced sids of one family, oldest first. */
type Replaced = readonly { readonly sid: string; readonly known: Known }[]

export class RevocationMemory {
  readonly #now: () => number
  /** Marks that end a session for good. Kept apart, so that replaced sids cannot push them out. */
  readonly #marks = new LruMap<string, Known>(REMEMBERED)
  readonly #replaced = new LruMap<string, Replaced>(REMEMBERED, ({ length }) => length)
  readonly #good = new LruMap<string, number>(REMEMBERED)
  /** The latest instants assigned to new sessions: of each subject, and of all. */
  readonly #starts = new LruMap<string, number>(REMEMBERED)
  #latestStart = 0
  /** The next instant for a mark that a subject sets for itself. */
  readonly #ownMarks = new LruMap<string, number>(REMEMBERED)

  constructor(now: () => number) {
    this.#now = now
  }

  /** The mark known here that ended the session. */
  endingOf(session: Revocable): Ending | undefined {
    if (this.#marks.size === 0 && this.#replaced.size === 0) return undefined
    return endingOf(session, (target) => this.#find(target, session.family)?.mark)
  }

  /** Whether this isolate has recorded the end of the sid. */
  isRecorded(target: RevocationTarget, family?: string): boolean {
    return this.#find(target, family)?.recorded === true
  }

  /** Remembers a mark that is in the list. `family` is needed for the target of a sid only. */
  remember(target: RevocationTarget, mark: number, family?: string): void {
    this.#set(target, family, { mark, recorded: true })
  }

  /**
   * Ends the target's sessions in this isolate. The mark does not count as recorded in the
   * list.
   */
  endLocally(target: RevocationTarget, mark: number, family?: string): void {
    this.#set(target, family, { mark, recorded: false })
  }

  /** When the session was last found good. */
  checkedAt(sid: string): number | undefined {
    return this.#good.get(sid)
  }

  foundGood(sid: string, checkedAt: number): void {
    this.#good.set(sid, checkedAt)
  }

  /**
   * The start of a session that begins now: later than `mark` and than every known mark that could
   * end it.
   */
  nextStart(subject: string | undefined, mark = 0): number {
    const instant = Math.max(this.#now(), mark + 1, this.#afterMarksOf(subject))
    this.#latestStart = Math.max(this.#latestStart, instant)
    if (subject !== undefined) this.#starts.set(subject, instant)
    return instant
  }

  /**
   * The instant for an operator's mark that is set now: not before any session that the mark must
   * end, if this isolate began it, or another began it after a mark that is known here.
   */
  nextMark(target: RevocationTarget): number {
    if (!('subject' in target)) return Math.max(this.#now(), this.#latestStart)
    const { subject } = target
    return Math.max(this.#now(), this.#startOf(subject), this.#afterMarksOf(subject))
  }

  /**
   * The instant for a mark that a subject sets for itself now. It is also later than the previous
   * one, and at most a second later than it would be without it. If that is impossible, the result
   * is `undefined`, so that a subject that sets many marks cannot run ahead of the servers' clocks.
   */
  nextOwnMark(scope: 'since' | 'others', subject: string): number | undefined {
    // Covers sessions that a server with a fast clock began.
    const soonest = this.#now() + (scope === 'since' ? CLOCK_DIFFERENCE : 0)
    const next = this.#ownMarks.get(subject) ?? 0
    if (next > soonest + CLOCK_DIFFERENCE) return undefined
    const instant = Math.max(soonest, this.#startOf(subject), next)
    this.#ownMarks.set(subject, instant + 1)
    return instant
  }

  /** Later than every known mark that could end a session of the subject. */
  #afterMarksOf(subject: string | undefined): number {
    const targets: RevocationTarget[] = [{ scope: 'all' }]
    if (subject !== undefined) {
      const scopes = ['subject', 'since', 'others'] as const
      targets.push(...scopes.map((scope) => ({ scope, subject })))
    }
    const marks = targets.map((target) => this.#marks.get(targetName(target))?.mark ?? 0)
    return Math.max(...marks) + 1
  }

  #startOf(subject: string): number {
    return this.#starts.get(subject) ?? 0
  }

  #find(target: RevocationTarget, family?: string): Known | undefined {
    const known = this.#marks.get(targetName(target))
    const replaced = replacedIn(target, family)
    if (known !== undefined || replaced === undefined) return known
    return this.#replaced.get(replaced.family)?.find(({ sid }) => sid === replaced.sid)?.known
  }

  #set(target: RevocationTarget, family: string | undefined, known: Known): void {
    const before = this.#find(target, family)
    const after = {
      mark: Math.max(known.mark, before?.mark ?? known.mark),
      recorded: known.recorded || before?.recorded === true,
    }
    const replaced = replacedIn(target, family)
    if (replaced === undefined) {
      this.#marks.set(targetName(target), after)
      return
    }
    const { sid } = replaced
    const others = (this.#replaced.get(replaced.family) ?? []).filter((other) => other.sid !== sid)
    const kept = others.slice(1 - REPLACED_OF_ONE_FAMILY)
    this.#replaced.set(replaced.family, [...kept, { sid, known: after }])
  }
}

/**
 * The replaced sid that a target names, and its family. Not the sid that the family began with: that
 * one is kept like the end of the family.
 */
function replacedIn(
  target: RevocationTarget,
  family: string | undefined,
): { readonly sid: string; readonly family: string } | undefined {
  if (target.scope !== 'replaced' || family === undefined || target.sid === family) return undefined
  return { sid: target.sid, family }
}
