/** The data store on Redis, through any client. */

import type { DataStore, DataStoreOptions } from '../contracts/data-store.ts'
import { dataStore } from '../contracts/data-store-on.ts'
import { assertOptional, kindOf } from '../lib/check.ts'
import type { SendCommand } from './redis-revocation-list.ts'

/** Options of `redisDataStore`. */
export interface RedisDataStoreOptions extends DataStoreOptions {
  /** What every key begins with. Default `'session-data/'`. */
  prefix?: string
}

/**
 * A data store on Redis 6 or later, or a database that speaks its protocol. Each call is about one
 * key, so it works on a cluster as it is. A replica that is read may lag: read from the primary.
 *
 * @example
 * redisDataStore((command) => client.sendCommand(command)) // node-redis
 */
export function redisDataStore(send: SendCommand, options: RedisDataStoreOptions = {}): DataStore {
  if (typeof send !== 'function') {
    throw new TypeError(
      'redisDataStore() takes a function that sends a command, such as ' +
        `(command) => client.sendCommand(command); got ${kindOf(send)}`,
    )
  }
  const { prefix = 'session-data/', ...rest } = options
  assertOptional('prefix', prefix, 'string')
  return dataStore(
    {
      async read(key) {
        const value = await send(['GET', prefix + key])
        // `QUEUED`, say, has another digest. What is no text is no answer to the command.
        if (value === null || typeof value === 'string') return value
        throw unexpected(value)
      },
      async write(key, value, seconds) {
        const answer = await send(['SET', prefix + key, value, 'EX', String(seconds)])
        if (answer !== 'OK') throw unexpected(answer)
      },
    },
    rest,
  )
}

const unexpected = (answer: unknown) =>
  new TypeError(`Redis answered with ${kindOf(answer)} that is no answer to the command`)
