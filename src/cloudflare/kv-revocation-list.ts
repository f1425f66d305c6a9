/**
 * The revocation list on Workers KV. Keys and values are plain, so that an operator can read and
 * write them in the dashboard or with `wrangler kv`.
 */

import {
  keepsFirst,
  keepsNewest,
  type RevocationList,
  type RevocationTarget,
  targetName,
} from '../contracts/revocation-list.ts'
import { assertOptional, onlyMembers } from '../lib/check.ts'
import { readMark } from '../lib/instant.ts'
import { sha256Hex, utf8Length } from '../lib/utf8.ts'

/**
 * The part of a KV namespace that is used. `KVNamespace` of `@cloudflare/workers-types` matches it.
 */
export interface RevocationNamespace {
  get(
    keys: string[],
    options: { type: 'text'; cacheTtl: number },
  ): Promise<Map<string, string | null>>
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>
}

/** Options of `kvRevocationList`. */
export interface KvRevocationListOptions {
  /**
   * Write the SHA-256 of every subject into its key, for subjects that must not be readable in KV.
   * Default `false`: only subjects over 400 UTF-8 bytes are hashed. Plain keys are still read, so
   * entries that were written earlier or by hand still count. If you switch the option off again,
   * entries that were written while it was on no longer count, and the sessions that they ended
   * come back.
   */
  hashSubjects?: boolean
}

// KV caches answers, negative ones too, for 60 s by default; 30 s is the minimum.
const CACHE_TTL = 30
// KV refuses entries shorter than 60 s. Keeping a dead sid listed a little longer does no harm.
const LEAST_TTL = 60
// A key has at most 512 bytes. A subject of up to 400 bytes is written as it is, with every prefix.
const LONGEST_KEY = 512
const LONGEST_SUBJECT = 400

/**
 * A revocation list on a KV namespace.
 *
 * Keys are `revoked/session/<sid>`, `revoked/replaced/<sid>`, `revoked/subject/<subject>`,
 * `revoked/others/<subject>`, `revoked/since/<subject>`, `revoked/external/<name>` and `revoked/all`;
 * `revoked/bound/<sid>` says that a session is bound to a device, and ends nothing.
 * A value is an instant, in milliseconds, seconds or ISO 8601: every session that began at or before it is over. For a sid any
 * value will do. KV takes 60 s or more to propagate.
 *
 * @example
 * kvRevocationList(env.REVOCATIONS)
 */
export function kvRevocationList(
  namespace: RevocationNamespace,
  options: KvRevocationListOptions = {},
): RevocationList {
  if (typeof namespace?.get !== 'function' || typeof namespace.put !== 'function') {
    throw new TypeError(
      'kvRevocationList() takes a KV namespace; does wrangler.toml have a binding of the same name?',
    )
  }
  onlyMembers('the options of kvRevocationList', options, ['hashSubjects'])
  assertOptional('hashSubjects', options.hashSubjects, 'boolean')
  const { hashSubjects = false } = options

  const read = async (keys: string[]): Promise<Map<string, string | null>> => {
    // Read as text, because with `json` one entry that is not JSON fails the whole read.
    const values = await namespace.get(keys, { type: 'text', cacheTtl: CACHE_TTL })
    // A key that is missing from the answer must not be read as "nothing revoked".
    if (!keys.every((key) => values.has(key))) throw new TypeError('KV answered for other keys')
    return values
  }

  return {
    async read(targets) {
      const keys = await Promise.all(targets.map((target) => keysOf(target, hashSubjects)))
      const values = await read(keys.flat())
      return keys.map((ofTarget) => newest(ofTarget.map((key) => readMark(values.get(key)))))
    },
    async write(target, mark, seconds) {
      const [key = ''] = await keysOf(target, hashSubjects)
      // A server with a slow clock, or a message that comes late, must not move such a mark back.
      const isCompared = keepsNewest(target) || keepsFirst(target)
      const known = isCompared ? readMark((await read([key])).get(key)) : undefined
      if (keepsFirst(target) && known !== undefined) return
      const newer = Number.isFinite(known) ? newest([mark, known]) : mark
      await namespace.put(key, String(newer), { expirationTtl: Math.max(LEAST_TTL, seconds) })
    },
  }
}

/**
 * The key that a target is written under, then other keys that can hold its mark: an operator
 * writes a subject in plain text, and `hashSubjects` can have been switched on later.
 */
async function keysOf(target: RevocationTarget, hashSubjects: boolean): Promise<string[]> {
  if (!('subject' in target)) return [`revoked/${targetName(target)}`]
  const { scope, subject } = target
  const plain = `revoked/${scope}/${subject}`
  if (!hashSubjects && utf8Length(subject) <= LONGEST_SUBJECT) return [plain]
  const hashed = `revoked/${scope}-sha256/${await sha256Hex(subject)}`
  return utf8Length(plain) <= LONGEST_KEY ? [hashed, plain] : [hashed]
}

function newest(marks: readonly (number | undefined)[]): number | undefined {
  const known = marks.filter((mark) => mark !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
