/** Moving a deployment from one revocation list to another without reviving anybody. */

import { kindOf } from '../lib/check.ts'
import { CLOCK_TOLERANCE, LONGEST_LIFE } from '../lib/limits.ts'
import { claimTarget, keepsFirst, type RevocationList } from './revocation-list.ts'

// A token lives no longer. Without a clock, a shorter time is not known here.
const CLAIMED_FOR = LONGEST_LIFE + CLOCK_TOLERANCE / 1000

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
  return {
    // Servers that know only the older list claim there, so that it is asked first. What is claimed on
    // the pair must stay claimed on the newer list alone.
    ...((older.claim ?? newer.claim) && {
      claim: async (name: string, until: number) =>
        (await claimOn(older, name, until)) && claimOn(newer, name, until),
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

/** Claims a name as `once` does: in a list without `claim` by a mark. */
async function claimOn(list: RevocationList, name: string, until: number): Promise<boolean> {
  if (list.claim !== undefined) return list.claim(name, until)
  const target = claimTarget(name)
  const [mark] = await list.read([target])
  if (mark === undefined) await list.write(target, 0, CLAIMED_FOR)
  return mark === undefined
}
