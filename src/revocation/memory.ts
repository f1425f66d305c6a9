/**
 * What this isolate knows of revocations without asking: what it revoked or found revoked, which
 * sessions it found good, and which instants it gave away. Bounded, and gone with the isolate.
 */

import { type RevocationTarget, targetName } from '../contracts/revocation-list.ts'
import { LruMap } from '../lib/bounded-map.ts'
import { CLOCK_DIFFERENCE } from '../lib/limits.ts'
import { type Ending, endingOf, type Revocable } from './marks.ts'

// How many of each kind.
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
  /** The latest instants given to sessions: of each subject, and of all. */
  readonly #starts = new LruMap<string, number>(REMEMBERED)
  #latestStart = 0
  /** The next instant for a mark that a subject makes for itself. */
  readonly #ownMarks = new LruMap<string, number>(REMEMBERED)

  constructor(now: () => number) {
    this.#now = now
  }

  /** What is known here to have ended the session. */
  endingOf(session: Revocable): Ending | undefined {
    if (this.#marks.size === 0 && this.#replaced.size === 0) return undefined
    return endingOf(session, (target) => this.#find(target, session.family)?.mark)
  }

  /** Whether this isolate has recorded the end of the sid. */
  isRecorded(target: RevocationTarget, family = ''): boolean {
    return this.#find(target, family)?.recorded === true
  }

  /** Remembers a mark that the list has. `family` is needed for a replaced sid only. */
  remember(target: RevocationTarget, mark: number, family = ''): void {
    this.#set(target, family, { mark, recorded: true })
  }

  /** Ends what the target names in this isolate, whether or not the list knows for how long. */
  endHere(target: RevocationTarget, mark: number, family = ''): void {
    this.#set(target, family, { mark, recorded: false })
  }

  /** When the session was last found good. */
  checkedAt(sid: string): number | undefined {
    return this.#good.get(sid)
  }

  foundGood(sid: string, checkedAt: number): void {
    this.#good.set(sid, checkedAt)
  }

  /** The instant for a session that begins now: later than `mark` and every known mark that could end it. */
  nextStart(subject: string | undefined, mark = 0): number {
    const targets: RevocationTarget[] = [{ scope: 'all' }]
    if (subject !== undefined) {
      const scopes = ['subject', 'since', 'others'] as const
      targets.push(...scopes.map((scope) => ({ scope, subject })))
    }
    const marks = targets.map((target) => this.#marks.get(targetName(target))?.mark ?? 0)
    const instant = Math.max(this.#now(), mark + 1, ...marks.map((known) => known + 1))
    this.#latestStart = Math.max(this.#latestStart, instant)
    if (subject !== undefined) this.#starts.set(subject, instant)
    return instant
  }

  /**
   * The instant for a mark that is made now: not before any session that this isolate began and that
   * the mark is to end. A mark that a subject makes for itself is later than the one before, and at
   * most a second ahead of what it would be otherwise; `undefined` when that is not to be had, so that
   * a subject which makes many cannot run ahead of the servers' clocks.
   */
  nextMark(target: RevocationTarget): number | undefined {
    const subject = 'subject' in target ? target.subject : undefined
    const start = subject === undefined ? this.#latestStart : (this.#starts.get(subject) ?? 0)
    // Also what a server began whose clock is ahead.
    const soonest = this.#now() + (target.scope === 'since' ? CLOCK_DIFFERENCE : 0)
    if (subject === undefined || target.scope === 'subject') return Math.max(soonest, start)
    const next = this.#ownMarks.get(subject) ?? 0
    if (next > soonest + CLOCK_DIFFERENCE) return undefined
    const instant = Math.max(soonest, start, next)
    this.#ownMarks.set(subject, instant + 1)
    return instant
  }

  #find(target: RevocationTarget, family: string): Known | undefined {
    if (!isPassing(target, family)) return this.#marks.get(targetName(target))
    return this.#replaced.get(family)?.find(({ sid }) => sid === target.sid)?.known
  }

  #set(target: RevocationTarget, family: string, known: Known): void {
    const before = this.#find(target, family)
    const after = {
      mark: Math.max(known.mark, before?.mark ?? known.mark),
      recorded: known.recorded || before?.recorded === true,
    }
    if (!isPassing(target, family)) {
      this.#marks.set(targetName(target), after)
      return
    }
    const others = (this.#replaced.get(family) ?? []).filter(({ sid }) => sid !== target.sid)
    const kept = others.slice(1 - REPLACED_OF_ONE_FAMILY)
    this.#replaced.set(family, [...kept, { sid: target.sid, known: after }])
  }
}

/** A replaced sid, unless the family began with it: then it counts like the end of the family. */
const isPassing = (
  target: RevocationTarget,
  family: string,
): target is Extract<RevocationTarget, { scope: 'replaced' }> =>
  target.scope === 'replaced' && target.sid !== family
