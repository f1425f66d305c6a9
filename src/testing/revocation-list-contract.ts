/**
 * What every revocation list is held to. The marks are instants of this moment, because a list that
 * has `changes` compares them with its own clock.
 */

import type { RevocationList, RevocationTarget } from '../contracts/revocation-list.ts'
import { systemClock } from '../lib/platform.ts'
import { assertEqual, assertThat, type ContractCase, contractCase } from './contract-case.ts'

/** Makes an empty list for one case. */
export type MakeRevocationList = () => RevocationList | Promise<RevocationList>

/** Options of the contracts of lists. */
export interface ContractOptions {
  /** The clock of the store, in milliseconds like `Date.now`. Default: the system's. */
  now?: () => number
}

const LONG = 'ü'.repeat(300)
const DAY = 86_400_000

const sid = (text: string) => text.padEnd(22, '_')

/** Targets of every scope, with subjects that a store could confuse. */
export const targets: readonly RevocationTarget[] = [
  { scope: 'session', sid: sid('one') },
  { scope: 'replaced', sid: sid('one') },
  { scope: 'subject', subject: 'ada' },
  { scope: 'others', subject: 'ada' },
  { scope: 'since', subject: 'ada' },
  { scope: 'external', session: sid('one') },
  { scope: 'all' },
  { scope: 'bound', sid: sid('one') },
  { scope: 'subject', subject: 'others/ada' },
  { scope: 'subject', subject: 'a/../b?c#d e' },
  { scope: 'subject', subject: LONG },
  { scope: 'others', subject: LONG },
  { scope: 'since', subject: LONG },
  { scope: 'subject', subject: 'A' },
  { scope: 'subject', subject: 'a' },
  { scope: 'subject', subject: '名前 🎈' },
]

/** The cases that every revocation list must pass. */
export function revocationListContract(
  make: MakeRevocationList,
  { now = systemClock }: ContractOptions = {},
): readonly ContractCase[] {
  const mark = now() - 60_000
  const readsAs = async (
    list: RevocationList,
    asked: readonly RevocationTarget[],
    expected: readonly (number | undefined)[],
  ) => assertEqual(await list.read(asked), expected, 'what read() answers')

  return [
    contractCase('knows nothing at first', async () => {
      const list = await make()
      await readsAs(
        list,
        targets,
        targets.map(() => undefined),
      )
    }),

    contractCase(
      'finds a mark for its own target and no other',
      async () => {
        for (const [index, target] of targets.entries()) {
          const list = await make()
          await list.write(target, mark, 3_600)
          const expected = targets.map((_, other) => (other === index ? mark : undefined))
          await readsAs(list, targets, expected)
        }
      },
      15,
    ),

    contractCase('answers in the order asked', async () => {
      const list = await make()
      for (const [index, target] of targets.entries()) await list.write(target, mark + index, 3_600)
      const expected = targets.map((_, index) => mark + index).reverse()
      await readsAs(list, [...targets].reverse(), expected)
    }),

    contractCase('keeps the last mark written', async () => {
      const list = await make()
      for (const one of [mark, mark + 5, mark + 3]) await list.write({ scope: 'all' }, one, 3_600)
      await readsAs(list, [{ scope: 'all' }], [mark + 3])
    }),

    ...[
      { scope: 'since', subject: 'ada' } as const,
      { scope: 'external', session: sid('op') } as const,
    ].map((target) =>
      contractCase(`keeps the newest mark of the scope ${target.scope}`, async () => {
        const list = await make()
        for (const one of [mark, mark + 5, mark + 3]) await list.write(target, one, 3_600)
        await readsAs(list, [target], [mark + 5])
        await list.write(target, mark + 9, 3_600)
        await readsAs(list, [target], [mark + 9])
      }),
    ),

    contractCase('keeps the first mark of the scope bound', async () => {
      const list = await make()
      const target = { scope: 'bound', sid: sid('device') } as const
      for (const one of [mark, mark + 5, mark - 5]) await list.write(target, one, 3_600)
      await readsAs(list, [target], [mark])
    }),

    contractCase('accepts short-lived entries', async () => {
      const list = await make()
      const target = { scope: 'session', sid: sid('short') } as const
      await list.write(target, mark, 1)
      await readsAs(list, [target], [mark])
    }),
  ]
}

