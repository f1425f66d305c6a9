/**
 * The marks recorded in the last minutes. Only a mark recorded after a session was found good can end
 * it, so one answer of the list serves every session of the isolate. Pure decisions; knows nothing
 * about how the list is asked.
 */

import {
  type RevocationChanges,
  type RevocationTarget,
  targetName,
} from '../contracts/revocation-list.ts'
import { CLOCK_TOLERANCE } from '../lib/limits.ts'

/** What to ask of the list. */
export interface JournalQuestion {
  readonly since: number
  /** When it is sent, by this isolate's clock. */
  readonly asked: number
  readonly order: number
}

type BanScope = Exclude<RevocationTarget, { sid: string }>['scope']

// How far back a fresh isolate asks, and how long a journal keeps marks.
const FIRST_REACH = 300_000
const LONGEST_REACH = 3_600_000
const MOST_MARKS = 50_000
// Answers overlap, because the list's clock can be set back a little.
const OVERLAP = 5_000
// A step of a clock that is longer than the overlap is noticed, although an answer takes up to 2 s.
const NOTICEABLE_STEP = 3_000
// A check has the time of another server's clock, `from` that of the list's: each can be off by the
// tolerance.
const MARGIN = 2 * CLOCK_TOLERANCE

export class JournalMarks {
  /** From when on it is complete, by the list's clock. */
  #from = Number.POSITIVE_INFINITY
  /** The list's clock at the last answer. */
  #listNow: number | undefined
  /** How far the list's clock was ahead of this one. */
  #ahead = 0
  #order = 0
  #lastTaken = 0
  #checkedAt: number | undefined
  /** Each with the list's clock when it came; the latest is last. */
  readonly #marks = new Map<string, readonly [mark: number, at: number]>()
  /** Marks further ahead than any server's clock. Each answer says which of them still stand. */
  #bans: ReadonlyMap<string, number> = new Map()

  /** When the list was last asked with success, by this isolate's clock. */
  get checkedAt(): number | undefined {
    return this.#checkedAt
  }

  /** The mark of a target, if it was recorded lately or lies ahead. */
  markOf(target: RevocationTarget): number | undefined {
    if (this.#marks.size + this.#bans.size === 0) return undefined
    const name = targetName(target)
    return this.#bans.get(name) ?? this.#marks.get(name)?.[0]
  }

  /** Whether the journal has every mark recorded after a session was found good. */
  reaches(checkedAt: number | undefined): boolean {
    return checkedAt !== undefined && checkedAt - MARGIN >= this.#from
  }

  question(now: number): JournalQuestion {
    const since = this.#listNow === undefined ? now - FIRST_REACH : this.#listNow - OVERLAP
    return { since, asked: now, order: ++this.#order }
  }

  /**
   * Takes the answer to a question. Throws a `TypeError`, and changes nothing, if the answer is wrong.
   * Returns the scopes of new marks that are not instants.
   */
  take(
    { since, asked, order }: JournalQuestion,
    changes: RevocationChanges,
    now: number,
  ): BanScope[] {
    const { now: listNow, from, marks, age = 0 } = changes
    // Negated, so that NaN is refused.
    if (!(age >= 0 && from <= listNow && Array.isArray(marks))) throw new TypeError(WRONG)
    const isInTime =
      listNow + age >= asked - CLOCK_TOLERANCE && listNow + age <= now + CLOCK_TOLERANCE
    if (!isInTime)
      throw new TypeError("the list's clock and this server's are more than a minute apart")
    const entries = marks.map(([target, mark]): [RevocationTarget, string, number] => {
      if (typeof mark !== 'number') throw new TypeError(WRONG)
      return [target, targetName(target), mark]
    })
    // The answer to a later question came first.
    if (order < this.#lastTaken) return []
    this.#lastTaken = order

    const bans = new Map<string, number>()
    const newBans: BanScope[] = []
    for (const [target, name, mark] of entries) {
      // It ends nothing, and is looked up by key.
      if (target.scope === 'bound') continue
      // Any mark ends a sid. NaN counts as a ban.
      if ('sid' in target || mark <= now + CLOCK_TOLERANCE) {
        this.#marks.delete(name)
        this.#marks.set(name, [mark, listNow])
        continue
      }
      bans.set(name, Number.POSITIVE_INFINITY)
      if (!this.#bans.has(name)) newBans.push(target.scope)
    }
    this.#bans = bans
    const ahead = listNow + age - asked
    const isGap = from > since || ahead < this.#ahead - NOTICEABLE_STEP
    this.#from = this.#listNow === undefined || isGap ? from : Math.min(this.#from, from)
    this.#ahead = ahead
    this.#listNow = listNow
    this.#checkedAt = asked - age
    this.#forget(listNow - LONGEST_REACH)
    return newBans
  }

  /** Starts again, after a wrong answer. */
  reset(): void {
    this.#from = Number.POSITIVE_INFINITY
    this.#listNow = this.#checkedAt = undefined
    this.#bans = new Map()
  }

  /** Drops the marks that came before `horizon`, and more if there are too many. */
  #forget(horizon: number): void {
    for (const [name, [, at]] of this.#marks) {
      if (at >= horizon && this.#marks.size <= MOST_MARKS) return
      this.#marks.delete(name)
      this.#from = Math.max(this.#from, at + 1)
    }
  }
}

const WRONG = 'the list answered to "changes" with something else'
