/** The data store on Workers KV. */

import type { DataStore, DataStoreOptions } from '../contracts/data-store.ts'
import { dataStore } from '../contracts/data-store-on.ts'

/** The part of a KV namespace that is used. `KVNamespace` of `@cloudflare/workers-types` has it. */
export interface DataNamespace {
  get(key: string, options: { type: 'text'; cacheTtl: number }): Promise<string | null>
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>
}

// KV also caches that a key is not there, and 30 s is its minimum. What is there, the isolate
// remembers longer than KV does.
const CACHE_TTL = 30
// KV refuses entries shorter than 60 s.
const LEAST_TTL = 60

/**
 * A data store on a KV namespace, under keys that begin with `session-data/`. A new entry is seen in
 * other data centres after up to 60 s or more; until then a session that needs it there is answered
 * with `data-unavailable`.
 *
 * @example
 * kvDataStore(env.SESSION_DATA)
 */
export function kvDataStore(namespace: DataNamespace, options?: DataStoreOptions): DataStore {
  if (typeof namespace?.get !== 'function' || typeof namespace.put !== 'function') {
    throw new TypeError(
      'kvDataStore() takes a KV namespace; is its binding in wrangler.toml, and of the same name?',
    )
  }
  const keyOf = (key: string) => `session-data/${key}`
  return dataStore(
    {
      read: (key) => namespace.get(keyOf(key), { type: 'text', cacheTtl: CACHE_TTL }),
      write: (key, value, seconds) =>
        namespace.put(keyOf(key), value, { expirationTtl: Math.max(LEAST_TTL, seconds) }),
    },
    options,
  )
}
