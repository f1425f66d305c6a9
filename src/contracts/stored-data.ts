/**
 * What all data stores have in common: entries are written once under a random key and never changed,
 * so that an answer that comes late points to an older value, whole.
 */

import { encodeBase64url } from '../lib/base64url.ts'
import { SessionError } from '../lib/errors.ts'
import { biggestMembers } from '../lib/json.ts'
import { randomBytes } from '../lib/platform.ts'
import { withTimeout } from '../lib/timeout.ts'
import { sha256, utf8Length } from '../lib/utf8.ts'
import type {
  ConnectedDataStore,
  DataSealing,
  DataStoreAdapter,
  DataStoreOptions,
} from './data-store.ts'

/** The options with their defaults. `timeout` is milliseconds. */
export type ResolvedOptions = Required<DataStoreOptions>

/** No value of a cookie is longer. */
const COOKIE_BYTES = 4_096
// KV shows a new entry elsewhere after 60 s or more, and remembers for 30 s that there was none.
const IN_TRANSIT = 120_000
// An entry outlives the session that points to it, for clocks that differ.
const GRACE = 60_000

/** `<key>.<digest>.<when it was written, in seconds>` */
const REFERENCE = /^([\w-]{22})\.([\w-]{43})\.(\d+)$/

export class StoredData implements ConnectedDataStore {
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
    const key = encodeBase64url(randomBytes(16))
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
      const json = (await digestOf(token)) === digest ? await open(token) : undefined
      if (json === undefined) return this.#damaged()
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
const digestOf = async (text: string): Promise<string> => encodeBase64url(await sha256(text))
