/**
 * Data that does not fit in a cookie: the contract of the places that keep it, and what a session
 * manager calls. Knows nothing of sessions, keys or cookies.
 */

import type { SessionError } from '../lib/errors.ts'

/**
 * The contract of a place that keeps sealed data. `dataStoreContract` of `sealed-session/testing` holds
 * every implementation to it.
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
  /** The JSON; `undefined` for what was not sealed as data by this app. */
  open(token: string): Promise<string | undefined>
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
