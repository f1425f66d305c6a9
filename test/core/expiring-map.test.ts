/** The memory of the lists and stores that are in memory: what has expired is let go. */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { ExpiringMap } from '../../src/lib/expiring-map.ts'
import { testClock } from '../kit/visitor.ts'

const HOUR = 3_600

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

it('lets go of what has expired, at a write in a later hour', async () => {
  const now = testClock()
  const map = new ExpiringMap<object>(now)
  const put = (name: string, hours: number) => {
    const value = { name }
    map.set(name, value, now() + hours * HOUR * 1000)
    return new WeakRef(value)
  }
  const [short, long] = [put('short', 1), put('long', 100)]
  now.pass(3 * HOUR)
  put('next', 1)
  // A WeakRef holds its object until the end of the job that made or read it.
  await new Promise((resolve) => setImmediate(resolve))
  collectGarbage()
  expect(short.deref()).toBeUndefined()
  expect(long.deref()).toEqual({ name: 'long' })
  expect(map.get('long')).toEqual({ name: 'long' })
})
