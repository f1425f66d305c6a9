/**
 * Data that does not fit in a cookie. The contract of the places that keep it, and what all of them
 * have in common: entries are written once under a random key and never changed, so that an answer
 * that comes late points to an older value, whole. Knows nothing of sessions, keys or cookies.
 */

import { toBase64Url } from '../lib/base64url.ts'
import { BoundedMap } from '../lib/bounded-map.ts'
import { kindOf, onlyMembers, wholeSeconds } from '../lib/check.ts'
import { SessionError } from '../lib/errors.ts'
import { ExpiringMap } from '../lib/expiring-map.ts'
import { biggestMembers, utf8Length } from '../lib/json.ts'
import { randomBytes, systemClock } from '../lib/platform.ts'
import { withTimeout } from '../lib/timeout.ts'

/**
 * The contract of a place that keeps sealed data. `test/contracts/data-store.ts` holds every
 * implementation to it.
 *
 * A key is 22 characters of base64url and is written once. A value is ASCII text, four thirds as long
 * as the data in it, and must come back exactly: what differs is refused. The place keeps it for at
 * least `seconds` and may forget it then. Both calls reject when the place cannot be reached. They
 * need no timeout, retry or cache of their own: `dataStore` brings these.
 */
export interface DataStoreAdapter {
  /** The value of a key, `undefined` or `null` where there is none. */
  read(key: string): Promise<string | null | undefined>
  /** Writes a value. Resolves when another request at this place will find it. */
  write(key: string, value: string, seconds: number): Promise<void>
}

/** Options of every data store. */
export interface DataStoreOptions {
  /**
   * `'overflow'` keeps in the store only data that does not fit in the cookie. `'always'` keeps all
   * data in the store, so that none of it is ever on the device. Default `'overflow'`.
   */
  keep?: 'overflow' | 'always'
  /** The most bytes that the JSON of data may have, up to 10,000,000. Default 256,000. */
  maxData?: number
  /** When a call to the store is given up, in seconds. Default 2. */
  timeout?: number
}

/** What the `dataStore` option of `createSessionManager` takes: made by `kvDataStore` and its like. */
export interface DataStore {
  /** For the session manager only. */
  connect(manager: DataSealing): ConnectedDataStore
}

/** What operators may want to hear of the store. `cause` is the error of the store itself. */
export type DataEvent =
  /** The store could not be read or written, and what needed the data was refused. */
  | { type: 'data-unavailable'; operation: 'read' | 'write'; cause: unknown }
  /** The store has no entry that was written `age` seconds ago. Up to two minutes it may still come. */
  | { type: 'data-missing'; age: number }
  /** What the store has is not what was written: damaged, or exchanged. It was refused. */
  | { type: 'data-damaged' }

/** What a store needs of a session manager. */
export interface DataSealing {
  readonly now: () => number
  readonly report: (event: DataEvent) => unknown
  seal(json: string): Promise<string>
  /** `undefined` for what was not sealed as data by this app. */
  open(token: string): Promise<unknown>
}

/** A store as a session manager uses it. A reference says where data is, and what it must be. */
export interface ConnectedDataStore {
  /** Whether data goes to the store without a try to seal it in the cookie. */
  takes(json: string): boolean
  /**
   * Stores data until a session's limit and gives the reference. Rejects with `too-large` and
   * `data-unavailable`.
   */
  write(json: string, limit: number): Promise<string>
  /** The data; an error if the store is away, and `undefined` if the data is lost. */
  read(reference: string): Promise<string | SessionError | undefined>
}

/** No value of a cookie is longer. */
const COOKIE_BYTES = 4_096
const MEMORY_BYTES = 4_000_000
const MOST_DATA = 10_000_000
// KV shows a new entry elsewhere after 60 s or more, and remembers for 30 s that there was none.
const IN_TRANSIT = 120_000
// An entry outlives the session that points to it, for clocks that differ.
const GRACE = 60_000

/** `<key>.<digest>.<when it was written, in seconds>` */
const REFERENCE = /^([\w-]{22})\.([\w-]{43})\.(\d+)$/

/**
 * A data store on a place of your own.
 *
 * @example
 * createSessionManager({ keys, revocationList, dataStore: dataStore({ read, write }) })
 */
export function dataStore(adapter: DataStoreAdapter, options: DataStoreOptions = {}): DataStore {
  if (typeof adapter?.read !== 'function' || typeof adapter.write !== 'function') {
    throw new TypeError(
      `dataStore() takes an object with the methods read and write; got ${kindOf(adapter)}`,
    )
  }
  const resolved = resolveOptions(options)
  // Entries never change, so this cannot be out of date. By reference, which no client can make up.
  const memory = new BoundedMap<string, string>(MEMORY_BYTES, (json) => 2 * json.length + 500)
  return { connect: (manager) => new StoredData(adapter, resolved, memory, manager) }
}

