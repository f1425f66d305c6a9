/** Moving from one list to another: nobody whose end either of them knows is revived. */

import { describe, expect, it } from 'vitest'
import {
  createSessionManager,
  memoryRevocationList,
  migratingRevocationList,
  type RevocationList,
  type RevocationTarget,
} from '../../src/index.ts'
import { ListWithChanges } from '../kit/list-with-changes.ts'
import { testClock, Visitor } from '../kit/visitor.ts'
import { holdsToTheContract } from './revocation-list.ts'

const ALL = { scope: 'all' } as const
const ADA = { scope: 'subject', subject: 'ada' } as const
const KEY = 'YSBrZXkgb2YgdGhlIHRlc3RzLCBub3QgYSBzZWNyZXQ'

const away: RevocationList = {
  read: async () => Promise.reject(new Error('away')),
  write: async () => Promise.reject(new Error('away')),
}

function pair() {
  const now = testClock()
  const [older, newer] = [memoryRevocationList({ now }), new ListWithChanges(now)]
  return { now, older, newer, both: migratingRevocationList(older, newer) }
}

describe('a list that is moving', () => {
  holdsToTheContract(() => pair().both)

  it('finds what stands in either, and of two marks the later', async () => {
    const { older, newer, both } = pair()
    await older.write(ALL, 7, 60)
    await newer.write(ADA, 5, 60)
    expect(await both.read([ALL, ADA])).toEqual([7, 5])
    await older.write(ADA, 6, 60)
    await newer.write(ALL, 3, 60)
    expect(await both.read([ALL, ADA])).toEqual([7, 6])
  })

  it('of two keys that a session was bound to, finds the first', async () => {
    const { older, newer, both } = pair()
    const [here, there] = ['here', 'there'].map(
      (name) => ({ scope: 'bound', sid: name.padEnd(22, '_') }) as const,
    ) as [RevocationTarget, RevocationTarget]
    await older.write(here, 5, 60)
    await newer.write(here, 7, 60)
    await older.write(there, 9, 60)
    await newer.write(there, 8, 60)
    expect(await both.read([ALL, here, there])).toEqual([undefined, 5, 8])
  })

  it('writes both', async () => {
    const { older, newer, both } = pair()
    await both.write(ALL, 7, 60)
    expect(await older.read([ALL])).toEqual([7])
    expect(await newer.read([ALL])).toEqual([7])
  })

  it.each(['older', 'newer'])(
    'rejects when the %s list fails, and tells the other all the same',
    async (which) => {
      const { older } = pair()
      const list =
        which === 'older'
          ? migratingRevocationList(away, older)
          : migratingRevocationList(older, away)
      await expect(list.read([ALL])).rejects.toThrow('away')
      await expect(list.write(ALL, 7, 60)).rejects.toThrow('away')
      expect(await older.read([ALL])).toEqual([7])
    },
  )

  it('rejects an answer for other targets', async () => {
    const { older } = pair()
    const short: RevocationList = { ...older, read: async () => [] }
    await expect(migratingRevocationList(older, short).read([ALL])).rejects.toThrow(
      'a list answered for other targets',
    )
  })

  it('is not asked what has changed, because the newer one is not told of everything', async () => {
    expect(pair().both.changes).toBeUndefined()
  })

  it('revives nobody whom a server that knows only the older list has ended', async () => {
    const { now, older, newer, both } = pair()
    const isolate = (revocationList: RevocationList) =>
      createSessionManager({ keys: KEY, revocationList, recheckAfter: 10, now })
    const visitor = new Visitor(isolate(both), now)
    await visitor.visit((session) => session.signIn('ada'))
    await isolate(older).revokeSubject('ada')
    now.pass(10)
    expect(await visitor.see(({ ended }) => ended)).toBe('revoked')
    expect(newer.counted.changes).toBe(0)
  })

  it('says what it takes', () => {
    expect(() => migratingRevocationList(pair().older, undefined as never)).toThrow(
      'migratingRevocationList() takes two revocation lists, the older one first; got undefined',
    )
  })
})
