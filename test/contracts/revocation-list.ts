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
  { scope: 'external', session: sid('one') },
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

  it.each<RevocationTarget>([
    { scope: 'since', subject: 'ada' },
    { scope: 'external', session: sid('op') },
  ])('keeps the newest mark of the scope $scope', async (target) => {
    const list = await make()
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

/** What a list with `changes` is held to besides. Its clock is the real one. */
export function holdsToTheContractOfChanges(
  make: () => RevocationList | Promise<RevocationList>,
): void {
  const changesOf = async (list: RevocationList, since: number) => {
    const changes = await list.changes?.(since)
    if (changes === undefined) throw new TypeError('the list has no changes')
    return changes
  }
  const byName = (marks: readonly (readonly [RevocationTarget, number])[]) =>
    new Map(marks.map(([target, mark]) => [JSON.stringify(target), mark]))
  /** Lets the clock move on by at least a millisecond. */
  const tick = () => new Promise((resolve) => setTimeout(resolve, 5))

  it('tells every kind of mark that was recorded since, as it is found by name', async () => {
    const list = await make()
    const since = Date.now()
    for (const [index, target] of targets.entries()) await list.write(target, MARK + index, 3_600)
    const { from, marks } = await changesOf(list, since)
    expect(from).toBeLessThanOrEqual(since)
    const expected = targets.map((target, index) => [target, MARK + index] as const)
    expect(byName(marks)).toEqual(byName(expected))
  })

  it('tells by its clock when it answered', async () => {
    const list = await make()
    const { now } = await changesOf(list, Date.now())
    expect(Math.abs(Date.now() - now)).toBeLessThan(10_000)
  })

  it('tells nothing that was recorded before, unless it lies ahead', async () => {
    const list = await make()
    const [before, ahead, after] = ['before', 'ahead', 'after'].map(
      (subject) => ({ scope: 'subject', subject }) as const,
    ) as [RevocationTarget, RevocationTarget, RevocationTarget]
    await list.write(before, MARK, 3_600)
    await list.write(ahead, Date.now() + 86_400_000, 3_600)
    await tick()
    const { now } = await changesOf(list, Date.now())
    await tick()
    await list.write(after, MARK, 3_600)
    const { marks } = await changesOf(list, now + 1)
    expect([...byName(marks).keys()].sort()).toEqual([after, ahead].map((it) => JSON.stringify(it)))
  })

  it('tells a mark again that is written again, with the mark that now counts', async () => {
    const list = await make()
    const target = { scope: 'subject', subject: 'ada' } as const
    await list.write(target, MARK + 5, 3_600)
    await tick()
    const since = Date.now()
    await list.write(target, MARK + 3, 3_600)
    const { marks } = await changesOf(list, since)
    expect(marks).toEqual([[target, MARK + 3]])
  })
}

/** For lists that have `claim`. */
export function holdsToTheContractOfClaim(
  make: () => RevocationList | Promise<RevocationList>,
  now: () => number = Date.now,
): void {
  const claim = async (list: RevocationList, name: string, until: number) => {
    if (list.claim === undefined) throw new TypeError('the list has no claim')
    return list.claim(name, until)
  }
  const name = (text: string) => text.padEnd(43, '_')

  it('gives a name to the first call and to no other', async () => {
    const list = await make()
    const until = now() + 3_600_000
    expect(await claim(list, name('first'), until)).toBe(true)
    expect(await claim(list, name('first'), until)).toBe(false)
    expect(await claim(list, name('first'), until + 1_000)).toBe(false)
    expect(await claim(list, name('second'), until)).toBe(true)
    expect(await claim(list, name('FIRST'), until)).toBe(true)
  })

  it('gives a name to exactly one of many calls at once', async () => {
    const list = await make()
    const until = now() + 3_600_000
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => claim(list, name('at-once'), until)),
    )
    expect(answers.filter((answer) => answer)).toHaveLength(1)
  })

  it('takes names for 400 days', async () => {
    const list = await make()
    const until = now() + 400 * 86_400_000
    expect(await claim(list, name('long'), until)).toBe(true)
    expect(await claim(list, name('long'), until)).toBe(false)
  })

  it('records no mark with it', async () => {
    const list = await make()
    const before = now() - 1_000
    await claim(list, 'A'.repeat(43), now() + 3_600_000)
    expect(await list.read([...targets, { scope: 'session', sid: 'A'.repeat(22) }])).toEqual([
      ...targets.map(() => undefined),
      undefined,
    ])
    const changes = await list.changes?.(before)
    expect(changes?.marks ?? []).toEqual([])
  })
}
