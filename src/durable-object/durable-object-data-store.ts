/** The data store on Durable Objects: 64 of them, chosen by the first character of a random key. */

import type { DataStore, DataStoreOptions } from '../contracts/data-store.ts'
import { dataStore } from '../contracts/data-store-on.ts'
import { assertOptional } from '../lib/check.ts'
import { callObject } from './call.ts'

/** What is needed of a namespace: `DurableObjectNamespace<DataObject>` has it. */
export interface DataObjectNamespace {
  idFromName(name: string): DataObjectId
  get(id: DataObjectId, options?: { locationHint?: string }): DataObjectStub
}

/** The id of an object. */
export interface DataObjectId {
  toString(): string
}

/** An object as a Worker sees it. */
export interface DataObjectStub {
  read(key: string): Promise<string | null>
  write(key: string, value: string, seconds: number): Promise<void>
}

/** Options of `durableObjectDataStore`. */
export interface DurableObjectDataStoreOptions extends DataStoreOptions {
  /** Where objects are created when they are first asked, such as `'weur'`. Default: near who asks first. */
  locationHint?: string
}

// A row of SQLite in an object holds 2 MB, and sealed data takes a third more.
const MOST_DATA = 1_400_000

/**
 * A data store on Durable Objects, strongly consistent: what was written is found everywhere at once.
 * `maxData` can be at most 1,400,000.
 *
 * @example
 * export { DataObject } from 'sealed-session/durable-object'
 *
 * durableObjectDataStore(env.SESSION_DATA)
 */
export function durableObjectDataStore(
  namespace: DataObjectNamespace,
  options: DurableObjectDataStoreOptions = {},
): DataStore {
  if (typeof namespace?.idFromName !== 'function') {
    throw new TypeError(
      'durableObjectDataStore() takes a Durable Object namespace; is its binding in wrangler.toml, and ' +
        'of the same name?',
    )
  }
  const { locationHint, ...rest } = options
  assertOptional('locationHint', locationHint, 'string')
  if (rest.maxData !== undefined && rest.maxData > MOST_DATA) {
    throw new TypeError(`"maxData" can be at most ${MOST_DATA} on Durable Objects`)
  }

  const call = <T>(key: string, work: (object: DataObjectStub) => Promise<T>): Promise<T> =>
    callObject(namespace, namespace.idFromName(`session-data-${key[0]}`), locationHint, work)

  return dataStore(
    {
      read: (key) => call(key, (object) => object.read(key)),
      write: (key, value, seconds) => call(key, (object) => object.write(key, value, seconds)),
    },
    rest,
  )
}
