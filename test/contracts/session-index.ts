/** What the store of every session index is held to. */

import { expect, it } from 'vitest'
import type { SessionIndexStore } from '../../src/index.ts'

const ADA = 'a'.repeat(64)
const GRACE = `${'a'.repeat(63)}b`
const sid = (text: string) => text.padEnd(22, '_')
const RECORD = { began: 1_772_366_400_123, seen: 1_772_366_400_123, until: 1_772_409_600_123 }

const byFamily = (records: readonly { family: string; record: unknown }[]) =>
  Object.fromEntries(records.map(({ family, record }) => [family, record]))

export function holdsToTheIndexContract(
  make: () => SessionIndexStore | Promise<SessionIndexStore>,
): void {
  it('knows nothing at first', async () => {
    const store = await make()
    expect(await store.list(ADA)).toEqual([])
    expect(await store.read(ADA, sid('one'))).toBeUndefined()
  })

  it('lists what was written for the subject, and nothing of another', async () => {
    const store = await make()
    await store.write(ADA, sid('one'), RECORD, 3_600)
    await store.write(ADA, sid('two'), { ...RECORD, about: { browser: 'Ü 🎈' } }, 3_600)
    await store.write(GRACE, sid('one'), { ...RECORD, seen: 5 }, 3_600)
    expect(byFamily(await store.list(ADA))).toEqual({
      [sid('one')]: RECORD,
      [sid('two')]: { ...RECORD, about: { browser: 'Ü 🎈' } },
    })
    expect(byFamily(await store.list(GRACE))).toEqual({ [sid('one')]: { ...RECORD, seen: 5 } })
    expect(await store.read(GRACE, sid('one'))).toEqual({ ...RECORD, seen: 5 })
    expect(await store.read(GRACE, sid('two'))).toBeUndefined()
  })

  it('keeps the last record written', async () => {
    const store = await make()
    for (const seen of [1, 3, 2]) await store.write(ADA, sid('one'), { ...RECORD, seen }, 3_600)
    expect(byFamily(await store.list(ADA))).toEqual({ [sid('one')]: { ...RECORD, seen: 2 } })
  })

  it('removes one record, also one that is not there', async () => {
    const store = await make()
    await store.write(ADA, sid('one'), RECORD, 3_600)
    await store.write(ADA, sid('two'), RECORD, 3_600)
    await store.remove(ADA, sid('one'))
    await store.remove(ADA, sid('one'))
    await store.remove(GRACE, sid('two'))
    expect(Object.keys(byFamily(await store.list(ADA)))).toEqual([sid('two')])
  })

  it('takes a record of 900 bytes, and one that need not live long', async () => {
    const store = await make()
    const about = 'x'.repeat(900 - JSON.stringify({ ...RECORD, about: '' }).length)
    await store.write(ADA, sid('large'), { ...RECORD, about }, 3_600)
    await store.write(ADA, sid('short'), RECORD, 1)
    expect(await store.read(ADA, sid('large'))).toEqual({ ...RECORD, about })
    expect(await store.read(ADA, sid('short'))).toEqual(RECORD)
  })

  it('lists more than a thousand records', { timeout: 60_000 }, async () => {
    const store = await make()
    const families = Array.from({ length: 1_050 }, (_, index) => sid(`many-${index}`))
    for (let at = 0; at < families.length; at += 50) {
      const some = families.slice(at, at + 50)
      await Promise.all(some.map((family) => store.write(ADA, family, RECORD, 3_600)))
    }
    const found = await store.list(ADA)
    expect(found.map(({ family }) => family).sort()).toEqual(families.sort())
  })
}
