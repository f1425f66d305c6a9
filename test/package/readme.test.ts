/**
 * A stranger follows the README: the tarball in an empty project, the Worker, wrangler.toml and .dev.vars as they
 * are printed there, and nothing else. Sign-in, sign-out and force-out take under 40 lines of the app's own code.
 */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryRevocationList } from '../../src/index.ts'
import { CookieJar, sessionCookie } from '../../src/testing.ts'
import { freePort, type Program, start } from '../outside/programs.ts'
import { makeProject, ROOT, run, tool } from './project.ts'

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')

/** The first block of a language in the README that holds a text. */
function block(language: string, text: string): string {
  const blocks = [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))]
  const found = blocks.map(([, code = '']) => code).find((code) => code.includes(text))
  if (found === undefined) throw new Error(`the README has no block of ${language} with ${text}`)
  return found
}

const worker = block('ts', 'export default app')
const startUp = block('sh', '.dev.vars')

it('the Worker takes under 40 lines', () => {
  const lines = worker.split('\n').filter((line) => line.trim() !== '')
  expect(lines.length).toBeGreaterThan(10)
  expect(lines.length).toBeLessThan(40)
  for (const call of ['signIn(', 'destroy(', 'revokeSubject(']) expect(worker).toContain(call)
})

describe('the Worker under wrangler dev', () => {
  let dev: Program
  let origin: string
  let keys: string
  const jar = new CookieJar()

  beforeAll(async () => {
    const project = makeProject('readme', {
      'index.ts': worker,
      'wrangler.toml': block('toml', 'kv_namespaces'),
    })
    // The lines of the README, but for the tools that are installed here already.
    const keyLine = startUp.split('\n').find((line) => line.includes('> .dev.vars')) ?? 'false'
    await run('sh', ['-c', keyLine], project)
    keys = readFileSync(join(project, '.dev.vars'), 'utf8').trim().replace('SESSION_KEYS=', '')
    const [port, inspector] = [await freePort(), await freePort()]
    origin = `http://localhost:${port}`
    const ports = ['--port', `${port}`, '--inspector-port', `${inspector}`]
    const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js')
    dev = start(
      process.execPath,
      [wrangler, 'dev', '--show-interactive-dev-session=false', ...ports],
      { cwd: project, env: { WRANGLER_SEND_METRICS: 'false', CI: 'true', NO_COLOR: '1' } },
    )
    await dev.printed(`Ready on ${origin}`)
  })
  afterAll(() => dev?.stop())

  async function visit(path: string, method = 'GET', cookies = jar) {
    const headers = { Origin: origin, 'Content-Type': 'application/x-www-form-urlencoded' }
    const request = new Request(origin + path, { method, headers, redirect: 'manual' })
    const response = await cookies.send(request, fetch)
    return `${response.status} ${await response.text()}`
  }

  it('signs in, signs out and forces out, for good', async () => {
    expect(await visit('/')).toMatch(/^401/)
    expect(await visit('/sign-in', 'POST')).toMatch(/^303/)
    expect(await visit('/')).toBe('200 Hello ada')
    const copy = jar.clone()
    expect(await visit('/sign-out', 'POST')).toMatch(/^303/)
    expect(await visit('/')).toMatch(/^401/)
    expect(await visit('/', 'GET', copy)).toMatch(/^401.*revoked/s)
    await visit('/sign-in', 'POST')
    expect(await visit('/')).toBe('200 Hello ada')
    const elsewhere = new CookieJar()
    await visit('/sign-in', 'POST', elsewhere)
    expect(await visit('/force-out/ada', 'POST', elsewhere)).toMatch(/^200/)
    expect(await visit('/')).toMatch(/^401.*revoked/s)
    await visit('/sign-in', 'POST')
    expect(await visit('/')).toBe('200 Hello ada')
  })

  it('lets only the operator force people out', async () => {
    const forceOut = (cookie: string) => {
      const headers = { Origin: origin, Cookie: cookie }
      return fetch(`${origin}/force-out/ada`, { method: 'POST', headers })
    }
    expect((await forceOut('')).status).toBe(401)
    const grace = { subject: 'grace' }
    const cookie = await sessionCookie({ keys, revocationList: memoryRevocationList() }, grace)
    expect((await forceOut(cookie)).status).toBe(403)
  })

  it('takes no form that a page of another site sends', async () => {
    const headers = { Origin: 'https://evil.example', 'Content-Type': 'text/plain' }
    const response = await fetch(`${origin}/sign-out`, { method: 'POST', headers })
    expect(response.status).toBe(403)
  })
})

it('the Worker compiles with the types that the README says', async () => {
  const compilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, target: 'ES2022', lib: ['ES2022'] },
    ...{ module: 'ESNext', moduleResolution: 'Bundler', types: [types('workers-types')] },
  }
  const project = makeProject('readme types', {
    'index.ts': worker,
    'tsconfig.json': JSON.stringify({ compilerOptions, files: ['index.ts'] }),
  })
  await run(tool('node'), [tool('tsc'), '-p', '.'], project)
})

const types = (name: string) => join(ROOT, 'node_modules/@cloudflare', name)
