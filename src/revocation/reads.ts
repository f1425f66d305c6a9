/**
 * Reads a list that can be slow or unreachable. A read has a timeout, and requests of one session
 * can share it. While the list is unreachable, not every request tries to read it.
 */

import { BoundedMap } from '../lib/bounded-map.ts'
import { withTimeout } from '../lib/timeout.ts'

/** How a list is read. Durations are milliseconds. */
export interface ReadsConfig {
  readonly timeout: number
  readonly now: () => number
}

// After a read failed or was given up, the list is not asked for this long.
const RETRY_AFTER = 5_000
const READS_UNDER_WAY = 1_000
// On Workers the read of a cancelled request never settles, so other requests must not wait long
// for it.
const JOIN_FOR = 250

export class Reads {
  readonly #config: ReadsConfig
  readonly #underWay = new BoundedMap<string, Promise<unknown>>(READS_UNDER_WAY)
  /** When the list can be asked again; 0 while it answers. */
  #retryAt = 0

  constructor(config: ReadsConfig) {
    this.#config = config
  }

  /**
   * Starts a new read. Rejects if the list fails or is late, or if it did so in the last
   * `RETRY_AFTER` ms.
   */
  ask<Answer>(key: string, read: () => Promise<Answer>): Promise<Answer> {
    return this.#ask(key, read, this.#config.timeout)
  }

  /** Joins the read under way for this key, if it answers soon; otherwise starts a new one. */
  async join<Answer>(key: string, read: () => Promise<Answer>): Promise<Answer> {
    const { timeout } = this.#config
    const other = this.#underWay.get(key) as Promise<Answer> | undefined
    if (other === undefined) return this.#ask(key, read, timeout)
    try {
      return await withTimeout(other, JOIN_FOR, () => this.#forget(key, other))
    } catch {
      const next = this.#underWay.get(key) as Promise<Answer> | undefined
      if (next === undefined) return this.#ask(key, read, timeout - JOIN_FOR)
      return this.#settled(key, next, timeout - JOIN_FOR)
    }
  }

  async #ask<Answer>(key: string, read: () => Promise<Answer>, timeout: number): Promise<Answer> {
    const { now } = this.#config
    if (now() < this.#retryAt) throw new Error('the list did not answer a moment ago')
    // While the list is unreachable, one request tries it; the others do not wait.
    if (this.#retryAt > 0) this.#retryAt = now() + RETRY_AFTER
    const reading = (async () => read())()
    this.#underWay.set(key, reading)
    return this.#settled(key, reading, timeout)
  }

  async #settled<Answer>(key: string, reading: Promise<Answer>, timeout: number): Promise<Answer> {
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

  #forget(key: string, reading: Promise<unknown>): void {
    if (this.#underWay.get(key) === reading) this.#underWay.delete(key)
  }
}
