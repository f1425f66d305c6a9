import { describe, expect, it } from 'vitest'
import { memoryRevocationList } from '../../src/index.ts'
import { testClock } from '../kit/visitor.ts'
import { holdsToTheContract } from './revocation-list.ts'

describe('the list in memory', () => {
  holdsToTheContract(() => memoryRevocationList({ now: testClock() }))

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

  it('refuses options that it does not have', () => {
    expect(() => memoryRevocationList({ ttl: 1 } as object)).toThrow(/has no option "ttl"/)
  })
})
