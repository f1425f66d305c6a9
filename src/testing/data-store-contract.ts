/** What every data store is held to. */

import type { ConnectedDataStore, DataEvent, DataStore } from '../contracts/data-store.ts'
import { systemClock } from '../lib/platform.ts'
import { assertEqual, assertThat, type ContractCase, contractCase } from './contract-case.ts'
import type { ContractOptions } from './revocation-list-contract.ts'

const DAY = 86_400_000

/** A store without a session manager: what it seals is the text, in base64. */
export interface BareDataStore extends ConnectedDataStore {
  /** What it reported, in order. */
  readonly events: readonly DataEvent[]
}

/** Connects a store to no manager. */
export function bareDataStore(store: DataStore, now: () => number): BareDataStore {
  const events: DataEvent[] = []
  const connected = store.connect({
    now,
    report: (event) => events.push(event),
    seal: async (json) => btoa(json),
    open: async (sealed) => atob(sealed),
  })
  return {
    events,
    takes: (json) => connected.takes(json),
    write: (json, limit) => connected.write(json, limit),
    read: (reference) => connected.read(reference),
  }
}

/**
 * The cases that every data store must pass. `open` gives a place, as a function that makes stores on
 * it: each remembers nothing of what the others wrote or read.
 *
 * @example
 * dataStoreContract(() => () => dataStore(myPlace))
 */
export function dataStoreContract(
  open: () => (() => DataStore) | Promise<() => DataStore>,
  { now = systemClock }: ContractOptions = {},
): readonly ContractCase[] {
  const openPlace = async () => {
    const make = await open()
    return () => bareDataStore(make(), now)
  }
  const json = (length: number, letter = 'x') => JSON.stringify({ text: letter.repeat(length) })
  const gives = async (store: BareDataStore, reference: string, expected: string) =>
    assertThat(
      (await store.read(reference)) === expected,
      `the data of ${expected.length} characters did not come back exactly`,
    )

  return [
    ...[1, 4_000, 100_000, 250_000].map((length) =>
      contractCase(`gives back ${length} characters exactly`, async () => {
        const place = await openPlace()
        const reference = await place().write(json(length), now() + DAY)
        await gives(place(), reference, json(length))
      }),
    ),

    contractCase('keeps every entry apart, also equal ones', async () => {
      const place = await openPlace()
      const texts = ['a', 'b', 'a', 'c'].map((letter) => json(10, letter))
      const references: string[] = []
      for (const text of texts) references.push(await place().write(text, now() + DAY))
      assertEqual(new Set(references).size, 4, 'the number of references')
      for (const [index, reference] of references.entries()) {
        await gives(place(), reference, texts[index] ?? '')
      }
    }),

    ...[['a second', 1_000] as const, ['400 days', 400 * DAY] as const].map(([words, life]) =>
      contractCase(`takes data of a session that lives for ${words}`, async () => {
        const place = await openPlace()
        const reference = await place().write(json(10), now() + life)
        await gives(place(), reference, json(10))
      }),
    ),

    contractCase(
      'tells what it does not have from what it has, and what may still come from what is lost',
      async () => {
        const place = await openPlace()
        const made = (age: number) =>
          `${'A'.repeat(22)}.${'A'.repeat(43)}.${Math.floor(now() / 1000) - age}`
        const store = place()
        const recent = await store.read(made(5))
        const code = typeof recent === 'object' ? recent.code : recent
        assertEqual(code, 'data-unavailable', 'the code for an entry written 5 seconds ago')
        assertEqual(await store.read(made(180)), undefined, 'an entry written 180 seconds ago')
        const types = store.events.map(({ type }) => type)
        assertEqual(types, ['data-missing', 'data-missing'], 'the events')
      },
    ),
  ]
}
