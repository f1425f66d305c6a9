/**
 * The budgets that are not a matter of time, so that a change which costs bytes, KV operations or
 * cryptography shows in CI. What takes how long is measured by `npm run bench`, and gated nowhere.
 */

import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, it, vi } from 'vitest'
import { kvRevocationList } from '../../src/cloudflare.ts'
import {
  createSessionManager,
  generateKey,
  type Session,
  type SessionManager,
} from '../../src/index.ts'
import { CookieJar } from '../kit/cookie-jar.ts'

const PAGE = 'https://example.com/'
const SUBJECT = '6f1a52c4-0e1c-4e43-9c55-7a8a3f1f9d20'
const START = Date.UTC(2026, 10, 21)

type Data = { note?: string }

/** A KV namespace that counts, with a clock in hand, and a browser. */
function site(entries = 0) {
  const kv = { reads: 0, keysRead: 0, writes: 0 }
  const stored = new Map<string, string>()
  for (let i = 0; i < entries; i++) stored.set(`revoked/session/${i}`, '1')
  const namespace = {
    async get(keys: string[]) {
      kv.reads += 1
      kv.keysRead += keys.length
      return new Map(keys.map((key) => [key, stored.get(key) ?? null]))
    },
    async put(key: string, value: string) {
      kv.writes += 1
      stored.set(key, value)
    },
  }
  const clock = { now: START }
  const jar = new CookieJar(() => clock.now)
  const keys = generateKey()
  const newManager = (create = createSessionManager) =>
    create<Data>({
      keys,
      revocationList: kvRevocationList(namespace),
      now: () => clock.now,
    })

  /** One request and its answer. */
  async function visit(
    manager: SessionManager<Data>,
    work: (session: Session<Data>) => unknown = () => {},
  ): Promise<Response> {
    const cookie = jar.headerFor(PAGE)
    const headers: Record<string, string> = cookie === '' ? {} : { cookie }
    const session = await manager.load(new Request(PAGE, { headers }))
    await work(session)
    const response = await manager.commit(session, new Response('ok'))
    jar.store(response, PAGE)
    return response
  }
  const signIn = (bytes: number) => (session: Session<Data>) => {
    session.data.note = 'n'.repeat(bytes - JSON.stringify({ note: '' }).length)
    return session.signIn(SUBJECT)
  }
  return { kv, clock, jar, visit, signIn, newManager }
}

/** Which methods of `crypto.subtle` are called while `work` runs, and how often. */
async function cryptoCalls(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const calls: Record<string, number> = {}
  const { subtle } = crypto
  const counting = new Proxy(subtle, {
    get(target, name) {
      const method = Reflect.get(target, name) as (...args: unknown[]) => unknown
      return (...args: unknown[]) => {
        calls[String(name)] = (calls[String(name)] ?? 0) + 1
        return method.apply(target, args)
      }
    },
  })
  Object.defineProperty(crypto, 'subtle', { value: counting, configurable: true })
  try {
    await work()
  } finally {
    Reflect.deleteProperty(crypto, 'subtle')
  }
  return calls
}

describe('bytes of cookies', () => {
  it.each([100, 2000])('are at most 400 for a read, with %i bytes of data', async (bytes) => {
    const { visit, signIn, newManager } = site()
    const manager = newManager()
    await visit(manager, signIn(bytes))
    const { headers } = await visit(manager)
    const setCookies = headers.getSetCookie()
    expect(setCookies).toHaveLength(1)
    expect(setCookies.join('').length).toBeLessThanOrEqual(400)
  })

  it('leave room for 2,800 bytes of data', async () => {
    const { visit, signIn, newManager } = site()
    const manager = newManager()
    await visit(manager, signIn(2800))
    await visit(manager, ({ subject, data }) => {
      expect(subject).toBe(SUBJECT)
      expect(JSON.stringify(data)).toHaveLength(2800)
    })
  })
})

describe('KV', () => {
  it.each([0, 10_000])(
    'is read at most 70 times by a user with a request a second for an hour, with %i entries',
    { timeout: 60_000 },
    async (entries) => {
      const { kv, clock, visit, signIn, newManager } = site(entries)
      const manager = newManager()
      await visit(manager, signIn(100))
      for (let second = 0; second < 3600; second++) {
        clock.now += 1000
        await visit(manager)
      }
      expect(kv.reads).toBeLessThanOrEqual(70)
      // KV bills every key of a bulk read: the sid twice, the subject three times, everybody.
      expect(kv.keysRead).toBeLessThanOrEqual(70 * 6)
      expect(kv.writes).toBe(0)
    },
  )

  it('is not asked about visitors without a session, first sign-ins or sessions checked elsewhere', async () => {
    const { kv, clock, visit, signIn, newManager } = site()
    await visit(newManager())
    await visit(newManager(), signIn(100))
    clock.now += 59_000
    await visit(newManager())
    expect(kv).toEqual({ reads: 0, keysRead: 0, writes: 0 })
  })

  it('is written twice by a sign-out', async () => {
    const { kv, visit, signIn, newManager } = site()
    const manager = newManager()
    await visit(manager, signIn(100))
    await visit(manager, (session) => session.destroy())
    expect(kv).toEqual({ reads: 0, keysRead: 0, writes: 2 })
  })
})

