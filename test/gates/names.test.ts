/**
 * The public names: what each entry point exports, values and types, is written down in
 * `public-names.txt`, so that a name added or lost by accident is seen. When a change is meant,
 * `npm exec -- vitest run --project node test/gates/names.test.ts --update` writes the file anew.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = new URL('../..', import.meta.url).pathname

/** Sources are formatted: an export begins a line. */
const LIST = /^export (type )?\{([^}]*)\}/gm
const ALL = /^export \* from '(.+)'/gm
const DECLARATION =
  /^export (?:declare |abstract |async )*(class|const|function\*?|interface|let|type|namespace) ([\w$]+)/gm

/** The names that a source exports; types begin with "type ". */
function namesIn(source: string): string[] {
  const code = readFileSync(source, 'utf8')
  const listed = [...code.matchAll(LIST)].flatMap(([, type, members = '']) =>
    members
      .split(',')
      .map((member) => member.trim())
      .filter((member) => member !== '')
      .map((member) => {
        const isType = type !== undefined || member.startsWith('type ')
        const name = member.replace(/^type /, '').replace(/^.* as /, '')
        return isType ? `type ${name}` : name
      }),
  )
  const declared = [...code.matchAll(DECLARATION)].map(([, kind = '', name = '']) =>
    ['interface', 'type'].includes(kind) ? `type ${name}` : name,
  )
  const others = [...code.matchAll(ALL)].flatMap(([, path = '']) =>
    namesIn(join(source, '..', path)),
  )
  return [...listed, ...declared, ...others]
}

/** The source of an entry point: `dist/x.js` is built from `src/x.ts`. */
const sourceOf = (built: string) => join(ROOT, built.replace(/^\.\/dist\/(.*)\.js$/, 'src/$1.ts'))

it('are those that are written down', async () => {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { default: string }>
  }
  const entries = Object.entries(exports).map(([path, target]) => {
    const entry = path.replace('.', 'sealed-session')
    if (typeof target === 'string') return `${entry} (a file)`
    const names = namesIn(sourceOf(target.default)).sort((a, b) => (a < b ? -1 : 1))
    expect(names, `${entry} exports nothing that this test can read`).not.toEqual([])
    expect(new Set(names).size, `${entry} exports a name twice`).toBe(names.length)
    return [entry, ...names.map((name) => `  ${name}`)].join('\n')
  })
  await expect(`${entries.join('\n\n')}\n`).toMatchFileSnapshot('public-names.txt')
})

it('are the values that a program gets', async () => {
  const library = await import('../../src/index.ts')
  const values = namesIn(join(ROOT, 'src/index.ts')).filter((name) => !name.startsWith('type '))
  expect(Object.keys(library).sort()).toEqual(values.sort())
})
