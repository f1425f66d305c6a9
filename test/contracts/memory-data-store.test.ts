import { describe, expect, it } from 'vitest'
import { dataStore, memoryDataStore } from '../../src/index.ts'
import { testClock } from '../kit/visitor.ts'
import { connect, holdsToTheContract } from './data-store.ts'

describe('the data store in memory', () => {
  const now = testClock()
  holdsToTheContract(() => {
    const store = memoryDataStore({ now })
    return () => store
  }, now)

  it.each([
    [-1, '{"a":1}'],
    [0, undefined],
  ])(
    'keeps data a minute longer than the session, and then forgets it: %i s',
    async (offset, found) => {
      const now = testClock()
      // More than the store remembers besides, so that it has to look.
      const store = connect(memoryDataStore({ now, maxData: 5_000_000 }), now)
      const reference = await store.write('{"a":1}', now() + 600_000)
      await store.write(JSON.stringify('x'.repeat(1_999_700)), now() + 600_000)
      now.pass(660 + offset)
      expect(await store.read(reference)).toBe(found)
    },
  )

  it('takes the options of every store', () => {
    expect(() => memoryDataStore({ ttl: 1 } as object)).toThrow(
      'no option "ttl" in the options of a data store',
    )
  })
})

describe('a data store on a place of your own', () => {
  const place = () => {
    const entries = new Map<string, string>()
    return {
      read: async (key: string) => entries.get(key),
      write: async (key: string, value: string) => void entries.set(key, value),
    }
  }
  holdsToTheContract(() => {
    const shared = place()
    return () => dataStore(shared)
  })

  it.each([
    [{ keep: 'never' }, `"keep" must be 'overflow' or 'always'; got a string`],
    [{ maxData: 0 }, '"maxData" must be a whole number of bytes from 1 to 10000000'],
    [{ maxData: 10_000_001 }, '"maxData" must be a whole number of bytes from 1 to 10000000'],
    [{ maxData: '64kB' }, '"maxData" must be a whole number of bytes from 1 to 10000000'],
    [{ timeout: 0 }, '"timeout" must be a whole number of seconds from 1 to 60; got 0'],
    [{ timeOut: 1 }, 'did you mean "timeout"?'],
  ])('refuses the options %j', (options, message) => {
    expect(() => dataStore(place(), options as object)).toThrow(TypeError)
    expect(() => dataStore(place(), options as object)).toThrow(message)
  })

  it.each([[undefined], [{}], [{ read() {} }], [{ get() {}, put() {} }]])(
    'refuses %j for a place',
    (adapter) => {
      expect(() => dataStore(adapter as never)).toThrow(
        /^dataStore\(\) takes an object with the methods read and write; got /,
      )
    },
  )
})