type ResolvedOptions = Required<DataStoreOptions>

function resolveOptions(options: DataStoreOptions): ResolvedOptions {
  onlyMembers('the options of a data store', options, ['keep', 'maxData', 'timeout'])
  const { keep = 'overflow', maxData = 256_000, timeout = 2 } = options
  if (keep !== 'overflow' && keep !== 'always') {
    throw new TypeError(`"keep" must be 'overflow' or 'always'; got ${kindOf(keep)}`)
  }
  if (!Number.isInteger(maxData) || maxData < 1 || maxData > MOST_DATA) {
    throw new TypeError(`"maxData" must be a whole number of bytes from 1 to ${MOST_DATA}`)
  }
  return { keep, maxData, timeout: wholeSeconds('timeout', timeout, 1, 60) * 1000 }
}

class StoredData implements ConnectedDataStore {
  readonly #adapter: DataStoreAdapter
  readonly #options: ResolvedOptions
  readonly #memory: Map<string, string>
  readonly #manager: DataSealing

  constructor(
    adapter: DataStoreAdapter,
    options: ResolvedOptions,
    memory: Map<string, string>,
    manager: DataSealing,
  ) {
    this.#adapter = adapter
    this.#options = options
    this.#memory = memory
    this.#manager = manager
  }

  takes(json: string): boolean {
    return json.length > COOKIE_BYTES || (this.#options.keep === 'always' && json !== '{}')
  }

  async write(json: string, limit: number): Promise<string> {
    const { maxData, timeout } = this.#options
    const { now, seal } = this.#manager
    const bytes = utf8Length(json)
    if (bytes > maxData) throw overMaxData(bytes, maxData, json)
    const key = toBase64Url(randomBytes(16))
    const token = await seal(json)
    const written = now()
    const seconds = Math.ceil((limit + GRACE - written) / 1000)
    try {
      await withTimeout(this.#adapter.write(key, token, seconds), timeout)
    } catch (cause) {
      throw this.#unavailable('write', cause)
    }
    const reference = `${key}.${await digestOf(token)}.${Math.floor(written / 1000)}`
    this.#memory.set(reference, json)
    return reference
  }

  async read(reference: string): Promise<string | SessionError | undefined> {
    const known = this.#memory.get(reference)
    if (known !== undefined) return known
    const [, key, digest, written] = REFERENCE.exec(reference) ?? []
    if (key === undefined) return this.#damaged()
    const { open } = this.#manager
    try {
      const token = await withTimeout(this.#adapter.read(key), this.#options.timeout)
      if (token === undefined || token === null) return this.#missing(Number(written) * 1000)
      const data = (await digestOf(token)) === digest ? await open(token) : undefined
      if (data === undefined) return this.#damaged()
      const json = JSON.stringify(data)
      this.#memory.set(reference, json)
      return json
    } catch (cause) {
      return this.#unavailable('read', cause)
    }
  }

  #damaged(): undefined {
    this.#manager.report({ type: 'data-damaged' })
  }

  #missing(written: number): SessionError | undefined {
    const age = Math.max(0, this.#manager.now() - written)
    this.#manager.report({ type: 'data-missing', age: age / 1000 })
    if (age >= IN_TRANSIT) return undefined
    return new SessionError('data-unavailable', 'the data store does not have the data yet')
  }

  #unavailable(operation: 'read' | 'write', cause: unknown): SessionError {
    this.#manager.report({ type: 'data-unavailable', operation, cause })
    const message = `the data store failed on a ${operation}`
    return new SessionError('data-unavailable', message, { cause })
  }
}

const overMaxData = (bytes: number, maxData: number, json: string) =>
  new SessionError(
    'too-large',
    `the data takes ${bytes} bytes and "maxData" is ${maxData}; the biggest members of data are: ` +
      biggestMembers(json),
  )

/** SHA-256 as base64url. */
async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return toBase64Url(new Uint8Array(digest))
}

/** Options of `memoryDataStore`. */
export interface MemoryDataStoreOptions extends DataStoreOptions {
  /** The clock, in milliseconds like `Date.now`, for tests. */
  now?: () => number
}

/**
 * A data store in the memory of this process, for tests and for a server that is one process. Never
 * on Workers, where a session's next request may meet another isolate: use `kvDataStore`.
 */
export function memoryDataStore(options: MemoryDataStoreOptions = {}): DataStore {
  const { now = systemClock, ...rest } = options
  const entries = new ExpiringMap<string>(now)
  const place: DataStoreAdapter = {
    async read(key) {
      return entries.get(key)
    },
    async write(key, value, seconds) {
      entries.set(key, value, now() + seconds * 1000)
    },
  }
  return dataStore(place, rest)
}
