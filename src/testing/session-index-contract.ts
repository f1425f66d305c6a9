/** What the store of every session index is held to. */

import type { SessionIndexStore, StoredRecord } from '../contracts/session-index-store.ts'
import { assertEqual, type ContractCase, contractCase } from './contract-case.ts'

const ADA = 'a'.repeat(64)
const GRACE = `${'a'.repeat(63)}b`
const RECORD = { began: 1_772_366_400_123, seen: 1_772_366_400_123, until: 1_772_409_600_123 }

const sid = (text: string) => text.padEnd(22, '_')

const byFamily = (records: readonly StoredRecord[]) =>
  Object.fromEntries(records.map(({ family, record }) => [family, record]))

/** The cases that every store of a session index must pass. `make` gives an empty one. */
export function sessionIndexContract(
  make: () => SessionIndexStore | Promise<SessionIndexStore>,
): readonly ContractCase[] {
  const lists = async (store: SessionIndexStore, subject: string, expected: object) =>
    assertEqual(byFamily(await store.list(subject)), expected, 'what list() answers')
  const reads = async (
    store: SessionIndexStore,
    subject: string,
    family: string,
    expected: object | undefined,
  ) => assertEqual(await store.read(subject, family), expected, 'what read() answers')

  return [
    contractCase('knows nothing at first', async () => {
      const store = await make()
      await lists(store, ADA, {})
      await reads(store, ADA, sid('one'), undefined)
    }),

    contractCase('lists what was written for the subject, and nothing of another', async () => {
      const store = await make()
      const about = { browser: 'Ü 🎈' }
      await store.write(ADA, sid('one'), RECORD, 3_600)
      await store.write(ADA, sid('two'), { ...RECORD, about }, 3_600)
      await store.write(GRACE, sid('one'), { ...RECORD, seen: 5 }, 3_600)
      await lists(store, ADA, { [sid('one')]: RECORD, [sid('two')]: { ...RECORD, about } })
      await lists(store, GRACE, { [sid('one')]: { ...RECORD, seen: 5 } })
      await reads(store, GRACE, sid('one'), { ...RECORD, seen: 5 })
      await reads(store, GRACE, sid('two'), undefined)
    }),

    contractCase('keeps the last record written', async () => {
      const store = await make()
      for (const seen of [1, 3, 2]) await store.write(ADA, sid('one'), { ...RECORD, seen }, 3_600)
      await lists(store, ADA, { [sid('one')]: { ...RECORD, seen: 2 } })
    }),

    contractCase('removes one record, also one that is not there', async () => {
      const store = await make()
      await store.write(ADA, sid('one'), RECORD, 3_600)
      await store.write(ADA, sid('two'), RECORD, 3_600)
      await store.remove(ADA, sid('one'))
      await store.remove(ADA, sid('one'))
      await store.remove(GRACE, sid('two'))
      await lists(store, ADA, { [sid('two')]: RECORD })
    }),

    contractCase('takes a record of 900 bytes, and one that need not live long', async () => {
      const store = await make()
      const about = 'x'.repeat(900 - JSON.stringify({ ...RECORD, about: '' }).length)
      await store.write(ADA, sid('large'), { ...RECORD, about }, 3_600)
      await store.write(ADA, sid('short'), RECORD, 1)
      await reads(store, ADA, sid('large'), { ...RECORD, about })
      await reads(store, ADA, sid('short'), RECORD)
    }),

    contractCase(
      'lists more than a thousand records',
      async () => {
        const store = await make()
        const families = Array.from({ length: 1_050 }, (_, index) => sid(`many-${index}`))
        for (let at = 0; at < families.length; at += 50) {
          const some = families.slice(at, at + 50)
          await Promise.all(some.map((family) => store.write(ADA, family, RECORD, 3_600)))
        }
        const found = (await store.list(ADA)).map(({ family }) => family)
        assertEqual(found.sort(), families.sort(), 'the families')
      },
      60,
    ),
  ]
}
