/** What every data store is held to. The clock belongs to the test, where the place has one. */

import { expect, it } from 'vitest'
import type { DataStore } from '../../src/index.ts'

const DAY = 86_400_000

/** A store with the session manager taken away: what it seals is the text, in base64. */
export function connect(store: DataStore, now: () => number) {
  const events: unknown[] = []
  const { takes, write, read } = bound(
    store.connect({
      now,
      report: (event) => void events.push(event),
      seal: async (json) => btoa(json),
      open: async (sealed) => JSON.parse(atob(sealed)),
    }),
  )
  return { events, takes, write, read }
}

type Connected = ReturnType<DataStore['connect']>
const bound = (connected: Connected): Connected => ({
  takes: (json) => connected.takes(json),
  write: (json, limit) => connected.write(json, limit),
  read: (reference) => connected.read(reference),
})

const json = (length: number, letter = 'x') => JSON.stringify({ text: letter.repeat(length) })

/**
 * `open` gives a place, as a function that makes stores on it: each remembers nothing of what the
 * others wrote or read. `now` is the clock of the place.
 */
export function holdsToTheContract(
  open: () => Promise<() => DataStore> | (() => DataStore),
  now: () => number = Date.now,
): void {
  const openPlace = async () => {
    const make = await open()
    return () => connect(make(), now)
  }

  it.each([1, 4_000, 100_000, 250_000])('gives back %i characters exactly', async (length) => {
    const place = await openPlace()
    const reference = await place().write(json(length), now() + DAY)
    expect(await place().read(reference)).toBe(json(length))
  })

  it('keeps every entry apart, also equal ones', async () => {
    const place = await openPlace()
    const texts = ['a', 'b', 'a', 'c'].map((letter) => json(10, letter))
    const references = []
    for (const text of texts) references.push(await place().write(text, now() + DAY))
    expect(new Set(references).size).toBe(4)
    for (const [index, reference] of references.entries()) {
      expect(await place().read(reference)).toBe(texts[index])
    }
  })

  it.each([
    ['a second', 1_000],
    ['400 days', 400 * DAY],
  ])('takes data of a session that lives for %s', async (_, life) => {
    const place = await openPlace()
    const reference = await place().write(json(10), now() + life)
    expect(await place().read(reference)).toBe(json(10))
  })

  it('tells what it does not have from what it has, and what may still come from what is lost', async () => {
    const place = await openPlace()
    const made = (age: number) =>
      `${'A'.repeat(22)}.${'A'.repeat(43)}.${Math.floor(now() / 1000) - age}`
    const store = place()
    expect(await store.read(made(5))).toMatchObject({ code: 'data-unavailable' })
    expect(await store.read(made(180))).toBeUndefined()
    expect(store.events).toEqual([
      { type: 'data-missing', age: expect.any(Number) },
      { type: 'data-missing', age: expect.any(Number) },
    ])
  })
}
