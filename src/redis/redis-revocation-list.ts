/**
 * The revocation list on Redis, through any client: plain keys and values, so that an operator can
 * read and write them with `redis-cli`.
 */

import {
  keepsFirst,
  keepsNewest,
  type RevocationList,
  type RevocationTarget,
  targetName,
} from '../contracts/revocation-list.ts'
import { assertOptional, kindOf, onlyMembers } from '../lib/check.ts'
import { readMark } from '../lib/instant.ts'
import { systemClock } from '../lib/platform.ts'

/** Options of `redisRevocationList`. */
export interface RedisRevocationListOptions {
  /** What every key begins with. Default `'revoked/'`. */
  prefix?: string
  /**
   * Read each key with a `GET` of its own, because a cluster refuses an `MGET` across slots. Default
   * `false`. A prefix with a hash tag, such as `'{revoked}/'`, keeps all keys in one slot instead.
   */
  cluster?: boolean
}

/** Sends one command to Redis and gives its answer; rejects when Redis answers with an error. */
export type SendCommand = (command: string[]) => Promise<unknown>

// Two that are written at once: the newest stays. A form that only `readMark` knows was compared before.
const WRITE_NEWEST = `local mark = tonumber(redis.call('GET', KEYS[1]) or nil)
if mark and mark > tonumber(ARGV[1]) then return 'OK' end
return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])`

/**
 * A revocation list on Redis 6 or later, or a database that speaks its protocol.
 *
 * Keys are `<prefix>session/<sid>`, `replaced/<sid>`, `subject/<subject>`, `others/<subject>`,
 * `since/<subject>`, `external/<name>` and `all`, `bound/<sid>` of a session that is bound to a device,
 * and `claimed/<digest>` of a token that was used; a value is an instant as in `kvRevocationList`. The server needs
 * `maxmemory-policy noeviction` and `appendfsync always` if no revocation may be lost, and the client
 * must not queue commands while it is offline.
 *
 * @example
 * redisRevocationList((command) => client.sendCommand(command)) // node-redis
 * redisRevocationList(([name, ...args]) => client.call(name, ...args)) // ioredis
 * redisRevocationList(([name, ...args]) => client.send(name, args)) // Bun
 */
export function redisRevocationList(
  send: SendCommand,
  options: RedisRevocationListOptions = {},
): RevocationList {
  if (typeof send !== 'function') {
    throw new TypeError(
      'redisRevocationList() takes a function that sends a command, such as ' +
        `(command) => client.sendCommand(command); got ${kindOf(send)}`,
    )
  }
  onlyMembers('the options of redisRevocationList', options, ['prefix', 'cluster'])
  const { prefix = 'revoked/', cluster = false } = options
  assertOptional('prefix', prefix, 'string')
  assertOptional('cluster', cluster, 'boolean')

  const keyOf = (target: RevocationTarget) => prefix + targetName(target)

  async function get(keys: string[]): Promise<(number | undefined)[]> {
    const values = cluster
      ? await Promise.all(keys.map((key) => send(['GET', key])))
      : await send(['MGET', ...keys])
    // An answer that says nothing of a key must not be taken for "nothing revoked".
    if (!Array.isArray(values) || values.length !== keys.length) throw unexpected(values)
    return values.map((value) => {
      if (value === null || typeof value === 'string') return readMark(value)
      // An HTTP client may have parsed it.
      if (typeof value === 'number') return readMark(String(value))
      throw unexpected(value)
    })
  }

  return {
    read: (targets) => get(targets.map(keyOf)),
    async write(target, mark, seconds) {
      const key = keyOf(target)
      const values = [String(mark), 'PX', String(seconds * 1000)] as const
      let command = ['SET', key, ...values]
      if (keepsNewest(target)) {
        const [found = mark] = await get([key])
        if (Number.isFinite(found) && found > mark) return
        command = ['EVAL', WRITE_NEWEST, '1', key, values[0], values[2]]
      }
      if (keepsFirst(target)) command = [...command, 'NX']
      const answer = await send(command)
      if (answer === null && keepsFirst(target)) return
      // `QUEUED`, say, or nothing at all: then it is not recorded.
      if (answer !== 'OK') throw unexpected(answer)
    },
    async claim(name, until) {
      const life = String(Math.max(1, Math.ceil(until - systemClock())))
      const answer = await send(['SET', `${prefix}claimed/${name}`, '1', 'NX', 'PX', life])
      if (answer === null) return false
      if (answer !== 'OK') throw unexpected(answer)
      return true
    },
  }
}

const unexpected = (answer: unknown) =>
  new TypeError(`Redis answered with ${kindOf(answer)} that is no answer to the command`)
