/** A list in memory that can say what has changed, with a clock that may be off; counts what it is asked. */

import { targetName } from '../../src/contracts/revocation-list.ts'
import type { RevocationChanges, RevocationList, RevocationTarget } from '../../src/index.ts'

interface Row {
  readonly target: RevocationTarget
  readonly mark: number
  readonly at: number
  readonly until: number
}

export class ListWithChanges implements RevocationList {
  readonly counted = { reads: 0, changes: 0, writes: 0 }
  /** How many seconds its clock is ahead of everybody else's. */
  clockIsOff = 0
  mostMarks = 50_000
  readonly #rows = new Map<string, Row>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  async read(targets: readonly RevocationTarget[]): Promise<(number | undefined)[]> {
    this.counted.reads++
    const now = this.#clock()
    return targets.map((target) => {
      const row = this.#rows.get(targetName(target))
      return row !== undefined && row.until > now ? row.mark : undefined
    })
  }

  async write(target: RevocationTarget, mark: number, seconds: number): Promise<void> {
    this.counted.writes++
    const at = this.#clock()
    const name = targetName(target)
    if (target.scope === 'since' && (this.#rows.get(name)?.mark ?? mark) > mark) return
    this.#rows.delete(name)
    this.#rows.set(name, { target, mark, at, until: at + seconds * 1_000 })
  }

  changes: (since: number, maxAge?: number) => Promise<RevocationChanges> = async (since) => {
    this.counted.changes++
    const now = this.#clock()
    const rows = [...this.#rows.values()]
    const recent = rows.filter(({ at }) => at >= since)
    const left = recent.at(-1 - this.mostMarks)
    const from = left === undefined ? since : left.at + 1
    const told = rows.filter(({ at, mark }) => at >= from || mark > now)
    return { now, from, marks: told.map(({ target, mark }) => [target, mark] as const) }
  }

  #clock(): number {
    return this.#now() + this.clockIsOff * 1_000
  }
}
