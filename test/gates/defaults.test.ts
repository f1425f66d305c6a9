/** Every default that a page or a doc comment names is the one of the code. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveTimeouts } from '../../src/session/timeouts.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const SOURCES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name}`)

const timeouts = resolveTimeouts({})

/** Options with a number as their default, by name: what the code takes if they are left out. */
const DEFAULTS: ReadonlyMap<string, ReadonlySet<number>> = (() => {
  const found = new Map<string, Set<number>>()
  const add = (name: string, value: number) =>
    found.set(name, (found.get(name) ?? new Set()).add(value))
  add('idleTimeout', timeouts.normal.idle / 1000)
  add('absoluteTimeout', timeouts.normal.absolute / 1000)
  add('touchAfter', timeouts.touchAfter / 1000)
  for (const source of SOURCES) {
    for (const [, name = '', value = ''] of read(source).matchAll(/\b(\w+) \?\? ([\d_]+)/g)) {
      add(name, Number(value.replaceAll('_', '')))
    }
    // Members that a destructuring takes from options: `{ recheckAfter = 60 }`.
    for (const [, members = ''] of read(source).matchAll(/\{([^{}]*)\}(?=[^{}]* = |:)/g)) {
      for (const [, name = '', value = ''] of members.matchAll(/\b(\w+) = ([\d_]+)/g)) {
        add(name, Number(value.replaceAll('_', '')))
      }
    }
  }
  return found
})()

const numberOf = (text: string): number => Number(text.replaceAll(',', ''))

function expectDefault(name: string, value: string, where: string) {
  const known = DEFAULTS.get(name)
  expect(known, `${where}: no option "${name}" has a number as its default`).toBeDefined()
  expect([...(known ?? [])], `${where}: \`${name}\``).toContain(numberOf(value))
}

describe('a default', () => {
  it.each(PAGES)('in brackets behind its option: %s', (page) => {
    for (const [, name = '', value = ''] of read(page).matchAll(
      /`(\w+)` \(([\d,]+) (?:s|seconds|bytes)\b/g,
    )) {
      expectDefault(name, value, page)
    }
  })

  it('in the table of options', () => {
    const rows = [...read('docs/guide.md').matchAll(/^\| `(\w+)` \| ([\d,]+) \|/gm)]
    expect(rows.length).toBeGreaterThan(5)
    for (const [, name = '', value = ''] of rows) expectDefault(name, value, 'docs/guide.md')
    const { idle, absolute } = timeouts.remembered
    const remembered = `{ idleTimeout: ${idle / 1000}, absoluteTimeout: ${absolute / 1000} }`
    expect(read('docs/guide.md')).toContain(`| \`remembered\` | \`${remembered}\` |`)
  })

  it.each(SOURCES)('in a doc comment: %s', (source) => {
    for (const [, comment = '', name = ''] of read(source).matchAll(
      /\/\*\*((?:(?!\*\/).)*)\*\/\s+(?:readonly )?(\w+)\?:/gs,
    )) {
      const [, value] = /Default:? ([\d,]*\d)/.exec(comment) ?? []
      if (value !== undefined && name !== 'remembered') expectDefault(name, value, source)
    }
  })

  it.each(PAGES)('as a time of a session: %s', (page) => {
    const { normal, remembered } = timeouts
    const known = [
      `${normal.idle / 60_000} minutes`,
      `${normal.absolute / 3_600_000} hours`,
      `${remembered.idle / 86_400_000} days`,
      `${remembered.absolute / 86_400_000} days`,
    ]
    const sentences = read(page).match(/^.*\bdefaults?\b.*$/gim) ?? []
    for (const sentence of sentences.filter((text) => /idle|absolute|remember/i.test(text))) {
      for (const [time] of sentence.matchAll(/\b\d+ (?:minutes|hours|days)/g)) {
        expect(known, `${page}: ${sentence}`).toContain(time)
      }
    }
  })

  it('of the two timeouts stands in the README and in the concepts', () => {
    const sentence = 'Defaults: idle 30 minutes, absolute 12 hours; remembered 7 days and 30 days'
    expect(read('README.md')).toContain(sentence)
    const concepts = read('docs/concepts.md')
    expect(concepts).toMatch(/\*\*idle\*\*.* \| 30 minutes \| 7 days \|/)
    expect(concepts).toMatch(/\*\*absolute\*\*.* \| 12 hours \| 30 days \|/)
    expect(timeouts.normal).toEqual({ idle: 30 * 60_000, absolute: 12 * 3_600_000 })
    expect(timeouts.remembered).toEqual({ idle: 7 * 86_400_000, absolute: 30 * 86_400_000 })
  })
})
