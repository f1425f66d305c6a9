/** Makes a data store: on a place of the app, or in memory. */

import { BoundedMap } from '../lib/bounded-map.ts'
import { kindOf, onlyMembers, wholeSeconds } from '../lib/check.ts'
import { ExpiringMap } from '../lib/expiring-map.ts'
import { systemClock } from '../lib/platform.ts'
import type { DataStore, DataStoreAdapter, DataStoreOptions } from './data-store.ts'
import { type ResolvedOptions, StoredData } from './stored-data.ts'

const MEMORY_BYTES = 4_000_000
const MOST_DATA = 10_000_000

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