/** The further cases of a list that has `changes`. Its clock must be the real one. */
export function revocationChangesContract(make: MakeRevocationList): readonly ContractCase[] {
  const mark = systemClock() - 60_000
  const changesOf = async (list: RevocationList, since: number) => {
    const changes = await list.changes?.(since)
    assertThat(changes !== undefined, 'the list has no changes()')
    return changes
  }
  type Marks = readonly (readonly [RevocationTarget, number])[]
  const byName = (marks: Marks) =>
    Object.fromEntries(marks.map(([target, at]) => [JSON.stringify(target), at]))
  const tells = (marks: Marks, expected: Marks) =>
    assertEqual(byName(marks), byName(expected), 'what changes() tells')
  /** Lets the clock move on by at least a millisecond. */
  const tick = () => new Promise((resolve) => setTimeout(resolve, 5))

  return [
    contractCase(
      'tells every kind of mark that was recorded since, as it is found by name',
      async () => {
        const list = await make()
        const since = systemClock()
        for (const [index, target] of targets.entries())
          await list.write(target, mark + index, 3_600)
        const { from, marks } = await changesOf(list, since)
        assertThat(from <= since, 'changes() is complete only from later than it was asked for')
        // What binds ends nothing, and may be left out.
        const isEnding = ([{ scope }]: Marks[number]) => scope !== 'bound'
        const expected = targets.map((target, index) => [target, mark + index] as const)
        tells(marks.filter(isEnding), expected.filter(isEnding))
      },
    ),

    contractCase('tells by its clock when it answered', async () => {
      const { now } = await changesOf(await make(), systemClock())
      const off = Math.abs(systemClock() - now)
      assertThat(off < 10_000, `the clock of changes() is off by ${off} ms`)
    }),

    contractCase('tells nothing that was recorded before, unless it lies ahead', async () => {
      const list = await make()
      const of = (subject: string) => ({ scope: 'subject', subject }) as const
      const ahead = systemClock() + DAY
      await list.write(of('before'), mark, 3_600)
      await list.write(of('ahead'), ahead, 3_600)
      await tick()
      const { now } = await changesOf(list, systemClock())
      await tick()
      await list.write(of('after'), mark, 3_600)
      const { marks } = await changesOf(list, now + 1)
      tells(marks, [
        [of('ahead'), ahead],
        [of('after'), mark],
      ])
    }),

    contractCase(
      'tells a mark again that is written again, with the mark that now counts',
      async () => {
        const list = await make()
        const target = { scope: 'subject', subject: 'ada' } as const
        await list.write(target, mark + 5, 3_600)
        await tick()
        const since = systemClock()
        await list.write(target, mark + 3, 3_600)
        const { marks } = await changesOf(list, since)
        tells(marks, [[target, mark + 3]])
      },
    ),
  ]
}

/** The further cases of a list that has `claim`. */
export function revocationClaimContract(
  make: MakeRevocationList,
  { now = systemClock }: ContractOptions = {},
): readonly ContractCase[] {
  const name = (text: string) => text.padEnd(43, '_')
  const claim = (list: RevocationList, text: string, until: number) => {
    assertThat(list.claim !== undefined, 'the list has no claim()')
    return list.claim(text, until)
  }
  const claims = async (list: RevocationList, text: string, until: number, expected: boolean) =>
    assertEqual(await claim(list, text, until), expected, 'what claim() answers')

  return [
    contractCase('gives a name to the first call and to no other', async () => {
      const list = await make()
      const until = now() + 3_600_000
      await claims(list, name('first'), until, true)
      await claims(list, name('first'), until, false)
      await claims(list, name('first'), until + 1_000, false)
      await claims(list, name('second'), until, true)
      await claims(list, name('FIRST'), until, true)
    }),

    contractCase('gives a name to exactly one of many calls at once', async () => {
      const list = await make()
      const until = now() + 3_600_000
      const calls = Array.from({ length: 50 }, () => claim(list, name('at-once'), until))
      const given = (await Promise.all(calls)).filter((answer) => answer)
      assertEqual(given.length, 1, 'the number of calls that got the name')
    }),

    contractCase('takes names for 400 days', async () => {
      const list = await make()
      const until = now() + 400 * DAY
      await claims(list, name('long'), until, true)
      await claims(list, name('long'), until, false)
    }),

    contractCase('records no mark with it', async () => {
      const list = await make()
      const before = now() - 1_000
      await claim(list, 'A'.repeat(43), now() + 3_600_000)
      const asked = [...targets, { scope: 'session', sid: 'A'.repeat(22) } as const]
      const found = (await list.read(asked)).filter((one) => one !== undefined)
      assertEqual(found, [], 'the marks after claim()')
      const changes = await list.changes?.(before)
      assertEqual(changes?.marks ?? [], [], 'the changes after claim()')
    }),
  ]
}
