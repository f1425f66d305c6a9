/**
 * A place for data as bad as KV may be: calls take time, and an entry may be seen only `staleness` after
 * it was written. Entries never change, so an answer is the entry or nothing.
 */

import type { DataStoreAdapter } from '../../src/index.ts'
import { type Random, random } from './random.ts'
import type { SlowKvOptions } from './slow-kv.ts'
import type { World } from './world.ts'

export class SlowData {
  readonly #world: World
  readonly #options: SlowKvOptions
  readonly #entries = new Map<string, { readonly since: number; readonly value: string }>()
  writes = 0
  /** How often an entry that was written was not seen yet. */
  missed = 0

  constructor(world: World, options: SlowKvOptions) {
    this.#world = world
    this.#options = options
  }

  /** The place as one isolate sees it. */
  seenFrom(place: string): DataStoreAdapter {
    const draws = random(this.#options.seed, 'data', place)
    return {
      read: async (key) => {
        const [there, back] = this.#trip(draws)
        const age = this.#staleness(draws)
        await this.#world.sleep(there)
        const entry = this.#entries.get(key)
        const isSeen = entry !== undefined && entry.since <= this.#world.now() - age
        if (entry !== undefined && !isSeen) this.missed++
        await this.#world.sleep(back)
        return isSeen ? entry.value : undefined
      },
      write: async (key, value) => {
        const [there, back] = this.#trip(draws)
        await this.#world.sleep(there)
        if (this.#entries.has(key)) throw new Error('an entry was written twice')
        this.writes++
        this.#entries.set(key, { since: this.#world.now(), value })
        await this.#world.sleep(back)
      },
    }
  }

  /** The place as it is, at once. */
  readonly itself: DataStoreAdapter = {
    read: async (key) => this.#entries.get(key)?.value,
    write: async () => {
      throw new Error('it is only read')
    },
  }

  #trip(draws: Random): [there: number, back: number] {
    const { latency } = this.#options
    return [draws.between(1, latency / 2), draws.between(1, latency / 2)]
  }

  #staleness(draws: Random): number {
    const { staleness } = this.#options
    return draws.chance(0.5) ? staleness : draws.between(0, staleness)
  }
}
