/**
 * `npm start` in a clone: what it makes, what it prints, and when it refuses.
 */

import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { Clone, freePort, type Program } from './programs.ts'
import { Visitor } from './visitor.ts'

const clone = new Clone()
const secrets = join(clone.folder, '.dev.vars')
const running: Program[] = []
let taken: Server | undefined

function npmStart(env: Record<string, string>, ...args: string[]): Program {
  const program = clone.npmStart(env, ...args)
  running.push(program)
  return program
}

afterEach(async () => {
  taken?.close()
  for (const program of running.splice(0)) await program.stop()
})

afterAll(() => clone.remove())

describe('npm start', () => {
  it('makes a key on first use, says where the example is, and stops when told to', async () => {
    const port = await freePort()
    const program = npmStart({ PORT: String(port) }, '--var', 'IDLE_TIMEOUT:45')
    await program.printed(`The example runs at http://localhost:${port}`)
    await program.printed('ada (administrator) and grace')

    const key = /^SESSION_KEYS=([\w-]{43})$/m.exec(readFileSync(secrets, 'utf8'))?.[1] ?? 'none'
    expect(key).not.toBe('none')
    expect(statSync(secrets).mode & 0o777).toBe(0o600)
    expect(program.output).not.toContain(key)

    const ada = await new Visitor(() => `http://localhost:${port}`).signIn('ada')
    const page = await (await ada.get('/')).text()
    expect(page).toContain('45 seconds')

    await program.stop()
    await expect.poll(() => answers(port), { timeout: 10_000 }).toBe(false)
    const second = npmStart({ PORT: String(port) })
    await second.printed('The example runs at')
    expect(readFileSync(secrets, 'utf8')).toContain(key)
    expect(await ada.me()).toMatchObject([200, { subject: 'ada' }])
  })

  it('runs the example on a Durable Object as start:durable', async () => {
    const port = await freePort()
    const program = clone.npmRun(
      'start:durable',
      { PORT: String(port) },
      '--var',
      'RECHECK_AFTER:1',
    )
    running.push(program)
    await program.printed(`The example runs at http://localhost:${port}`)
    const visitor = () => new Visitor(() => `http://localhost:${port}`)
    const ada = await visitor().signIn('ada')
    const [grace, other] = [await visitor().signIn('grace'), await visitor().signIn('grace')]
    const copy = grace.copy()
    expect(await copy.me()).toMatchObject([200, { subject: 'grace' }])
    await grace.post('/sign-out')
    expect(await copy.me()).toEqual([401, { ended: 'revoked' }])
    expect((await ada.post('/admin/sign-out-subject', { subject: 'grace' })).status).toBe(303)
    expect(await other.me()).toEqual([401, { ended: 'revoked' }])
    await expect.poll(() => ada.me(), { timeout: 5_000 }).toMatchObject([200, { subject: 'ada' }])
  })

  it('says that the port is taken, and what to do', async () => {
    const port = await freePort()
    const server = createServer().listen(port, '127.0.0.1')
    taken = server
    await new Promise((resolve) => server.once('listening', resolve))
    const program = npmStart({ PORT: String(port) })
    expect(await program.ended).toBe(1)
    expect(program.output).toContain(`Port ${port} is taken`)
    expect(program.output).toContain('PORT=8787 npm start')
  })

  it.each(['http', '0', '70000', '80.5'])('refuses PORT=%s', async (PORT) => {
    const program = npmStart({ PORT })
    expect(await program.ended).toBe(1)
    expect(program.output).toContain('PORT must be a whole number from 1 to 65535')
  })

  it('takes the port as an argument too, which counts more', async () => {
    const port = await freePort()
    const program = npmStart({ PORT: 'http' }, '--port', String(port), '--var', 'IDLE_TIMEOUT:45')
    await program.printed(`The example runs at http://localhost:${port}`)
    const ada = await new Visitor(() => `http://localhost:${port}`).signIn('ada')
    expect(await (await ada.get('/')).text()).toContain('45 seconds')
  })

  it.each(['--port', '--port=', '--port=http', '--port=70000'])('refuses %s', async (argument) => {
    const program = npmStart({}, argument)
    expect(await program.ended).toBe(1)
    expect(program.output).toContain('--port must be a whole number from 1 to 65535')
  })

  const SHORT = 'abcdefghijklmnop'
  const MALFORMED = '!'.repeat(43)
  const OFF_BY_BITS = 'x'.repeat(43)

  it.each([
    ['is missing', 'OTHER=1', 'it is missing'],
    ['is empty', 'SESSION_KEYS=', 'it is missing'],
    ['is short', `SESSION_KEYS=${SHORT}`, 'is 16 characters long'],
    ['is malformed', `SESSION_KEYS=${MALFORMED}`, 'not base64url'],
    ['is no 32 bytes', `SESSION_KEYS=${OFF_BY_BITS}`, 'not base64url'],
  ])('refuses when SESSION_KEYS %s', async (_, line, problem) => {
    writeFileSync(secrets, `${line}\n`)
    const program = npmStart({})
    expect(await program.ended).toBe(1)
    expect(program.output).toContain('SESSION_KEYS in .dev.vars is of no use')
    expect(program.output).toContain(problem)
    expect(program.output).toContain('openssl rand -base64 32')
    expect(program.output).toContain('delete .dev.vars and `npm start` will make one')
    for (const value of [SHORT, MALFORMED, OFF_BY_BITS]) {
      expect(program.output).not.toContain(value)
    }
  })

  it('takes keys from the environment, and refuses them there too', async () => {
    rmSync(secrets, { force: true })
    const program = npmStart({ SESSION_KEYS: SHORT })
    expect(await program.ended).toBe(1)
    expect(program.output).toContain('SESSION_KEYS in the environment is of no use')
    expect(program.output).not.toContain(SHORT)

    const key = 'YW5vdGhlciBrZXkgb2YgdGhlIHRlc3RzLCAzMiBieXQ'
    const port = await freePort()
    const good = npmStart({ PORT: String(port), SESSION_KEYS: key })
    await good.printed(`The example runs at http://localhost:${port}`)
    expect(good.output).not.toContain(key)
    expect(() => statSync(secrets)).toThrow()
  })
})

async function answers(port: number): Promise<boolean> {
  return fetch(`http://localhost:${port}/me`).then(
    () => true,
    () => false,
  )
}
