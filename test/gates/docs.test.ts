/** Every code block in the documentation compiles against the sources. */

import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const ROOT = new URL('../..', import.meta.url).pathname

const CONFIG = {
  extends: '../../tsconfig.json',
  compilerOptions: {
    module: 'ESNext',
    moduleResolution: 'Bundler',
    lib: ['ES2024', 'DOM', 'DOM.Iterable'],
    types: ['@cloudflare/workers-types'],
    isolatedDeclarations: false,
    declaration: false,
    paths: {
      'sealed-session': ['../../src/index.ts'],
      'sealed-session/client/element': ['../../src/client-element.ts'],
      'sealed-session/client/drafts': ['../../src/client-drafts.ts'],
      'sealed-session/*': ['../../src/*.ts'],
    },
  },
  include: ['*'],
}

async function codeBlocks(): Promise<{ name: string; code: string }[]> {
  // The code of frameworks.md needs the frameworks: `npm run integrations` compiles and runs it.
  const docs = (await readdir(join(ROOT, 'docs'))).filter(
    (name) => name.endsWith('.md') && name !== 'frameworks.md',
  )
  const files = ['README.md', ...docs.map((name) => `docs/${name}`)]
  const blocks = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(ROOT, file), 'utf8')
      return [...text.matchAll(/^```(tsx?)\n(.*?)^```/gms)].map(
        ([, language, code = ''], index) => ({
          name: `${file.replace(/\W+/g, '-')}-${index + 1}.${language}`,
          // A block is a module even if it imports nothing.
          code: `${code}\nexport {}\n`,
        }),
      )
    }),
  )
  return blocks.flat()
}

it('every code block in the docs compiles', { timeout: 60_000 }, async () => {
  const blocks = await codeBlocks()
  expect(blocks.length).toBeGreaterThan(5)
  const folder = await mkdtemp(join(ROOT, 'test', '.docs-'))
  try {
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(CONFIG))
    for (const { name, code } of blocks) await writeFile(join(folder, name), code)
    const tsc = join(ROOT, 'node_modules', '.bin', 'tsc')
    const run = promisify(execFile)(tsc, ['-p', folder]).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    )
    expect(await run).toBe('')
  } finally {
    await rm(folder, { recursive: true })
  }
})

it.each([
  ['d1', 'guide'],
  ['postgres', 'guide'],
  ['operator-route', 'operations'],
])('the recipe for %s in docs/%s.md is the one that is tested', async (name, page) => {
  const recipe = await readFile(join(ROOT, `test/recipes/${name}.ts`), 'utf8')
  expect(await readFile(join(ROOT, `docs/${page}.md`), 'utf8')).toContain(recipe)
})

it.each(['testing-guide', 'testing-env-guide'])(
  'the page on testing has the test that runs as %s',
  async (name) => {
    const test = await readFile(join(ROOT, `test/workers/${name}.test.ts`), 'utf8')
    const page = await readFile(join(ROOT, 'docs/testing.md'), 'utf8')
    expect(page.includes(test), `docs/testing.md has not the text of ${name}.test.ts`).toBe(true)
  },
)
