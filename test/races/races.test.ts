/**
 * Requests that overlap, answers that overtake each other: nothing of it may bring back what was
 * left, or lose what was written. `RACES` sets how many interleavings, `RACES_SEED` the first seed.
 */

import { describe, expect, it } from 'vitest'
import { brokenSystem, type Fault } from './broken-systems.ts'
import { loadExample } from './example-system.ts'
import { VIOLATIONS, type Violation } from './interleaving.ts'
import { onKv } from './lists.ts'
import { race, summary, type Tally } from './race.ts'
import { loadSealed } from './sealed-system.ts'
import type { SlowData } from './slow-data.ts'

const SEED = Number(process.env.RACES_SEED ?? 1)
const COUNT = Number(process.env.RACES ?? 2_000)
const FLIP_COUNT = Number(process.env.RACES ?? 500)
const LONG = 600_000
const MOST_TRIED = 10_000

const EXAMPLE_COUNT = Math.ceil(COUNT * 0.15)

const found = ({ violations }: Tally) => VIOLATIONS.filter((violation) => violations[violation] > 0)

describe('races', () => {
  it(`holds every invariant in ${COUNT} interleavings`, { timeout: LONG }, async () => {
    const tally = await race(SEED, COUNT, await loadSealed())
    console.log(
      `races: ${COUNT} interleavings from seed ${SEED}, ${summary(tally)}`,
      tally.violations,
    )
    expect(tally.examples).toEqual([])
    // Of two isolates that share what they remember, neither would open what the other sealed.
    expect(tally.decryptions).toBeGreaterThan(tally.requests / 2)
    expect(tally.idledOut).toBeGreaterThan(COUNT / 50)
  })

  it(`and ${EXAMPLE_COUNT} of them through the example`, { timeout: LONG }, async () => {
    const tally = await race(SEED, EXAMPLE_COUNT, await loadExample())
    console.log(
      `races through the example: ${EXAMPLE_COUNT} interleavings from seed ${SEED}, ${summary(tally)}`,
      tally.violations,
    )
    expect(tally.examples).toEqual([])
    expect(tally.decryptions).toBeGreaterThan(tally.requests / 2)
  })

  it(`and ${FLIP_COUNT} with data that flips between the cookie and a store`, {
    timeout: LONG,
  }, async () => {
    let written = 0
    const places: SlowData[] = []
    const tally = await race(
      SEED,
      FLIP_COUNT,
      await loadSealed(onKv, { flips: true, onPlace: (place) => void places.push(place) }),
    )
    for (const { writes } of places) written += writes
    console.log(
      `races with data that flips: ${FLIP_COUNT} interleavings from seed ${SEED}, ${summary(tally)} ` +
        `${written} entries written`,
      tally.violations,
    )
    expect(tally.examples).toEqual([])
    expect(tally.unavailable).toBe(0)
    expect(written).toBeGreaterThan(FLIP_COUNT)
  })

  it(`and ${EXAMPLE_COUNT} with a store as stale as KV, which shows data late and never wrong`, {
    timeout: LONG,
  }, async () => {
    let missed = 0
    const places: SlowData[] = []
    const tally = await race(
      SEED,
      EXAMPLE_COUNT,
      await loadSealed(onKv, {
        flips: true,
        isStale: true,
        onPlace: (place) => void places.push(place),
      }),
    )
    for (const place of places) missed += place.missed
    console.log(
      `races with a stale store: ${EXAMPLE_COUNT} interleavings from seed ${SEED}, ${summary(tally)} ` +
        `${missed} entries not seen yet, ${tally.unavailable} requests answered 503`,
      tally.violations,
    )
    expect(tally.examples).toEqual([])
    expect(missed).toBeGreaterThan(0)
    expect(tally.unavailable).toBeGreaterThan(0)
  })

  it('runs the same way twice', async () => {
    const sealed = await loadSealed()
    const once = await race(SEED, 20, sealed)
    expect((await race(SEED, 20, sealed)).traces).toEqual(once.traces)
  })
})

describe('the races find what is wrong with a library that', { timeout: LONG }, () => {
  // Some faults take a call that was under way just then: it may take many interleavings.
  const finds = async (fault: Fault, expected: Violation[]) => {
    const seen = new Set<Violation>()
    for (let done = 0; done < MOST_TRIED && !expected.every((one) => seen.has(one)); done += 100) {
      const tally = await race(SEED + done, 100, (world) => brokenSystem(world, fault))
      for (const violation of found(tally)) seen.add(violation)
    }
    expect([...seen]).toEqual(expect.arrayContaining(expected))
  }

  it('slides by writing the whole session back', () =>
    finds('slides by writing the whole session back', [
      'a read undid a write',
      'a read undid a sign-out',
      'a read lost a sign-in',
    ]))

  it('keeps the data in a cookie of its own', () =>
    finds('keeps the data in a cookie of its own', ['a write was not whole']))

  it('never records what ended', () =>
    finds('never records what ended', [
      'a write brought a signed-out session back',
      'an old sid was honoured',
      'a subject forced out was honoured',
    ]))

  it('counts a regenerated session as new', () =>
    finds('counts a regenerated session as new', ['a subject forced out was honoured']))

  it('ends only the sid that the browser holds', () =>
    finds('ends only the sid that the browser holds', [
      'what was regenerated outlived a sign-out or sign-in',
    ]))

  it('records nothing when a session that idled out is signed out', () =>
    finds('records nothing when a session that idled out is signed out', [
      'what was regenerated outlived a sign-out or sign-in',
    ]))

  it('lets a longer timeout revive sessions', () =>
    finds('lets a longer timeout revive sessions', ['a session outlived its limit']))

  it('forgets what ended after the timeout that is configured', () =>
    finds('forgets what ended after the timeout that is configured', ['an old sid was honoured']))

  it('lets an idle session go on', () =>
    finds('lets an idle session go on', ['a session outlived its idle timeout']))

  it('lets a session escape endOthers by regenerating', () =>
    finds('lets a session escape endOthers by regenerating', [
      'a session outlived a sign-in that ends others',
    ]))

  it('lets the clock of the server decide whom endOthers ends', () =>
    finds('lets the clock of the server decide whom endOthers ends', [
      'a session outlived a sign-in that ends others',
    ]))

  it('ends the subject everywhere at a sign-out', () =>
    finds('ends the subject everywhere at a sign-out', ['a live session was lost']))

  it('ends the session when a request of an old sid comes', () =>
    finds('ends the session when a request of an old sid comes', ['a live session was lost']))
})

it('the races find nothing wrong with a library that has no fault', async () => {
  const tally = await race(SEED, 200, (world) => brokenSystem(world, 'has no fault'))
  expect(tally.examples).toEqual([])
})
