/**
 * The declarations compile in a project that checks those of its packages too, has no types of Node or Cloudflare,
 * and resolves in any of the three ways: a declaration that needs more than the package brings breaks the builds of
 * people who never see our sources.
 */

import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { entryPoints, makeProject, ownTool, ROOT, run, tool } from './project.ts'

const RESOLUTIONS = [
  { module: 'ESNext', moduleResolution: 'Bundler' },
  { module: 'Node16', moduleResolution: 'Node16' },
  { module: 'NodeNext', moduleResolution: 'NodeNext' },
]

/** Only Cloudflare's types say what `cloudflare:workers` is, from which a Durable Object must inherit. */
const ON_CLOUDFLARE = 'sealed-session/durable-object'

const imports = (names: readonly string[]) =>
  names.map((name, index) => `export * as e${index} from '${name}'\n`).join('')

/** An app that uses what the declarations infer. */
const APP = `
import { Hono } from 'hono'
import { createSessionManager, memoryRevocationList } from 'sealed-session'
import { session } from 'sealed-session/hono'
import { sessionCookie } from 'sealed-session/testing'

const options = { keys: 'key', revocationList: memoryRevocationList() }
const manager = createSessionManager<{ theme: string }>(options)
export const app = new Hono().use(session(manager)).get('/', (c) => {
  const { subject, data } = c.var.session
  const both: [string | undefined, string | undefined] = [subject, data.theme]
  // @ts-expect-error There is no such member.
  void c.var.session.user
  return c.json(both)
})
export const cookie: Promise<string> = sessionCookie(options, { subject: 'ada', idleFor: 60 })
`

function project(name: string, compilerOptions: object, names: readonly string[]): string {
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    target: 'ES2022',
    ...compilerOptions,
  }
  const tsconfig = { compilerOptions: options, files: ['all.ts', 'app.ts'] }
  return makeProject(name, {
    'tsconfig.json': JSON.stringify(tsconfig),
    'all.ts': imports(names),
    'app.ts': APP,
  })
}

const [bundler, node16, nodeNext] = RESOLUTIONS

it.each([
  ['TypeScript 7', 'as a bundler resolves', tool('tsc'), bundler],
  ['TypeScript 7', 'as Node 16 resolves', tool('tsc'), node16],
  ['TypeScript 7', 'as Node resolves', tool('tsc'), nodeNext],
  ['TypeScript 5.9', 'as Node resolves', ownTool('tsc'), nodeNext],
])('%s, %s, without types of a platform', async (version, how, tsc, resolution) => {
  const options = { ...resolution, types: [], lib: ['ES2022', 'DOM', 'DOM.Iterable'] }
  const names = entryPoints.filter((name) => name !== ON_CLOUDFLARE)
  const folder = project(`${version} ${how}`, options, names)
  expect((await run(tool('node'), [tsc, '--version'], folder)).stdout).toContain(version.slice(11))
  await run(tool('node'), [tsc, '-p', '.'], folder)
})

it('on Cloudflare, with its types instead of those of a browser', async () => {
  const options = { ...bundler, types: ['@cloudflare/workers-types'], lib: ['ES2022'] }
  const names = entryPoints.filter((name) => !name.includes('/client'))
  expect(names).toContain(ON_CLOUDFLARE)
  const folder = project('cloudflare', options, names)
  const types = 'node_modules/@cloudflare/workers-types'
  cpSync(join(ROOT, types), join(folder, types), { recursive: true })
  await run(tool('node'), [tool('tsc'), '-p', '.'], folder)
})
