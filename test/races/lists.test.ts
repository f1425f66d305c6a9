/**
 * The races on every list but KV, where `races.test.ts` runs them: Redis, a Durable Object whose clock
 * is off, and the same with answers shared by the isolates of a data centre. `RACES` sets how many.
 */

import { describe, expect, it } from 'vitest'
import { onObject, onRedis, onSharedObject } from './lists.ts'
import { race, summary } from './race.ts'
import { loadSealed } from './sealed-system.ts'

const SEED = Number(process.env.RACES_SEED ?? 1)
const COUNT = Number(process.env.RACES ?? 500)
const LONG = 600_000

describe('races', () => {
  it.each([
    ['Redis', onRedis],
    ['an object', onObject],
    ['a shared object', onSharedObject],
  ])(
    `hold every invariant in ${COUNT} interleavings on %s`,
    { timeout: LONG },
    async (name, list) => {
      const tally = await race(SEED, COUNT, await loadSealed(list), (conditions) => ({
        ...conditions,
        // These lists are never stale, and notice a revocation sooner.
        staleness: 0,
        recheckAfter: [0, 1, 10, 60][Number(conditions.seed) % 4] as number,
      }))
      console.log(
        `races on ${name}: ${COUNT} interleavings from seed ${SEED}, ${summary(tally)}`,
        tally.violations,
      )
      expect(tally.examples).toEqual([])
      expect(tally.decryptions).toBeGreaterThan(tally.requests / 2)
    },
  )
})
