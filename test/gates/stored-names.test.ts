/**
 * The names that outlive a deployment: cookies, keys in KV and Redis, tables in Durable Objects, and the scopes that
 * a list of an app's own receives. A change of one signs people out, or revives sessions that were ended; see
 * docs/versioning.md. When a change is meant,
 * `npm exec -- vitest run --project node test/gates/stored-names.test.ts --update` writes `stored-names.txt` anew.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { kvDataStore, kvRevocationList, kvSessionIndex } from '../../src/cloudflare.ts'
import {
  createSessionManager,
  generateKey,
  memoryDataStore,
  type RevocationList,
  type SessionOptions,
} from '../../src/index.ts'
import { redisDataStore, redisRevocationList } from '../../src/redis.ts'
import { CookieJar, TestRevocationList, testClock } from '../../src/testing.ts'
import type { AnyData } from '../kit/visitor.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const SITE = 'https://site.example/'
const LONG = 'x'.repeat(401)

/** A name with what differs from run to run replaced. */
const general = (name: string) =>
  name
    .replaceAll(/[0-9a-f]{64}/g, '<sha256 hex>')
    .replaceAll(/(?<![\w-])[\w-]{43}(?![\w-])/g, '<sha256>')
    .replaceAll(/(?<![\w-])[\w-]{22}(?![\w-])/g, '<id>')

const sorted = (names: Iterable<string>) => [...new Set([...names].map(general))].sort()

/** A life with everything in it: all that an app can write is written. */
async function live(options: Omit<SessionOptions<AnyData>, 'keys' | 'now'>): Promise<string[]> {
  const now = testClock()
  const jar = new CookieJar(now)
  const names = new Set<string>()
  const manager = createSessionManager<AnyData>({ keys: generateKey(), now, ...options })
  const visit = async (work: (session: Awaited<ReturnType<typeof manager.load>>) => unknown) => {
    await jar.send(new Request(SITE), async (request) => {
      const session = await manager.load(request)
      await work(session)
      const response = await manager.commit(session, new Response())
      for (const line of response.headers.getSetCookie()) names.add(line.split('=')[0] ?? '')
      return response
    })
    now.pass(61)
  }
  for (const subject of ['ada', LONG]) {
    await visit((session) => session.signIn(subject, { external: ['https://op.example', 's'] }))
    await visit((session) => session.regenerate())
    await visit((session) => session.signOutOthers())
    await visit((session) => session.signIn(subject, { endOthers: true }))
    await visit((session) => {
      session.flash('saved')
      session.data.text = 'y'.repeat(5_000)
    })
    await visit((session) => session.destroy())
    await manager.revokeSubject(subject)
  }
  await manager.revokeExternal(['https://op.example', 's'])
  await manager.revokeAll()
  return sorted(names)
}

/** A KV namespace that remembers which keys were asked for and written. */
function kv() {
  const keys = new Set<string>()
  const entries = new Map<string, { value: string; metadata?: unknown }>()
  const namespace = {
    async get(asked: string | string[]): Promise<never> {
      for (const key of [asked].flat()) keys.add(key)
      const read = (key: string) => entries.get(key)?.value ?? null
      const found = Array.isArray(asked)
        ? new Map(asked.map((key) => [key, read(key)]))
        : read(asked)
      return found as never
    },
    async getWithMetadata(key: string): Promise<never> {
      keys.add(key)
      return {
        value: entries.get(key)?.value ?? null,
        metadata: entries.get(key)?.metadata,
      } as never
    },
    async list(): Promise<never> {
      return { keys: [], list_complete: true } as never
    },
    async put(key: string, value: string, options: { expirationTtl: number; metadata?: object }) {
      keys.add(key)
      entries.set(key, { value, metadata: options.metadata })
    },
    async delete(key: string) {
      keys.add(key)
    },
  }
  return { keys, namespace }
}

function redis() {
  const keys = new Set<string>()
  const send = async ([name = '', ...args]: string[]) => {
    const named = name === 'MGET' ? args : name === 'EVAL' ? args.slice(2, 3) : args.slice(0, 1)
    for (const key of named) keys.add(key)
    return name === 'MGET' ? args.map(() => null) : 'OK'
  }
  return { keys, send }
}

/** The statements that make tables. Tables that objects have already are not made again. */
function tables(): string[] {
  const folder = join(ROOT, 'src/durable-object')
  const sources = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  const statements = sources.flatMap(
    (source) => source.match(/CREATE (?:TABLE|INDEX)[^`;]*/g) ?? [],
  )
  return statements.map((sql) => sql.replaceAll(/\s+/g, ' ').trim()).sort()
}

it('are those that are written down', async () => {
  const place = kv()
  const cookies = await live({
    revocationList: kvRevocationList(place.namespace),
    sessionIndex: kvSessionIndex(place.namespace),
    dataStore: kvDataStore(place.namespace),
  })
  const server = redis()
  const list = redisRevocationList(server.send)
  await live({ revocationList: list, dataStore: redisDataStore(server.send) })
  await list.claim?.('n'.repeat(43), Date.now() + 60_000)
  const own = new TestRevocationList()
  const scopes = new Set<string>()
  const spy: RevocationList = {
    read: (targets) => {
      for (const target of targets) scopes.add(Object.keys(target).join(' '))
      for (const { scope } of targets) scopes.add(`reads ${scope}`)
      return own.read(targets)
    },
    write: (target, mark, seconds) => {
      scopes.add(`writes ${target.scope}`)
      return own.write(target, mark, seconds)
    },
  }
  await live({ revocationList: spy, dataStore: memoryDataStore({ now: testClock() }) })
  const parts = {
    cookies,
    'keys in KV': sorted(place.keys),
    'keys in Redis': sorted(server.keys),
    'what a list of your own receives': sorted(scopes),
    'tables of Durable Objects': tables(),
  }
  const text = Object.entries(parts)
    .map(([name, names]) => [name, ...names.map((one) => `  ${one}`)].join('\n'))
    .join('\n\n')
  await expect(`${text.replaceAll(LONG, '<over 400 bytes>')}\n`).toMatchFileSnapshot(
    'stored-names.txt',
  )
})
