/**
 * What every revocation list is held to. The marks are instants of this moment, because a list that
 * has `changes` compares them with its own clock.
 */

import { expect, it } from 'vitest'
import type { RevocationList, RevocationTarget } from '../../src/index.ts'

const MARK = Date.now() - 60_000
const LONG = 'ü'.repeat(300)

const sid = (text: string) => text.padEnd(22, '_')

export const targets: readonly RevocationTarget[] = [
  { scope: 'session', sid: sid('one') },
  { scope: 'replaced', sid: sid('one') },
  { scope: 'subject', subject: 'ada' },
  { scope: 'others', subject: 'ada' },
  { scope: 'since', subject: 'ada' },
  { scope: 'all' },
  { scope: 'subject', subject: 'others/ada' },
  { scope: 'subject', subject: 'a/../b?c#d e' },
  { scope: 'subject', subject: LONG },
  { scope: 'others', subject: LONG },
  { scope: 'since', subject: LONG },
  { scope: 'subject', subject: 'A' },
  { scope: 'subject', subject: 'a' },
  { scope: 'subject', subject: '名前 🎈' },
]

export function holdsToTheContract(make: () => RevocationList | Promise<RevocationList>): void {
  it('knows nothing at first', async () => {
    const list = await make()
    expect(await list.read(targets)).toEqual(targets.map(() => undefined))
  })

  it('finds a mark for its own target and no other', async () => {
    for (const [index, target] of targets.entries()) {
      const list = await make()
      await list.write(target, MARK, 3_600)
      const found = await list.read(targets)
      expect(found).toEqual(targets.map((_, other) => (other === index ? MARK : undefined)))
    }
  })

  it('answers in the order asked', async () => {
    const list = await make()
    for (const [index, target] of targets.entries()) await list.write(target, MARK + index, 3_600)
    const backwards = [...targets].reverse()
    expect(await list.read(backwards)).toEqual(targets.map((_, index) => MARK + index).reverse())
  })

  it('keeps the last mark written', async () => {
    const list = await make()
    for (const mark of [MARK, MARK + 5, MARK + 3]) await list.write({ scope: 'all' }, mark, 3_600)
    expect(await list.read([{ scope: 'all' }])).toEqual([MARK + 3])
  })

  it('keeps the newest mark of the scope since', async () => {
    const list = await make()
    const target = { scope: 'since', subject: 'ada' } as const
    for (const mark of [MARK, MARK + 5, MARK + 3]) await list.write(target, mark, 3_600)
    expect(await list.read([target])).toEqual([MARK + 5])
    await list.write(target, MARK + 9, 3_600)
    expect(await list.read([target])).toEqual([MARK + 9])
  })

  it('accepts short-lived entries', async () => {
    const list = await make()
    await list.write({ scope: 'session', sid: sid('short') }, MARK, 1)
    expect(await list.read([{ scope: 'session', sid: sid('short') }])).toEqual([MARK])
  })
}
