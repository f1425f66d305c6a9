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

const numberOf = (text: string): number => Number(text.replaceAll(/[,_]/g, ''))

function expectDefault(name: string, value: string, where: string) {
  const known = DEFAULTS.get(name)
  expect(known, `${where}: no option "${name}" has a number as its default`).toBeDefined()
  expect([...(known ?? [])], `${where}: \`${name}\``).toContain(numberOf(value))
}

const inSeconds = (milliseconds: number): number => milliseconds / 1000
const inMinutes = (milliseconds: number): number => milliseconds / 60_000
const inHours = (milliseconds: number): number => milliseconds / 3_600_000
const inDays = (milliseconds: number): number => milliseconds / 86_400_000

/** Places that say a timeout in words of their own, and the numbers that must stand there. */
const PLACES: readonly (readonly [file: string, words: RegExp, values: readonly number[]])[] =
  (() => {
    const { normal, remembered } = timeouts
    const idle = inSeconds(normal.idle)
    const absolute = inSeconds(normal.absolute)
    const minutes = inMinutes(normal.idle)
    const hours = inHours(normal.absolute)
    const days = [inDays(remembered.idle), inDays(remembered.absolute)] as const
    const comparison = 'docs/django-flask-rails.md'
    const twice = [inHours(2 * normal.idle), inHours(2 * normal.absolute)]
    return [
      ['README.md', /Defaults: idle (\d+) minutes, absolute (\d+) hours;/, [minutes, hours]],
      ['README.md', /; remembered (\d+) days and (\d+) days;/, days],
      ['docs/concepts.md', /\*\*idle\*\*.* \| (\d+) minutes \| (\d+) days \|/, [minutes, days[0]]],
      ['docs/concepts.md', /\*\*absolute\*\*.* \| (\d+) hours \| (\d+) days \|/, [hours, days[1]]],
      ['docs/guide.md', /Below ([\d,]+) you must also set `idleTimeout`/, [idle]],
      ['docs/guide.md', /default idle timeout of ([\d,]+)/, [idle]],
      ['docs/guide.md', /It has been (\d+) hours/, [hours]],
      [
        'docs/guide.md',
        /until (\d+) hours after its sign-in by default, or (\d+) days/,
        [hours, days[1]],
      ],
      ['docs/guide.md', /sessionCookie\(.* idleFor: ([\d_]+) /, [idle]],
      ['docs/testing.md', /\['idle', \{ idleFor: ([\d_]+) \}\]/, [idle]],
      ['docs/testing.md', /\['absolute', \{ age: ([\d_]+) \}\]/, [absolute]],
      [
        'docs/testing.md',
        /idleFor: ([\d_]+) \}` \| ends as `idle`: (\d+) minutes/,
        [idle, minutes],
      ],
      [
        'docs/testing.md',
        /age: ([\d_]+) \}` \| ends as `absolute`: (\d+) hours/,
        [absolute, hours],
      ],
      [comparison, /^\| idle timeout .* always, (\d+) minutes/m, [minutes]],
      [comparison, /^\| absolute timeout .* always, (\d+) hours/m, [hours]],
      [comparison, /`absoluteTimeout`, (\d+) hours; .*, (\d+) days/, [hours, days[1]]],
      [comparison, /`remembered` \| idle (\d+) days, absolute (\d+) days/, days],
      [comparison, /ends after (\d+) days without a\nvisit or (\d+) days in all/, days],
      [
        'docs/threat-model.md',
        /at most (\d+) h idle and (\d+) h overall at AAL2; the defaults are half/,
        twice,
      ],
      [
        'src/session/timeouts.ts',
        /at most (\d+) h idle and (\d+) h overall at AAL2; the defaults are half/,
        twice,
      ],
      ['src/session/options.ts', /\((\d+) minutes\)\. At most/, [minutes]],
      ['src/session/options.ts', /\((\d+) hours\), at most/, [hours]],
      ['src/session/options.ts', /\((\d+) days\) and [\d,]+ \((\d+) days\)/, days],
      ['src/testing/session-cookie.ts', /sessionCookie\(.* idleFor: ([\d_]+) /, [idle]],
    ]
  })()

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
    const [, written] = /^\| `remembered` \| `(.*?)` \|/m.exec(read('docs/guide.md')) ?? []
    expect(written, 'docs/guide.md: `remembered`').toBe(
      `{ idleTimeout: ${inSeconds(idle)}, absoluteTimeout: ${inSeconds(absolute)} }`,
    )
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
      `${inMinutes(normal.idle)} minutes`,
      `${inHours(normal.absolute)} hours`,
      `${inDays(remembered.idle)} days`,
      `${inDays(remembered.absolute)} days`,
    ]
    const sentences = read(page).match(/^.*\bdefaults?\b.*$/gim) ?? []
    for (const sentence of sentences.filter((text) => /idle|absolute|remember/i.test(text))) {
      for (const [time] of sentence.matchAll(/\b\d+ (?:minutes|hours|days)/g)) {
        expect(known, `${page}: ${sentence}`).toContain(time)
      }
    }
  })

  it.each(PLACES)('in words: %s, %s', (file, words, values) => {
    const found = words.exec(read(file))
    expect(found !== null, `${file} has no text like ${words} any more`).toBe(true)
    expect(found?.slice(1).map(numberOf), `${file}: "${found?.[0]}"`).toEqual(values)
  })
})
