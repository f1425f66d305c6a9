/**
 * The tarball on the runtimes that the README names. What works in the work tree can fail there: a file that was
 * not packed, an import that only a bundler resolves, a module of Node where there is none.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { expect, inject, it } from 'vitest'
import {
  entryPoints,
  makeEmptyProject,
  makeProject,
  ownTool,
  program,
  ROOT,
  run,
  tool,
} from './project.ts'

const PROGRAMS = { 'use.mjs': program('use.mjs'), 'main.mjs': program('main.mjs') }

const SIGNED_IN = 'ada undefined {"theme":"dark"}'
const USED = {
  names: expect.anything(),
  story: [
    'undefined undefined {}',
    'signed in',
    SIGNED_IN,
    'signed out',
    'undefined undefined {}',
    'undefined revoked {}',
    'signed in',
    SIGNED_IN,
    'forced out',
    'undefined revoked {}',
  ],
  states: {
    now: 'ada undefined {}',
    idle: 'undefined idle {}',
    old: 'undefined absolute {}',
    revoked: 'undefined revoked {}',
    tampered: 'undefined invalid {}',
  },
  sealed: { to: 'ada' },
  faults: [],
}

/** The values of each entry point that are written down in `public-names.txt`. */
function publicValues(): Record<string, string[]> {
  const text = readFileSync(join(ROOT, 'test/gates/public-names.txt'), 'utf8').trim()
  const entries = text.split('\n\n').map((block) => {
    const [name = '', ...names] = block.split('\n').map((line) => line.trim())
    return [name, names.filter((one) => !one.startsWith('type ')).sort()] as const
  })
  return Object.fromEntries(entries)
}

function expectUsed(text: string): void {
  const used = JSON.parse(text)
  expect(used).toEqual(USED)
  for (const [name, names] of Object.entries(used.names)) {
    expect(names, name).toEqual(publicValues()[name])
  }
}

it('every entry point is used by one of the programs', () => {
  const programs = readdirSync(join(import.meta.dirname, 'programs'))
    .map(program)
    .join('')
  expect(entryPoints.filter((name) => !programs.includes(`'${name}'`))).toEqual([])
})

it.each([
  ['Node 20', ownTool('node'), /^v20\./],
  ['Node 24', tool('node'), /^v24\./],
])('%s', async (name, node, version) => {
  const project = makeProject(name, PROGRAMS)
  expect((await run(node, ['--version'], project)).stdout).toMatch(version)
  expectUsed((await run(node, ['main.mjs'], project)).stdout)
})

it('the command line, on Node 20', async () => {
  const bin = join(inject('installed'), 'node_modules/.bin/sealed-session')
  const { stdout } = await run(ownTool('node'), [bin, 'key'], inject('installed'))
  expect(stdout).toMatch(/^[\w-]{43}\n/)
})

it('Bun, installed by Bun', async () => {
  const project = makeEmptyProject('bun', { ...PROGRAMS, 'package.json': '{ "private": true }' })
  const hono = join(inject('installed'), 'node_modules/hono/package.json')
  const { version } = JSON.parse(readFileSync(hono, 'utf8'))
  await run(tool('bun'), ['add', inject('tarball'), `hono@${version}`], project)
  expectUsed((await run(tool('bun'), ['run', 'main.mjs'], project)).stdout)
})

it('Deno', async () => {
  const project = makeProject('deno', PROGRAMS)
  const args = ['run', '--no-prompt', '--cached-only', '--node-modules-dir=manual', 'main.mjs']
  expectUsed((await run(tool('deno'), args, project)).stdout)
})

it('workerd, without modules of Node', async () => {
  const project = makeProject('workerd', { ...PROGRAMS, 'worker.mjs': program('worker.mjs') })
  const { outputFiles } = await build({
    entryPoints: [join(project, 'worker.mjs')],
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:workers'],
  })
  const worker = {
    name: 'use',
    modules: [
      { type: 'ESModule' as const, path: 'worker.mjs', contents: outputFiles[0]?.text ?? '' },
    ],
    compatibilityDate: '2026-10-23',
    compatibilityFlags: ['no_nodejs_compat', 'no_nodejs_compat_v2'],
  }
  const miniflare = new Miniflare(convertV4MiniflareOptions({ workers: [worker] }))
  try {
    expectUsed(await (await miniflare.dispatchFetch('http://localhost/')).text())
  } finally {
    await miniflare.dispose()
  }
})

it('a page that Vite builds, and a server that Vite builds', async () => {
  const project = makeProject('vite', {
    'index.html': '<!doctype html><script type="module" src="/page.mjs"></script>\n',
    'page.mjs': program('page.mjs'),
    ...PROGRAMS,
  })
  await run(tool('node'), [ownTool('vite'), 'build', '--outDir', 'page'], project)
  const [script = ''] = readdirSync(join(project, 'page/assets'))
  const built = readFileSync(join(project, 'page/assets', script), 'utf8')
  // The element is imported for its side effect, which a bundler may drop.
  expect(built).toMatch(/customElements\.define\(.session-warning./)
  expect(built).not.toMatch(/from *["']|import *["']/)
  await run(
    tool('node'),
    [ownTool('vite'), 'build', '--ssr', 'main.mjs', '--outDir', 'server'],
    project,
  )
  expectUsed((await run(tool('node'), ['server/main.js'], project)).stdout)
})
