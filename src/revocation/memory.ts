/**
 * What this isolate knows of revocations without asking: what it revoked, what it found revoked,
 * and which sessions it found good. Bounded, and gone with the isolate.
 */

import { type RevocationTarget, targetName } from '../contracts/revocation-list.ts'
import { LruMap } from '../lib/bounded-map.ts'
import { isRevoked, type Revocable } from './marks.ts'

// How many of each kind.
const REMEMBERED = 10_000

export class RevocationMemory {
  readonly #now: () => number
  readonly #marks = new LruMap<string, number>(REMEMBERED)
  readonly #good = new LruMap<string, number>(REMEMBERED)
  /** The latest instant given to a session or a mark. */
  #latest = 0

  constructor(now: () => number) {
    this.#now = now
  }

  isRevoked(session: Revocable): boolean {
    return isRevoked(session, this.#marks)
  }

  /** Whether this isolate has recorded the target. */
  isRecorded(target: RevocationTarget): boolean {
    return (this.#marks.get(targetName(target)) ?? 0) > 0
  }

  /** Remembers a mark that the list has. */
  remember(target: RevocationTarget, mark: number): void {
    const name = targetName(target)
    this.#marks.set(name, Math.max(mark, this.#marks.get(name) ?? mark))
  }

  /** Ends a sid here, with nothing known of the list: for a sid any mark will do, and 0 is none that we write. */
  endHere(target: RevocationTarget): void {
    this.remember(target, 0)
  }

  /** When the session was last found good. */
  checkedAt(sid: string): number | undefined {
    return this.#good.get(sid)
  }

  foundGood(sid: string, checkedAt: number): void {
    this.#good.set(sid, checkedAt)
  }

  /** When a session that begins now begins: later than every mark known that could end it. */
  start(subject: string | undefined): number {
    const targets: RevocationTarget[] = [{ scope: 'all' }]
    if (subject !== undefined) {
      targets.push({ scope: 'subject', subject }, { scope: 'others', subject })
    }
    const marks = targets.map((target) => this.#marks.get(targetName(target)) ?? 0)
    const instant = Math.max(this.#now(), ...marks.map((mark) => mark + 1))
    this.#latest = Math.max(this.#latest, instant)
    return instant
  }

  /** The instant for a mark that is made now: not before any session that this isolate began. */
  mark(): number {
    const instant = Math.max(this.#now(), this.#latest)
    // The next one of this millisecond ends what survives this one.
    this.#latest = instant + 1
    return instant
  }
}