describe('cryptography', () => {
  it('is one encryption for a request of a session that the isolate knows', async () => {
    const { clock, visit, signIn, newManager } = site()
    const manager = newManager()
    await visit(manager, signIn(2000))
    clock.now += 1000
    expect(await cryptoCalls(() => visit(manager))).toEqual({ encrypt: 1 })
  })

  it('is two decryptions more when the isolate is new', async () => {
    const { clock, visit, signIn, newManager } = site()
    await visit(newManager(), signIn(2000))
    clock.now += 1000
    vi.resetModules()
    const library = await import('../../src/index.ts')
    const manager = newManager(library.createSessionManager)
    const keys = { importKey: 1, deriveBits: 1, deriveKey: 2 }
    expect(await cryptoCalls(() => visit(manager))).toEqual({ ...keys, decrypt: 2, encrypt: 1 })
    expect(await cryptoCalls(() => visit(manager))).toEqual({ encrypt: 1 })
  })

  it('is none for a request that slides nothing', async () => {
    const { clock, visit, signIn, newManager } = site()
    const manager = newManager()
    await visit(manager, signIn(2000))
    clock.now += 1000
    expect(await cryptoCalls(() => visit(manager, (session) => session.skipTouch()))).toEqual({})
  })

  it('is none for a visitor without a session', async () => {
    const { visit, newManager } = site()
    expect(await cryptoCalls(() => visit(newManager()))).toEqual({})
  })

  it('is two encryptions for a sign-in', async () => {
    const { visit, signIn, newManager } = site()
    const manager = newManager()
    await visit(manager, signIn(100))
    expect(await cryptoCalls(() => visit(manager, signIn(100)))).toEqual({ encrypt: 2 })
  })

  it('derives each key once, the first time that a root key and an hour are met', async () => {
    const { visit, signIn, newManager } = site()
    const manager = newManager()
    const first = await cryptoCalls(() => visit(manager, signIn(100)))
    expect(first).toEqual({ importKey: 1, deriveBits: 1, deriveKey: 2, encrypt: 2 })
    expect(await cryptoCalls(() => visit(newManager()))).toEqual({ encrypt: 1 })
  })
})

interface PlatformCalls {
  headers: number
  responses: number
}

/**
 * How often `work` looks at `Headers`, changes them and makes a `Response`. Each is a call out of
 * JavaScript. In workerd a field costs about 0.2 µs, and the copy of a response 3 µs.
 */
async function platformCalls(work: () => Promise<unknown>): Promise<PlatformCalls> {
  const calls = { headers: 0, responses: 0 }
  const { prototype } = Headers
  const methods = ['append', 'delete', 'entries', 'forEach', 'get', 'getSetCookie', 'has', 'keys']
  const originals = [...methods, 'set', 'values', Symbol.iterator].map((name) => {
    const original = Object.getOwnPropertyDescriptor(prototype, name)
    if (original === undefined) throw new Error(`Headers has no ${String(name)}`)
    return { name, original }
  })
  const PlatformResponse = Response
  for (const { name, original } of originals) {
    Object.defineProperty(prototype, name, {
      ...original,
      value(this: Headers, ...args: unknown[]) {
        calls.headers += 1
        return original.value.apply(this, args)
      },
    })
  }
  globalThis.Response = new Proxy(PlatformResponse, {
    construct(target, args) {
      calls.responses += 1
      return Reflect.construct(target, args)
    },
  })
  try {
    await work()
  } finally {
    globalThis.Response = PlatformResponse
    for (const { name, original } of originals) Object.defineProperty(prototype, name, original)
  }
  return calls
}

/** The most that one request may take. Node's copy of a response is one look at its headers. */
const PLATFORM_CALL_LIMITS = {
  read: { headers: 10, responses: 1 },
  visitor: { headers: 4, responses: 1 },
  untouched: { headers: 1, responses: 0 },
}

