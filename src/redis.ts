/**
 * The revocation list and the data store on Redis.
 *
 * @module
 */

export { type RedisDataStoreOptions, redisDataStore } from './redis/redis-data-store.ts'
export {
  type RedisRevocationListOptions,
  redisRevocationList,
  type SendCommand,
} from './redis/redis-revocation-list.ts'
