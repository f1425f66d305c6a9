/**
 * A revocation list in memory for tests, with delay, stale answers and faults. It counts the calls.
 */

import {
  keepsFirst,
  keepsNewest,
  type RevocationChanges,
  type RevocationList,
  type RevocationTarget,
  targetName,
} from '../contracts/revocation-list.ts'
import { onlyMembers } from '../lib/check.ts'
import { ExpiringMap } from '../lib/expiring-map.ts'
import { systemClock } from '../lib/platform.ts'
import { journal } from '../revocation/journal.ts'

/**
 * What is wrong with a call: it rejects, it never settles, or it does what it was asked so many
 * seconds later.
 */
export type ListTrouble = 'fails' | 'hangs' | { readonly late: number }

/** Options of `TestRevocationList`. */
export interface TestRevocationListOptions {
  /** The clock, in milliseconds like `Date.now`. */
  now?: () => number
  /** Whether the list has `changes`, as the ones on Durable Objects have. Default `false`. */
  changes?: boolean
  /** Waits for a call that is late. Default: `setTimeout`, which fake timers can move. */
  sleep?: (milliseconds: number) => Promise<void>
}

interface Row {
  readonly target: RevocationTarget
  readonly mark: number
  readonly at: number
  readonly until: number
}

/**
 * A revocation list whose troubles a test switches on and off.
 *
 * @example
 * const list = new TestRevocationList({ now })
 * list.readTrouble = 'fails'
 */
export class TestRevocationList implements RevocationList {
  /** What is wrong with `read` and `changes` from now on. */
  readTrouble: ListTrouble | undefined
  /** What is wrong with `write` and `claim` from now on. */
  writeTrouble: ListTrouble | undefined
  /** How old the answers of `read` are, in seconds, as those of KV can be. */
  staleness = 0
  /** How many seconds its clock is ahead of the one that it was given. */
  clockIsOff = 0
  /** How many marks one answer of `changes` has at most. */
  mostMarks = 50_000
  /** How often these calls were made. */
  readonly counted: { reads: number; writes: number; changes: number } = {
    reads: 0,
    writes: 0,
    changes: 0,
  }
  changes?: NonNullable<RevocationList['changes']>
  readonly journal?: NonNullable<RevocationList['journal']>
  readonly #now: () => number
  readonly #sleep: (milliseconds: number) => Promise<void>
  /** All that was ever written, by name, in the order of arrival. */
  readonly #rows = new Map<string, Row[]>()
  /** What is recorded now, the last written last. */
  readonly #latest = new Map<string, Row>()
  readonly #claims: ExpiringMap<true>

  constructor(options: TestRevocationListOptions = {}) {
    onlyMembers('the options of TestRevocationList', options, ['now', 'changes', 'sleep'])
    const { now = systemClock, changes = false, sleep = realSleep } = options
    this.#now = () => now() + this.clockIsOff * 1000
    this.#sleep = sleep
    this.#claims = new ExpiringMap(this.#now)
    if (!changes) return
    this.changes = (since) => this.#changes(since)
    this.journal = journal
  }

  /** Every call has this trouble from now on; `undefined` ends all troubles. */
  set trouble(trouble: ListTrouble | undefined) {
    this.readTrouble = this.writeTrouble = trouble
  }

  async read(targets: readonly RevocationTarget[]): Promise<(number | undefined)[]> {
    this.counted.reads++
    await this.#suffer(this.readTrouble)
    const instant = this.#now() - this.staleness * 1000
    return targets.map((target) => {
      const row = this.#rows.get(targetName(target))?.findLast(({ at }) => at <= instant)
      return row !== undefined && row.until > instant ? row.mark : undefined
    })
  }

  async write(target: RevocationTarget, mark: number, seconds: number): Promise<void> {
    this.counted.writes++
    await this.#suffer(this.writeTrouble)
    const at = this.#now()
    const name = targetName(target)
    const known = this.#latest.get(name)
    if (keepsFirst(target) && known !== undefined && known.until > at) return
    if (keepsNewest(target) && (known?.mark ?? mark) > mark) return
    const row = { target, mark, at, until: at + seconds * 1000 }
    this.#rows.set(name, [...(this.#rows.get(name) ?? []), row])
    this.#latest.delete(name)
    this.#latest.set(name, row)
  }

  async claim(name: string, until: number): Promise<boolean> {
    await this.#suffer(this.writeTrouble)
    if (this.#claims.get(name)) return false
    this.#claims.set(name, true, until)
    return true
  }

  async #changes(since: number): Promise<RevocationChanges> {
    this.counted.changes++
    await this.#suffer(this.readTrouble)
    const now = this.#now()
    const rows = [...this.#latest.values()]
    const recent = rows.filter(({ at }) => at >= since)
    const leftOut = recent.at(-1 - this.mostMarks)
    const from = leftOut === undefined ? since : leftOut.at + 1
    const told = rows.filter(({ at, mark }) => at >= from || mark > now)
    return { now, from, marks: told.map(({ target, mark }) => [target, mark] as const) }
  }

  async #suffer(trouble: ListTrouble | undefined): Promise<void> {
    if (trouble === undefined) return
    if (trouble === 'fails') throw new Error('the test lets this call fail')
    if (trouble === 'hangs') return new Promise(() => {})
    await this.#sleep(trouble.late * 1000)
  }
}

const realSleep = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds)
  })
