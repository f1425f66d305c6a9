/**
 * Keeps the journal of a list with `changes` fresh: calls `changes` when the journal is too old, and
 * in the background before it is. The journal decides what an answer means.
 */

import type { RevocationChanges, RevocationList } from '../contracts/revocation-list.ts'
import { isWithin } from './age.ts'
import { RevocationJournal } from './journal.ts'
import { type Ending, endingOf, type Revocable } from './marks.ts'
import type { Reads } from './reads.ts'
import type { Report } from './revocation.ts'

/** The list and how it is asked. Durations are milliseconds. */
export interface ChangesConfig {
  readonly list: RevocationList
  readonly recheckAfter: number
  readonly now: () => number
  readonly report: Report
}

export class Changes {
  readonly #config: ChangesConfig
  readonly #reads: Reads
  readonly #journal = new RevocationJournal()
  /** When `changes` was last called, and when it last failed. */
  #asked = Number.NEGATIVE_INFINITY
  #failed = Number.NEGATIVE_INFINITY

  constructor(config: ChangesConfig, reads: Reads) {
    this.#config = config
    this.#reads = reads
  }

  /** When the list was last asked with success. */
  get checkedAt(): number | undefined {
    return this.#journal.checkedAt
  }

  /** Whether the journal has every mark recorded after a session was found good. */
  reaches(checkedAt: number | undefined): boolean {
    return this.#journal.reaches(checkedAt)
  }

  /** The mark in the journal that ends the session. */
  endingOf(session: Revocable): Ending | undefined {
    return endingOf(session, (target) => this.#journal.markOf(target))
  }

  /** Refreshes the journal if it is too old. Returns whether the journal can be used. */
  async refresh(): Promise<boolean> {
    const { recheckAfter } = this.#config
    if (this.#isWithin(recheckAfter, this.#failed)) return false
    if (!this.#isWithin(recheckAfter, this.#journal.checkedAt)) await this.#ask()
    return true
  }

  /** Refreshes the journal in the background before it is too old, so that no request has to wait. */
  refreshBeforeNeeded(): void {
    const half = this.#config.recheckAfter / 2
    const attempts = [this.#journal.checkedAt, this.#asked, this.#failed]
    if (attempts.some((at) => this.#isWithin(half, at))) return
    this.#ask().catch(() => {})
  }

  async #ask(): Promise<void> {
    await this.#reads.join('changes', async () => {
      const { list, now, recheckAfter, report } = this.#config
      const journal = this.#journal
      const question = journal.question(now())
      this.#asked = question.asked
      try {
        const answer = await list.changes?.(question.since, recheckAfter / 2)
        for (const scope of journal.take(question, answer as RevocationChanges, now())) {
          report({ type: 'revocation-unreadable', scope })
        }
      } catch (cause) {
        journal.reset()
        this.#failed = now()
        report({ type: 'revocation-changes', cause })
      }
    })
  }

  #isWithin(limit: number, instant: number | undefined): boolean {
    return isWithin(limit, instant, this.#config.now())
  }
}
