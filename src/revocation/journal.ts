/**
 * The journal of a list with `changes`. Calls `changes` when what it knows is too old, and in the
 * background before it is. `journal-marks.ts` decides what an answer means.
 */

import type {
  Ending,
  Journal,
  JournalHost,
  Revocable,
  RevocationChanges,
} from '../contracts/revocation-list.ts'
import { isWithin } from './age.ts'
import { JournalMarks } from './journal-marks.ts'
import { endingOf } from './marks.ts'

/**
 * A member of every list with `changes`: it keeps the marks of the last minutes in each isolate, so
 * that one answer of the list serves all sessions there.
 *
 * @example
 * const list = { ...myList, changes: myChanges, journal }
 */
export const journal = (host: JournalHost): Journal => new KeptJournal(host)

class KeptJournal implements Journal {
  readonly #host: JournalHost
  readonly #marks = new JournalMarks()
  /** When `changes` was last called, and when it last failed. */
  #asked = Number.NEGATIVE_INFINITY
  #failed = Number.NEGATIVE_INFINITY

  constructor(host: JournalHost) {
    this.#host = host
  }

  get checkedAt(): number | undefined {
    return this.#marks.checkedAt
  }

  reaches(checkedAt: number | undefined): boolean {
    return this.#marks.reaches(checkedAt)
  }

  endingOf(session: Revocable): Ending | undefined {
    return endingOf(session, (target) => this.#marks.markOf(target))
  }

  async refresh(): Promise<boolean> {
    const { recheckAfter } = this.#host
    if (this.#isWithin(recheckAfter, this.#failed)) return false
    if (!this.#isWithin(recheckAfter, this.#marks.checkedAt)) await this.#ask()
    return true
  }

  refreshBeforeNeeded(): void {
    const half = this.#host.recheckAfter / 2
    const attempts = [this.#marks.checkedAt, this.#asked, this.#failed]
    if (attempts.some((at) => this.#isWithin(half, at))) return
    this.#ask().catch(() => {})
  }

  async #ask(): Promise<void> {
    await this.#host.join('changes', async () => {
      const { list, now, recheckAfter, report } = this.#host
      const marks = this.#marks
      const question = marks.question(now())
      this.#asked = question.asked
      try {
        const answer = await list.changes?.(question.since, recheckAfter / 2)
        for (const scope of marks.take(question, answer as RevocationChanges, now())) {
          report({ type: 'revocation-unreadable', scope })
        }
      } catch (cause) {
        marks.reset()
        this.#failed = now()
        report({ type: 'revocation-changes', cause })
      }
    })
  }

  #isWithin(limit: number, instant: number | undefined): boolean {
    return isWithin(limit, instant, this.#host.now())
  }
}
