/**
 * A KV namespace as bad as the real one may be: calls take time, and an answer may be as old as
 * `staleness`, for each key by itself, also where the value was written.
 */

import type { RevocationNamespace, SessionIndexNamespace } from '../../src/cloudflare.ts'
import { type Random, random } from './random.ts'
import type { World } from './world.ts'

interface Version {
  /** When it took effect; KV keeps what arrived last, whatever is written in it. */
  readonly since: number
  /** `null` when it was deleted. */
  readonly value: string | null
  readonly metadata: unknown
  readonly until: number
}

interface PutOptions {
  readonly expirationTtl: number
  readonly metadata?: object
}

export interface SlowKvOptions {
  readonly seed: string
  /** How old an answer may be, in milliseconds. */
  readonly staleness: number
  /** The longest call, in milliseconds. */
  readonly latency: number
}

export class SlowKv {
  readonly #world: World
  readonly #options: SlowKvOptions
  readonly #versions = new Map<string, Version[]>()
  reads = 0
  writes = 0

  constructor(world: World, options: SlowKvOptions) {
    this.#world = world
    this.#options = options
  }

  /** The namespace as one isolate sees it. */
  seenFrom(place: string): RevocationNamespace & SessionIndexNamespace {
    const draws = random(this.#options.seed, 'kv', place)
    return {
      get: async (keys) => {
        this.reads++
        // Drawn now, so that what others do in the meantime changes nothing.
        const [there, back] = this.#trip(draws)
        const ages = keys.map(() => this.#staleness(draws))
        await this.#world.sleep(there)
        const answer = new Map(
          keys.map((key, index) => [key, this.#versionAt(key, ages[index] ?? 0)?.value ?? null]),
        )
        await this.#world.sleep(back)
        return answer
      },
      getWithMetadata: async (key) => {
        const [there, back] = this.#trip(draws)
        const age = this.#staleness(draws)
        await this.#world.sleep(there)
        const version = this.#versionAt(key, age)
        await this.#world.sleep(back)
        return { value: version?.value ?? null, metadata: version?.metadata ?? null }
      },
      list: async ({ prefix }) => {
        const [there, back] = this.#trip(draws)
        const age = this.#staleness(draws)
        await this.#world.sleep(there)
        const keys = [...this.#versions.keys()]
          .filter((name) => name.startsWith(prefix))
          .map((name) => ({ name, version: this.#versionAt(name, age) }))
          .filter(({ version }) => typeof version?.value === 'string')
          .map(({ name, version }) => ({ name, metadata: version?.metadata }))
        await this.#world.sleep(back)
        return { keys, list_complete: true }
      },
      put: async (key: string, value: string, options: PutOptions) => {
        this.writes++
        const { expirationTtl, metadata } = options
        await this.#write(draws, key, value, expirationTtl, metadata)
      },
      delete: (key) => this.#write(draws, key, null, Number.POSITIVE_INFINITY, undefined),
    }
  }

  async #write(
    draws: Random,
    key: string,
    value: string | null,
    seconds: number,
    metadata: unknown,
  ): Promise<void> {
    const [there, back] = this.#trip(draws)
    await this.#world.sleep(there)
    const since = this.#world.now()
    const versions = this.#versions.get(key) ?? []
    versions.push({ since, value, metadata, until: since + seconds * 1000 })
    this.#versions.set(key, versions)
    await this.#world.sleep(back)
  }

  #trip(draws: Random): [there: number, back: number] {
    const { latency } = this.#options
    return [draws.between(1, latency / 2), draws.between(1, latency / 2)]
  }

  /** As bad as can be, or fresh, or anything between. */
  #staleness(draws: Random): number {
    const { staleness } = this.#options
    return draws.chance(0.5) ? staleness : draws.between(0, staleness)
  }

  #versionAt(key: string, age: number): Version | undefined {
    const instant = this.#world.now() - age
    const version = this.#versions.get(key)?.findLast(({ since }) => since <= instant)
    return version === undefined || version.until <= instant ? undefined : version
  }
}
