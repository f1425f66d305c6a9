/**
 * The code in docs/recipes.md and docs/frameworks.md is the code of files that are run. A comment
 * before each block names its file. When a file has changed,
 * `npm exec -- vitest run --project node test/gates/shown-files.test.ts --update` writes the pages anew.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = new URL('../..', import.meta.url).pathname
const PAGES = ['docs/recipes.md', 'docs/frameworks.md']
const BLOCK = /^<!-- (\S+) -->\n(```\w+\n)[\s\S]*?^```$/gm

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

it.each(PAGES)('%s shows the files that it names', async (page) => {
  const shown = read(page).replace(
    BLOCK,
    (_, path: string, fence: string) => `<!-- ${path} -->\n${fence}${read(path)}\`\`\``,
  )
  await expect(shown).toMatchFileSnapshot(join(ROOT, page))
})

it.each(PAGES)('%s has no code that is not a file', (page) => {
  const text = read(page)
  const fences = text.match(/^```\w+$/gm) ?? []
  expect(fences.length).toBeGreaterThan(5)
  expect([...text.matchAll(BLOCK)]).toHaveLength(fences.length)
})

it('every recipe that is tested in workerd is shown', () => {
  const tested = read('test/workers/recipes.test.ts').matchAll(/'\.\.\/recipes\/(\S+)'/g)
  const names = [...tested].map(([, name]) => `<!-- test/recipes/${name} -->`)
  expect(names).toHaveLength(6)
  const text = read('docs/recipes.md')
  for (const name of names) expect(text).toContain(name)
})

it('every integration has a section', () => {
  const text = read('docs/frameworks.md')
  const folders = readdirSync(join(ROOT, 'integrations'), { withFileTypes: true })
  const names = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  expect(names.length).toBeGreaterThan(7)
  for (const name of names) expect(text).toContain(`<!-- integrations/${name}/`)
})
