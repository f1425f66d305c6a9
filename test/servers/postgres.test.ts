/** The guide's recipe for PostgreSQL, on a server of its own. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { holdsToTheContract } from '../contracts/revocation-list.ts'
import { freePort } from '../outside/programs.ts'
import { postgresRevocationList } from '../recipes/postgres.ts'

// Debian keeps the programs of each version in a folder of their own.
const VERSIONS = '/usr/lib/postgresql'
const PROGRAMS = join(VERSIONS, readdirSync(VERSIONS).sort().at(-1) ?? '', 'bin')
// PostgreSQL refuses to run as root.
const USER: { uid?: number; gid?: number } = userInfo().uid === 0 ? numbersOf('postgres') : {}

const folder = mkdtempSync(join(tmpdir(), 'sealed-session-postgres-'))
let server: ChildProcess
let sql: postgres.Sql

function numbersOf(user: string): { uid: number; gid: number } {
  const number = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }))
  return { uid: number('-u'), gid: number('-g') }
}

beforeAll(async () => {
  chmodSync(folder, 0o700)
  if (USER.uid !== undefined && USER.gid !== undefined) chownSync(folder, USER.uid, USER.gid)
  const data = join(folder, 'data')
  const init = ['-D', data, '-U', 'tests', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-locale']
  execFileSync(join(PROGRAMS, 'initdb'), init, { ...USER, cwd: folder, stdio: 'ignore' })
  const port = await freePort()
  const args = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-F']
  server = spawn(join(PROGRAMS, 'postgres'), args, { ...USER, cwd: folder, stdio: 'ignore' })
  sql = postgres({ host: '127.0.0.1', port, user: 'tests', database: 'postgres', onnotice() {} })
  const until = Date.now() + 30_000
  while (!(await sql`SELECT 1`.catch(() => undefined))) {
    if (Date.now() > until) throw new Error('PostgreSQL does not answer')
    await sleep(100)
  }
}, 60_000)

afterAll(async () => {
  await sql?.end({ timeout: 1 })
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGQUIT')
  await ended
  rmSync(folder, { recursive: true, force: true })
})

describe('the list on PostgreSQL', () => {
  holdsToTheContract(async () => {
    await sql`DROP TABLE IF EXISTS revoked`
    await sql`CREATE TABLE revoked (name text PRIMARY KEY, mark float8 NOT NULL, until timestamptz NOT NULL)`
    return postgresRevocationList(sql)
  })

  it('keeps the newest of many `since` marks that are written at once', async () => {
    const list = postgresRevocationList(sql)
    const target = { scope: 'since', subject: 'at once' } as const
    const marks = Array.from({ length: 100 }, (_, i) => 1_000 + ((i * 73) % 100))
    await Promise.all(marks.map((mark) => list.write(target, mark, 3_600)))
    expect(await list.read([target])).toEqual([1_099])
  })

  it('forgets what is over', async () => {
    const list = postgresRevocationList(sql)
    await list.write({ scope: 'all' }, 5, -1)
    expect(await list.read([{ scope: 'all' }])).toEqual([undefined])
  })
})
