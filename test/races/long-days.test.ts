/** Long days: what a journal may be trusted with, and what breaks when it is trusted with more. */

import { describe, expect, it } from 'vitest'
import type { Break } from '../kit/module-graph.ts'
import { type LongDayOptions, longDays } from './long-days.ts'

const SEED = Number(process.env.RACES_SEED ?? 1)
const DAYS = Math.ceil(Number(process.env.RACES ?? 1_000) / 20)
const LONG = 600_000
const MOST_TRIED = 2_000

async function run(options: LongDayOptions, days: number) {
  const day = await longDays(options)
  const total = { visits: 0, revocations: 0, reads: 0, changes: 0 }
  const violations: string[] = []
  for (let seed = SEED; seed < SEED + days; seed++) {
    const { visits, revocations, counted, violations: found } = await day(seed)
    total.visits += visits
    total.revocations += revocations
    total.reads += counted.reads
    total.changes += counted.changes
    violations.push(...found)
  }
  return { total, violations }
}

describe('a session that was ended is honoured no longer than recheckAfter', () => {
  it.each([
    ['with a journal', true],
    ['by key, with what is known of everybody', false],
  ])(`in ${DAYS} long days %s`, { timeout: LONG }, async (how, hasChanges) => {
    const { total, violations } = await run({ hasChanges }, DAYS)
    console.log(
      `${DAYS} long days ${how} from seed ${SEED}:`,
      total,
      violations.length,
      'violations',
    )
    expect(violations.slice(0, 5)).toEqual([])
  })
})

const JOURNAL = 'src/revocation/journal-marks.ts'

describe('the long days find what is wrong with a library that', { timeout: LONG }, () => {
  it.each<[string, boolean, Break]>([
    [
      'trusts a journal beyond its reach',
      true,
      { file: JOURNAL, text: 'checkedAt - MARGIN >= this.#from', becomes: 'this.#from < Infinity' },
    ],
    [
      'takes no margin for clocks that differ',
      true,
      { file: JOURNAL, text: 'checkedAt - MARGIN >=', becomes: 'checkedAt >=' },
    ],
    [
      'takes no notice of a gap',
      true,
      { file: JOURNAL, text: 'const isGap =', becomes: 'const isGap = false &&' },
    ],
    [
      'dates a check by the younger of two answers',
      false,
      {
        file: 'src/revocation/list-revocation.ts',
        text: 'checkedAt: Math.min(asked, askedOfAll)',
        becomes: 'checkedAt: asked',
      },
    ],
  ])('%s', async (_, hasChanges, broken) => {
    const day = await longDays({ hasChanges, breaks: [broken] })
    let found: string[] = []
    for (let seed = SEED; found.length === 0 && seed < SEED + MOST_TRIED; seed++) {
      found = (await day(seed)).violations
    }
    expect(found).not.toEqual([])
  })
})
