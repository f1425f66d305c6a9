/** The lists that the races run on: each as slow as a network, and what is behind it shared by all isolates. */

import { DatabaseSync } from 'node:sqlite'
import type { RevocationList } from '../../src/index.ts'
import type { Conditions } from './interleaving.ts'
import type { Graph } from './isolates.ts'
import { type Random, random } from './random.ts'
import { SlowKv } from './slow-kv.ts'
import type { World } from './world.ts'

// biome-ignore lint/suspicious/noExplicitAny: each list has a function and a server of its own kind.
type Any = any

export interface RacedList {
  /** Exports `makeList`, and what else the server needs. */
  readonly modules: string
  /** Starts a server; what it returns makes the list of an isolate. */
  begin(
    world: World,
    conditions: Conditions,
    graph: Graph<Any>,
  ): (library: Any, place: string) => RevocationList
}

/** As stale as KV may be. */
export const onKv: RacedList = {
  modules: `
    export { kvRevocationList as makeList } from './src/cloudflare.ts'`,
  begin(world, { seed, staleness, latency }) {
    const kv = new SlowKv(world, { seed, staleness: staleness * 1000, latency: latency * 1000 })
    return ({ makeList }, place) => makeList(kv.seenFrom(place))
  },
}

export const onRedis: RacedList = {
  modules: `
    export { redisRevocationList as makeList } from './src/redis.ts'`,
  begin(world, conditions) {
    const redis = new FakeRedis(world.now)
    return ({ makeList }, place) => {
      const trip = roundTrip(world, conditions, place)
      return makeList((command: string[]) => trip(() => redis.run(command)))
    }
  },
}

const OBJECT = `
    export { durableObjectRevocationList as makeList, RevocationObject } from './src/durable-object.ts'`

export const onObject: RacedList = { modules: OBJECT, begin: beginObject(false) }
export const onSharedObject: RacedList = { modules: OBJECT, begin: beginObject(true) }

function beginObject(share: boolean): RacedList['begin'] {
  return (world, conditions, graph) => {
    // Its clock is off by up to a minute, which the library has to bear.
    const off = random(conditions.seed, 'clock of the object').between(-59_000, 59_000)
    const { RevocationObject } = graph({ now: () => world.now() + off })
    const object = new RevocationObject({ storage: storageInMemory() })
    Object.assign(globalThis, { caches: cachesOf(world) })
    return ({ makeList }, place) => {
      const trip = roundTrip(world, conditions, place)
      const call =
        (method: string) =>
        (...parts: unknown[]) =>
          trip(() => object[method](...parts))
      const stub = { read: call('read'), write: call('write'), changes: call('changes') }
      return makeList({ idFromName: () => 'the object', get: () => stub }, { share })
    }
  }
}

/** Calls take time, there and back. */
function roundTrip(world: World, { seed, latency }: Conditions, place: string) {
  const draws: Random = random(seed, 'trips', place)
  const way = () => draws.between(1, (latency * 1000) / 2)
  return async <T>(work: () => T): Promise<Awaited<T>> => {
    // Drawn now, so that what others do in the meantime changes nothing.
    const [there, back] = [way(), way()]
    await world.sleep(there)
    const answer = structuredClone(await work())
    await world.sleep(back)
    return answer
  }
}

/** The storage of a Durable Object, on the SQLite of Node. */
function storageInMemory() {
  const database = new DatabaseSync(':memory:')
  let alarm: number | null = null
  return {
    sql: {
      exec(query: string, ...bindings: (string | number)[]) {
        if (bindings.length === 0) database.exec(query)
        const rows = bindings.length === 0 ? [] : database.prepare(query).all(...bindings)
        return { raw: () => rows.map((row) => Object.values(row)) }
      },
    },
    getAlarm: async () => alarm,
    setAlarm: async (instant: number) => {
      alarm = instant
    },
  }
}

/** The Cache API of one data centre, in which all isolates are. */
function cachesOf(world: World) {
  const entries = new Map<string, { body: unknown; until: number }>()
  return {
    open: async () => ({
      async match(url: string) {
        const entry = entries.get(url)
        if (entry === undefined || entry.until <= world.now()) return undefined
        return { json: async () => structuredClone(entry.body) }
      },
      async put(url: string, response: Response) {
        const life = Number(/max-age=(\d+)/.exec(response.headers.get('Cache-Control') ?? '')?.[1])
        entries.set(url, { body: await response.json(), until: world.now() + life * 1000 })
      },
    }),
  }
}

/** As much of Redis as the list needs. */
class FakeRedis {
  readonly #now: () => number
  readonly #entries = new Map<string, { value: string; until: number }>()

  constructor(now: () => number) {
    this.#now = now
  }

  run([name, ...args]: string[]): unknown {
    if (name === 'MGET') return args.map((key) => this.#get(key))
    if (name === 'SET') return this.#set(args[0], args[1], args[3])
    // The one script: it keeps the newest.
    const [, , key = '', value, life] = args
    const found = this.#get(key)
    if (found !== null && Number(found) > Number(value)) return 'OK'
    return this.#set(key, value, life)
  }

  #get(key: string): string | null {
    const entry = this.#entries.get(key)
    return entry !== undefined && entry.until > this.#now() ? entry.value : null
  }

  #set(key = '', value = '', life = ''): string {
    this.#entries.set(key, { value, until: this.#now() + Number(life) })
    return 'OK'
  }
}
