/**
 * The races with sessions that are bound to devices: registrations and proofs among the requests, a
 * thief with a copy of all cookies, and browsers that cannot bind.
 */

import { expect, it } from 'vitest'
import type { Break } from '../kit/module-graph.ts'
import type { Violation } from './interleaving.ts'
import { onKv, onObject } from './lists.ts'
import { race, summary } from './race.ts'
import { loadSealed } from './sealed-system.ts'

const SEED = Number(process.env.RACES_SEED ?? 1)
const COUNT = Number(process.env.RACES ?? 100)
const LONG = 600_000

it.each([
  ['KV', onKv],
  ['an object', onObject],
] as const)(
  `hold every invariant in ${COUNT} interleavings, with the list on %s`,
  {
    timeout: LONG,
  },
  async (name, list) => {
    const tally = await race(SEED, COUNT, await loadSealed(list, undefined, { binds: true }))
    console.log(
      `races with bound sessions, list on ${name}: ${COUNT} interleavings from seed ${SEED}, ` +
        `${summary(tally)} ${tally.registrations} keys registered, ${tally.proofs} proofs, ` +
        `${tally.copiesRefused} requests of copies refused, ${tally.unavailable} answered 503, ` +
        `${tally.leftBehind} requests with a session that its browser had left`,
      tally.violations,
    )
    expect(tally.examples).toEqual([])
    expect(tally.registrations).toBeGreaterThan(COUNT)
    expect(tally.proofs).toBeGreaterThan(COUNT)
    expect(tally.copiesRefused).toBeGreaterThan(COUNT)
  },
)

it.each<[fault: string, expected: Violation, Break]>([
  [
    'takes a replaced sid for the end of the session',
    'a live session was lost',
    {
      file: 'src/binding/exchange.ts',
      text: "return session.ended !== 'revoked' || this.#isEnded(request, family)",
      becomes: 'return true',
    },
  ],
  [
    'takes a late proof of another session for none',
    'a live session was lost',
    {
      file: 'src/binding/request-binding.ts',
      text: 'this.#request.isSkipped || this.#isLate',
      becomes: 'this.#request.isSkipped',
    },
  ],
  [
    'does not look for the mark',
    'a copy without a proof was honoured',
    {
      file: 'src/binding/request-binding.ts',
      text: 'return host.hasList ? marks.check(family, claim) : undefined',
      becomes: 'return claim',
    },
  ],
  [
    'counts a proof for ever',
    'a copy without a proof was honoured',
    {
      file: 'src/binding/request-binding.ts',
      text: ' && now - provedAt < rules.lifetime)',
      becomes: ')',
    },
  ],
  [
    'trusts the memory of another check',
    'a copy without a proof was honoured',
    {
      file: 'src/binding/bound-marks.ts',
      text: 'if (Math.max(0, now() - askedAt) < recheckAfter) return askedAt',
      becomes: 'return askedAt',
    },
  ],
])('finds a fault: %s', { timeout: LONG }, async (_, expected, fault) => {
  const broken = await loadSealed(onKv, undefined, { binds: true, breaks: [fault] })
  let found = false
  for (let done = 0; done < 5_000 && !found; done += 50) {
    const tally = await race(SEED + done, 50, broken)
    found = tally.violations[expected] > 0
  }
  expect(found).toBe(true)
})
