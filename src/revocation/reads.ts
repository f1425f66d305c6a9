/**
 * Reads of a list that may be slow or away: each is given up in time, may be shared by requests of
 * one session, and is not tried by every request while the list is away.
 */

import type { RevocationTarget } from '../contracts/revocation-list.ts'
import { BoundedMap } from '../lib/bounded-map.ts'
import { withTimeout } from '../lib/timeout.ts'

/** What a list said, by the names of the targets, and when it was asked. */
export interface Reading {
  readonly asked: number
  readonly marks: ReadonlyMap<string, number>
}

/** How a list is read. Durations are milliseconds. */
export interface ReadsConfig {
  readonly timeout: number
  readonly now: () => number
  /** Asks the list. */
  readonly read: (targets: readonly RevocationTarget[]) => Promise<Reading['marks']>
}

// After a read failed or was given up, the list is left alone this long.
const RETRY_AFTER = 5_000
const READS_UNDER_WAY = 1_000
// On Workers the read of a request that was cancelled never settles, so nobody may wait for it long.
const JOIN_FOR = 250

export class Reads {
  readonly #config: ReadsConfig
  readonly #underWay = new BoundedMap<string, Promise<Reading>>(READS_UNDER_WAY)
  /** When the list may be asked again; 0 while it answers. */
  #retryAt = 0

  constructor(config: ReadsConfig) {
    this.#config = config
  }

  /** A read of its own. Rejects when the list fails, is late, or did so a moment ago. */
  ask(key: string, targets: readonly RevocationTarget[]): Promise<Reading> {
    return this.#ask(key, targets, this.#config.timeout)
  }

  /** The same, or what another request with this key is being told, if that comes soon. */
  async join(key: string, targets: readonly RevocationTarget[]): Promise<Reading> {
    const { timeout } = this.#config
    const other = this.#underWay.get(key)
    if (other === undefined) return this.#ask(key, targets, timeout)
    try {
      return await withTimeout(other, JOIN_FOR, () => this.#forget(key, other))
    } catch {
      const next = this.#underWay.get(key)
      if (next === undefined) return this.#ask(key, targets, timeout - JOIN_FOR)
      return this.#settled(key, next, timeout - JOIN_FOR)
    }
  }

  async #ask(key: string, targets: readonly RevocationTarget[], timeout: number): Promise<Reading> {
    const { now, read } = this.#config
    if (now() < this.#retryAt) throw new Error('the list did not answer a moment ago')
    // While the list is away, one request finds out whether it is back; the others do not wait.
    if (this.#retryAt > 0) this.#retryAt = now() + RETRY_AFTER
    const asked = now()
    const reading = (async () => ({ asked, marks: await read(targets) }))()
    this.#underWay.set(key, reading)
    return this.#settled(key, reading, timeout)
  }

  async #settled(key: string, reading: Promise<Reading>, timeout: number): Promise<Reading> {
    try {
      const answer = await withTimeout(reading, timeout)
      this.#retryAt = 0
      return answer
    } catch (error) {
      this.#retryAt = this.#config.now() + RETRY_AFTER
      throw error
    } finally {
      this.#forget(key, reading)
    }
  }

  #forget(key: string, reading: Promise<Reading>): void {
    if (this.#underWay.get(key) === reading) this.#underWay.delete(key)
  }
}
