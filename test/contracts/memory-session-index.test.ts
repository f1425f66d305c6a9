import { describe, expect, it } from 'vitest'
import { memorySessionIndexStore } from '../../src/contracts/session-index-store.ts'
import { testClock } from '../kit/visitor.ts'
import { holdsToTheIndexContract } from './session-index.ts'

describe('the session index in memory', () => {
  holdsToTheIndexContract(() => memorySessionIndexStore(testClock()))

  it('forgets a record when its time is over', async () => {
    const now = testClock()
    const store = memorySessionIndexStore(now)
    await store.write('ada', 'one', { seen: 1 }, 60)
    now.pass(59)
    expect(await store.list('ada')).toHaveLength(1)
    now.pass(1)
    expect(await store.list('ada')).toEqual([])
    expect(await store.read('ada', 'one')).toBeUndefined()
    await store.write('bob', 'three', { seen: 3 }, 7_200)
    now.pass(3_600)
    await store.write('grace', 'two', { seen: 2 }, 60)
    expect(await store.list('ada')).toEqual([])
    expect(await store.list('bob')).toHaveLength(1)
  })
})