describe('calls into the platform', () => {
  async function callsOf(isSignedIn: boolean, work: (session: Session<Data>) => unknown) {
    const { clock, jar, visit, signIn, newManager } = site()
    const manager = newManager()
    if (isSignedIn) await visit(manager, signIn(100))
    clock.now += 1000
    const cookie = jar.headerFor(PAGE)
    const request = new Request(PAGE, { headers: cookie === '' ? {} : { cookie } })
    const answer = new Response('ok')
    return platformCalls(async () => {
      const session = await manager.load(request)
      await work(session)
      await manager.commit(session, answer)
    })
  }
  const expectAtMost = (calls: PlatformCalls, limit: PlatformCalls) => {
    expect(calls.headers).toBeGreaterThan(0)
    expect(calls.headers).toBeLessThanOrEqual(limit.headers)
    expect(calls.responses).toBeLessThanOrEqual(limit.responses)
  }

  it('are few for a read of a session that the isolate knows', async () => {
    const calls = await callsOf(true, (session) => expect(session.subject).toBe(SUBJECT))
    expectAtMost(calls, PLATFORM_CALL_LIMITS.read)
  })

  it('are fewer for a visitor whose session is looked at', async () => {
    const calls = await callsOf(false, (session) => expect(session.subject).toBeUndefined())
    expectAtMost(calls, PLATFORM_CALL_LIMITS.visitor)
  })

  it('are one for a visitor whose session is not looked at', async () => {
    expectAtMost(await callsOf(false, () => {}), PLATFORM_CALL_LIMITS.untouched)
  })
})

/**
 * What each entry point may weigh without jose, which an app has once, and without bowser, which is
 * loaded at the first sign-in of an app with a session index: bytes, minified and gzipped.
 */
const ENTRY_POINT_LIMITS: Record<string, number> = {
  '.': 24_050,
  './hono': 3_500,
  './node': 2_200,
  './cloudflare': 5_700,
  './durable-object': 8_000,
  './redis': 3_300,
  './logout': 2_800,
  './testing': 24_400,
  './binding': 7_700,
  './client': 3_400,
  './client/element': 6_500,
  './client/drafts': 1_000,
}

/** What apps import, beside the entry points alone. */
const IMPORT_LIMITS: Record<string, { code: string; withJose?: boolean; limit: number }> = {
  'the middleware and the list on KV, which need no jose': {
    code: `
      export { createSessionManager } from 'sealed-session'
      export { kvRevocationList } from 'sealed-session/cloudflare'
      export { requireRecentSignIn, requireSignIn, session } from 'sealed-session/hono'`,
    withJose: true,
    // 20 kB, and what zlib's output differs by between kinds of processors.
    limit: 20_050,
  },
  'seal and unseal, which need no jose': {
    code: `export { seal, unseal } from 'sealed-session'`,
    withJose: true,
    limit: 4_350,
  },
  'sign and verify, with jose': {
    code: `export { sign, verify } from 'sealed-session'`,
    withJose: true,
    limit: 8_600,
  },
  'the list on KV alone': {
    code: `export { kvRevocationList } from 'sealed-session/cloudflare'`,
    limit: 1_420,
  },
  'the middleware alone': { code: `export { session } from 'sealed-session/hono'`, limit: 1_100 },
}

describe('bundles, minified and gzipped', () => {
  const ROOT = fileURLToPath(new URL('../..', import.meta.url))
  const { exports } = createRequire(import.meta.url)('../../package.json') as {
    exports: Record<string, string | { default: string }>
  }
  /** The entry points of the package: `dist/x.js` is `src/x.ts`. What else is exported is no code. */
  const sources = Object.entries(exports).flatMap(([name, target]) =>
    typeof target === 'string'
      ? []
      : ([[name, target.default.replace(/^\.\/dist\/(.*)\.js$/, `${ROOT}src/$1.ts`)]] as const),
  )
  const alias = Object.fromEntries(
    sources.map(([name, source]) => [name.replace('.', 'sealed-session'), source]),
  )

  async function gzipped(contents: string, withJose = false): Promise<number> {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: ROOT },
      alias,
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      target: 'es2022',
      conditions: ['workerd', 'worker', 'browser', 'import'],
      external: ['hono', 'bowser', 'cloudflare:*', 'node:*', ...(withJose ? [] : ['jose'])],
      logLevel: 'error',
    })
    const [file] = outputFiles
    return gzipSync(file?.contents ?? '', { level: 9 }).length
  }

  // The limits are a little above what is measured: to grow past them must be meant.
  it.each(sources)('the entry point %s', async (name, source) => {
    const limit = ENTRY_POINT_LIMITS[name]
    if (limit === undefined) throw new Error(`give "${name}" a line in ENTRY_POINT_LIMITS`)
    expect(await gzipped(`export * from '${source}'`)).toBeLessThanOrEqual(limit)
  })

  it.each(Object.entries(IMPORT_LIMITS))('%s', async (_, { code, withJose, limit }) => {
    expect(await gzipped(code, withJose)).toBeLessThanOrEqual(limit)
  })
})
