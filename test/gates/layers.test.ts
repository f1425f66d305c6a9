/** The gate of the import rules, on the sources as they are and on copies with one import turned around. */

import { execFile } from 'node:child_process'
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const ROOT = new URL('../..', import.meta.url).pathname

function layers(argument?: string): Promise<{ code: number; out: string }> {
  const script = join(ROOT, 'tools/layers.mjs')
  const args = argument === undefined ? [script] : [script, argument]
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), out: stdout + stderr })
    })
  })
}

it('finds nothing in the sources', async () => {
  const { code, out } = await layers()
  expect(out).toMatch(/^\d+ files keep the import rules\n$/)
  expect(code).toBe(0)
})

it('knows every room, and CONTRIBUTING shows its rules', async () => {
  const { out } = await layers('--table')
  const entries = await readdir(join(ROOT, 'src'), { withFileTypes: true })
  for (const room of entries.filter((entry) => entry.isDirectory())) {
    expect(out).toContain(`| ${room.name} |`)
  }
  expect(await readFile(join(ROOT, 'CONTRIBUTING.md'), 'utf8')).toContain(out)
})

describe('in a small copy', () => {
  let folder: string

  /** A little library that keeps the rules, with a file for each room that the cases need. */
  const SOURCES = {
    'index.ts': `export type { Claims } from './session/claims.ts'\nexport { load } from './session/load.ts'\n`,
    'lib/check.ts': `/** Not a call of Date.now(). */\nexport const check = 1 // nor Date.now()\n`,
    'lib/platform.ts': `export const systemClock = () => Date.now()\n`,
    'seal/seal.ts': `/** Seals. */\nimport { check } from '../lib/check.ts'\n\nexport const seal = [check]\n`,
    'tokens/sign.ts': `import { CompactSign } from 'jose'\nimport { seal } from '../seal/seal.ts'\n\nexport const sign = [CompactSign, seal]\n`,
    'cookies/cookie.ts': `import { seal } from '../seal/seal.ts'\n\nexport const cookie = seal\n`,
    'session/claims.ts': `export interface Claims {\n  sid: string\n}\n`,
    'session/load.ts': `import { cookie } from '../cookies/cookie.ts'\nimport type { Claims } from './claims.ts'\n\nexport const load = (claims: Claims) => [cookie, claims]\n`,
    'client/protocol.ts': `import type { Claims } from '../session/claims.ts'\n\nexport type Protocol = Claims\n`,
    'hono/middleware.ts': `import { Hono } from 'hono'\nimport type { Protocol } from '../client/protocol.ts'\nimport { load } from '../session/load.ts'\n\nexport const app = (protocol: Protocol) => [new Hono(), load, protocol]\n`,
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sealed-session-layers-'))
    for (const [file, code] of Object.entries(SOURCES)) {
      await mkdir(join(folder, file, '..'), { recursive: true })
      await writeFile(join(folder, file), code)
    }
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('finds nothing at first', async () => {
    expect(await layers(folder)).toEqual({ code: 0, out: '10 files keep the import rules\n' })
  })

  it.each([
    [
      'an import that points up',
      'cookies/cookie.ts',
      `import { load } from '../session/load.ts'`,
      'src/cookies/cookie.ts:4: cookies may import seal, lib; not src/session/load.ts.',
    ],
    [
      'a type import that points up, over several lines',
      'seal/seal.ts',
      `import type {\n  Claims,\n} from '../session/claims.ts'`,
      'src/seal/seal.ts:5: seal may import lib; not the types of src/session/claims.ts.\n' +
        '  Move src/session/claims.ts to lib.',
    ],
    [
      'a type imported in an expression',
      'lib/check.ts',
      `export type Claims = import('../session/claims.ts').Claims`,
      'src/lib/check.ts:3: lib may import nothing; not src/session/claims.ts.',
    ],
    [
      'a re-export',
      'lib/check.ts',
      `export * from '../cookies/cookie.ts'`,
      'src/lib/check.ts:3: lib may import nothing; not src/cookies/cookie.ts.',
    ],
    [
      'an import for its side effect',
      'lib/check.ts',
      `import '../seal/seal.ts'`,
      'src/lib/check.ts:3: lib may import nothing; not src/seal/seal.ts.',
    ],
    [
      'a value where only types may be imported',
      'client/protocol.ts',
      `import { type Claims as C, load } from '../session/load.ts'`,
      'src/client/protocol.ts:4: client may import types of session, lib; not src/session/load.ts.',
    ],
    [
      'another file where only one may be imported',
      'hono/middleware.ts',
      `import { watch } from '../client/watch.ts'`,
      'src/hono/middleware.ts:6: hono may import session, client/protocol, lib; not src/client/watch.ts.',
    ],
    [
      'an import of an entry point',
      'session/load.ts',
      `import { seal } from '../index.ts'`,
      'src/session/load.ts:5: session may import cookies, revocation, contracts, seal, lib; not src/index.ts.',
    ],
    [
      'jose outside its rooms',
      'session/load.ts',
      `import { base64url } from 'jose'`,
      'src/session/load.ts:5: session may not import "jose".\n' +
        '  Move the code that needs it to tokens or logout or binding.',
    ],
    [
      'a package that is not listed',
      'lib/check.ts',
      `import { debounce } from 'lodash-es'`,
      'src/lib/check.ts:3: lib may not import "lodash-es".\n' +
        '  Do without the package, or list it under PACKAGES in tools/layers.mjs.',
    ],
    [
      'the clock read elsewhere',
      'session/load.ts',
      `export const now = Date.now()`,
      'src/session/load.ts:5: only src/lib/platform.ts may call Date.now.\n' +
        '  Import what src/lib/platform.ts exports.',
    ],
    [
      'randomness taken elsewhere',
      'seal/seal.ts',
      `crypto.getRandomValues(new Uint8Array(1))`,
      'src/seal/seal.ts:5: only src/lib/platform.ts may call getRandomValues.',
    ],
    [
      'code in an entry point',
      'index.ts',
      `export const version = '1'`,
      'src/index.ts:3: a file directly in src/ is an entry point and only re-exports.\n' +
        '  Move this code to the room that it belongs to, and export it from there.',
    ],
    [
      'a circle within a room',
      'session/claims.ts',
      `import type { load } from './load.ts'`,
      'src/session/load.ts:2: imports go round in a circle: ' +
        'src/session/claims.ts -> src/session/load.ts -> src/session/claims.ts.\n' +
        '  Move what both need into a file of its own, which imports neither.',
    ],
    [
      'a room without a rule',
      'helpers/text.ts',
      `export const text = ''`,
      'src/helpers/text.ts:1: there is no room "helpers".\n' +
        '  Move the file, or give the room a rule in tools/layers.mjs.',
    ],
  ])('finds %s', async (_, file, line, message) => {
    await mkdir(join(folder, file, '..'), { recursive: true })
    await appendFile(join(folder, file), `${line}\n`)
    const { code, out } = await layers(folder)
    expect(out).toContain(message)
    expect(code).toBe(1)
  })

  it('says to turn the import around when moving helps neither file', async () => {
    await appendFile(
      join(folder, 'cookies/cookie.ts'),
      `import { app } from '../hono/middleware.ts'\n`,
    )
    expect((await layers(folder)).out).toContain(
      'Declare in cookies the interface that cookies needs, and let hono hand it in.',
    )
  })
})

it('finds one import turned around in a copy of the real sources', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sealed-session-layers-'))
  try {
    await cp(join(ROOT, 'src'), folder, { recursive: true })
    const [low] = await readdir(join(folder, 'lib'))
    const [high] = await readdir(join(folder, 'session'))
    await appendFile(join(folder, 'lib', `${low}`), `import '../session/${high}'\n`)
    const { code, out } = await layers(folder)
    expect(out).toContain(`lib may import nothing; not src/session/${high}.\n`)
    expect(code).toBe(1)
  } finally {
    await rm(folder, { recursive: true })
  }
})
