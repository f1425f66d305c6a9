/**
 * Every example in a doc comment, and so in the API reference, compiles against the sources. An example
 * is a few lines of an app: `CONTEXT` has what the rest of the app would bring.
 */

import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const ROOT = new URL('../..', import.meta.url).pathname

/** What stands around an example. Things of other packages are `any`. */
const CONTEXT = `
import type { Context, Handler, Hono } from 'hono'
import type * as core from 'sealed-session'
import type { SessionEnv } from 'sealed-session/hono'

declare global {
  interface Env { SESSION_KEYS: string; REVOCATIONS: KVNamespace }
  const env: { SESSION_KEYS: string } & Record<string, any>
  const app: Hono<SessionEnv>
  const c: Context<SessionEnv>
  const session: core.Session
  const manager: core.SessionManager
  const sessions: core.SessionManager
  const keys: core.Keys
  const revocationList: core.RevocationList
  const list: core.RevocationList
  const options: core.SessionOptions<object>
  const myStore: core.SessionIndexStore
  const myList: core.RevocationList
  const journal: typeof core.journal
  const myChanges: NonNullable<core.RevocationList['changes']>
  const myPlace: core.DataStoreAdapter
  const { read, write }: core.DataStoreAdapter
  const changePassword: Handler<SessionEnv>
  const now: () => number
  const email: string, title: string, token: string
  const error: unknown
  const client: any, banner: any, makeList: any, file: File
  const upload: (file: File) => Promise<Response>
  const watcher: import('sealed-session/client').SessionWatcher
  const jar: import('sealed-session/testing').CookieJar
  const it: (name: string, run: () => Promise<void>) => void
}
`

const CONFIG = {
  extends: '../../tsconfig.json',
  compilerOptions: {
    module: 'ESNext',
    moduleResolution: 'Bundler',
    types: ['@cloudflare/workers-types'],
    isolatedDeclarations: false,
    declaration: false,
    // What a framework passes to a function of the app has the framework's types.
    noImplicitAny: false,
    paths: {
      'sealed-session': ['../../src/index.ts'],
      'sealed-session/client/element': ['../../src/client-element.ts'],
      'sealed-session/client/drafts': ['../../src/client-drafts.ts'],
      'sealed-session/*': ['../../src/*.ts'],
    },
  },
  include: ['*'],
}

/** The values that each entry point exports, from the list that the gate of names keeps. */
async function entryPoints(): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  let entry = ''
  for (const line of (await readFile(join(ROOT, 'test/gates/public-names.txt'), 'utf8')).split(
    '\n',
  )) {
    if (line.startsWith('sealed-session')) entry = line
    else if (line.startsWith('  ') && !line.startsWith('  type ')) found.set(line.trim(), entry)
  }
  return found
}

/** A module with the example in a function. What it calls of ours is imported. */
function moduleOf(example: string, source: string, entries: Map<string, string>): string {
  const exported = example.split('\n').filter((line) => /^export \{/.test(line))
  const body = example.replaceAll(/^export \{.*$/gm, '').replaceAll(/^export /gm, '')
  const used = [...entries].filter(([name]) =>
    new RegExp(`(?:\\b${name}[(<]|\\b(?:new|instanceof) ${name}\\b)`).test(body),
  )
  return [
    ...used.map(([name, entry]) => `import { ${name} } from '${entry}'`),
    ...exported,
    source.startsWith('node/') ? 'declare const app: any' : '',
    `export async function example(): Promise<unknown> {\n${body}\nreturn }`,
  ].join('\n')
}

it('every example in a doc comment compiles', { timeout: 60_000 }, async () => {
  const entries = await entryPoints()
  const folder = await mkdtemp(join(ROOT, 'test', '.docs-'))
  try {
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(CONFIG))
    await writeFile(join(folder, 'context.d.ts'), CONTEXT)
    let count = 0
    for (const path of (await readdir(join(ROOT, 'src'), { recursive: true })).sort()) {
      if (!path.endsWith('.ts')) continue
      const text = await readFile(join(ROOT, 'src', path), 'utf8')
      for (const [, block = ''] of text.matchAll(
        /@example\n((?: *\*(?: [^\n]*)?\n)*?)(?= *\*\/| *\* @)/g,
      )) {
        const example = block.replaceAll(/^ *\* ?/gm, '')
        // HTML is not compiled.
        if (example.startsWith('<')) continue
        const name = `${path.replaceAll(/\W+/g, '-')}-${++count}.ts`
        await writeFile(join(folder, name), moduleOf(example, path, entries))
      }
    }
    expect(count).toBeGreaterThan(30)
    const tsc = join(ROOT, 'node_modules', '.bin', 'tsc')
    const complaints = await promisify(execFile)(tsc, ['-p', folder]).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    )
    expect(complaints).toBe('')
  } finally {
    await rm(folder, { recursive: true })
  }
})
