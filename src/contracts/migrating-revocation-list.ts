/** Moving a deployment from one revocation list to another without reviving anybody. */

import { kindOf } from '../lib/check.ts'
import { keepsFirst, type RevocationList } from './revocation-list.ts'

/**
 * Reads both lists and writes both, for the time in which some servers still write only the older
 * one, and one longest `absoluteTimeout` more. Of two marks the later counts, and of two keys that a session
 * was bound to the first. It has no `changes`,
 * because the newer list is not told of everything yet.
 *
 * @example
 * migratingRevocationList(kvRevocationList(env.KV), durableObjectRevocationList(env.REVOCATIONS))
 */
export function migratingRevocationList(
  older: RevocationList,
  newer: RevocationList,
): RevocationList {
  for (const list of [older, newer]) {
    if (typeof list?.read !== 'function' || typeof list.write !== 'function') {
      throw new TypeError(
        `migratingRevocationList() takes two revocation lists, the older one first; got ${kindOf(list)}`,
      )
    }
  }
  const claimOlder = older.claim?.bind(older)
  const claimNewer = newer.claim?.bind(newer)
  return {
    // Servers that know only the older list claim there, so that it decides first. Without `claim` on
    // both, `once` is best effort until the move is over.
    ...(claimOlder &&
      claimNewer && {
        claim: async (name: string, until: number) =>
          (await claimOlder(name, until)) && claimNewer(name, until),
      }),
    async read(targets) {
      const [before, after] = await Promise.all([older.read(targets), newer.read(targets)])
      if (before.length !== after.length) throw new TypeError('a list answered for other targets')
      return before.map((mark, index) => {
        const other = after[index]
        if (mark === undefined || other === undefined) return mark ?? other
        const isFirst = targets.some((target, at) => at === index && keepsFirst(target))
        return isFirst ? Math.min(mark, other) : Math.max(mark, other)
      })
    },
    async write(target, mark, seconds) {
      // Both are told, also if one of them fails.
      const writes = [older, newer].map(async (list) => list.write(target, mark, seconds))
      await Promise.allSettled(writes)
      await Promise.all(writes)
    },
  }
}
