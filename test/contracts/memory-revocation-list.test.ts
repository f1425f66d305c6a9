import { describe, expect, it } from 'vitest'
import { memoryRevocationList } from '../../src/index.ts'
import { testClock } from '../kit/visitor.ts'
import { holdsToTheContract, holdsToTheContractOfClaim } from './revocation-list.ts'

describe('the list in memory', () => {
  holdsToTheContract(() => memoryRevocationList({ now: testClock() }))

  const now = testClock()
  holdsToTheContractOfClaim(() => memoryRevocationList({ now }), now)

  it('keeps an entry as long as asked, and then forgets it', async () => {
    const now = testClock()
    const list = memoryRevocationList({ now })
    await list.write({ scope: 'all' }, now(), 60)
    now.pass(59)
    expect(await list.read([{ scope: 'all' }])).toHaveLength(1)
    expect((await list.read([{ scope: 'all' }]))[0]).toBeDefined()
    now.pass(1)
    expect(await list.read([{ scope: 'all' }])).toEqual([undefined])
  })

  it('keeps an entry that was written again for longer, when the first life of it is over', async () => {
    const now = testClock()
    const list = memoryRevocationList({ now })
    await list.write({ scope: 'all' }, now(), 60)
    await list.write({ scope: 'all' }, now(), 4 * 3_600)
    now.pass(3 * 3_600)
    // A write drops what is over.
    await list.write({ scope: 'subject', subject: 'ada' }, now(), 60)
    expect((await list.read([{ scope: 'all' }]))[0]).toBeDefined()
  })

  it('refuses options that it does not have', () => {
    expect(() => memoryRevocationList({ ttl: 1 } as object)).toThrow(/no option "ttl"/)
  })
})
