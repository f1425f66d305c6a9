/**
 * The revocation list on Redis.
 *
 * @module
 */

export {
  type RedisRevocationListOptions,
  redisRevocationList,
  type SendCommand,
} from './redis/redis-revocation-list.ts'
