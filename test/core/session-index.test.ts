/** Which sessions a subject has: what is recorded, what a list shows, and an index that is away. */

import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { memorySessionIndexStore } from '../../src/contracts/session-index-store.ts'
import { session as sessionMiddleware } from '../../src/hono.ts'
import {
  createSessionManager,
  type Description,
  generateKey,
  memoryRevocationList,
  memorySessionIndex,
  type RevocationList,
  type SessionIndexOptions,
  type SessionIndexStore,
  type SessionOptions,
  sessionIndexOn,
} from '../../src/index.ts'
import { TestRevocationList } from '../../src/testing.ts'
import { type AnyData, cookiesSet, setUp, testClock, Visitor } from '../kit/visitor.ts'

const MINUTE = 60
const HOUR = 3_600
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:153.0) Gecko/20100101 Firefox/153.0'
const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1'

interface Fault {
  /** The calls that go wrong, and how. */
  readonly on: readonly (keyof SessionIndexStore)[]
  readonly how: 'reject' | 'hang'
}

/** A manager with an index that a test can look into and break. */
function withIndex(
  index: SessionIndexOptions = {},
  options: Partial<SessionOptions<AnyData>> = {},
) {
  const clock = testClock()
  const memory = memorySessionIndexStore(clock)
  const state: { fault: Fault | undefined } = { fault: undefined }
  const calls: string[] = []
  const works: Promise<void>[] = []
  const wrap =
    <Args extends unknown[], T>(
      name: keyof SessionIndexStore,
      call: (...args: Args) => Promise<T>,
    ) =>
    async (...args: Args): Promise<T> => {
      calls.push(name)
      if (!state.fault?.on.includes(name)) return call(...args)
      if (state.fault.how === 'hang') return new Promise<never>(() => {})
      throw new Error('the index is away')
    }
  const store: SessionIndexStore = {
    list: wrap('list', memory.list),
    read: wrap('read', memory.read),
    write: wrap('write', memory.write),
    remove: wrap('remove', memory.remove),
    background: (work) => void works.push(work),
  }
  const base = setUp({
    now: clock,
    revocationList: memoryRevocationList({ now: clock }),
    sessionIndex: sessionIndexOn(store, index),
    ...options,
  })
  const { manager } = base
  /** A browser that has signed in. */
  async function signedIn(subject = 'ada', userAgent = FIREFOX): Promise<Visitor> {
    const visitor = new Visitor(manager, clock)
    await visitor.visit((session) => session.signIn(subject), { 'User-Agent': userAgent })
    return visitor
  }
  /** What goes on behind the answers. */
  async function settled(): Promise<void> {
    while (works.length > 0) await works.shift()
  }
  const families = async (subject = 'ada') => {
    const sessions = await manager.listSessions(subject)
    return sessions.map(({ family }) => family)
  }
  return { ...base, clock, memory, state, calls, signedIn, settled, families }
}

const familyOf = (visitor: Visitor) => visitor.see(({ family }) => family ?? '')

describe('a list of sessions', () => {
  it('shows each browser that signed in, with its name, the last seen first', async () => {
    const { clock, manager, signedIn } = withIndex()
    const first = await signedIn('ada', FIREFOX)
    const signIn = new Date(clock())
    clock.pass(MINUTE)
    const second = await signedIn('ada', CHROME)
    clock.pass(MINUTE)
    const third = await signedIn('ada', SAFARI)
    await signedIn('grace')
    const sessions = await manager.listSessions('ada')
    expect(sessions.map(({ description }) => description)).toEqual([
      { browser: 'Safari', system: 'iOS' },
      { browser: 'Chrome', system: 'Linux' },
      { browser: 'Firefox', system: 'Windows' },
    ])
    const families = await Promise.all([third, second, first].map(familyOf))
    expect(sessions.map(({ family }) => family)).toEqual(families)
    expect(sessions[2]).toMatchObject({
      createdAt: signIn,
      lastSeenAt: signIn,
      expiresAt: new Date(signIn.getTime() + 12 * HOUR * 1000),
    })
  })

  it('keeps a session under one name while it regenerates, and revokeSession ends it by that name', async () => {
    const { manager, signedIn, families } = withIndex()
    const [one, other] = [await signedIn(), await signedIn()]
    const family = await familyOf(one)
    await one.visit((session) => session.regenerate())
    expect(await one.see(({ sid }) => sid)).not.toBe(family)
    expect(await familyOf(one)).toBe(family)
    expect(await families()).toContain(family)
    await manager.revokeSession(family)
    expect(await one.see(({ ended }) => ended)).toBe('revoked')
    expect(await families()).toEqual([await familyOf(other)])
  })

  it('drops a session that signed out, or was signed in over', async () => {
    const { memory, signedIn, settled, families } = withIndex()
    const [one, other] = [await signedIn(), await signedIn()]
    await one.visit((session) => session.destroy())
    await settled()
    const [entry] = await memory.list(await hashOf('ada'))
    expect(entry?.family).toBe(await familyOf(other))
    await other.visit((session) => session.signIn('grace'))
    await settled()
    expect(await memory.list(await hashOf('ada'))).toEqual([])
    expect(await families('grace')).toHaveLength(1)
  })

  it('hides a session whose removal failed at the sign-out', async () => {
    const { state, events, memory, signedIn, settled, families } = withIndex()
    const one = await signedIn()
    state.fault = { on: ['remove'], how: 'reject' }
    await one.visit((session) => session.destroy())
    await settled()
    expect(await memory.list(await hashOf('ada'))).toHaveLength(1)
    expect(await families()).toEqual([])
    expect(events).toMatchObject([{ type: 'index-unavailable', operation: 'remove' }])
    state.fault = undefined
    await families()
    await settled()
    expect(await memory.list(await hashOf('ada'))).toEqual([])
  })

  it('keeps the record of a session whose sign-out could not be recorded', async () => {
    const list = new TestRevocationList({ now: testClock() })
    const { memory, signedIn, settled } = withIndex({}, { revocationList: list })
    const one = await signedIn()
    list.writeTrouble = 'fails'
    await one.visit(async (session) => {
      await session.destroy().catch(() => {})
    })
    await settled()
    expect(await memory.list(await hashOf('ada'))).toHaveLength(1)
  })

  it('leaves the one that signed out the others', async () => {
    const { signedIn, settled, families } = withIndex()
    const [one] = [await signedIn(), await signedIn(), await signedIn()]
    await one.visit((session) => session.signOutOthers())
    await settled()
    expect(await families()).toEqual([await familyOf(one)])
  })

  it.each([
    ['a mark of an operator', (manager: Manager) => manager.revokeSubject('ada')],
    [
      'a mark since an event',
      (manager: Manager, now: Date) => manager.revokeSubject('ada', { before: now }),
    ],
    ['a mark for everybody', (manager: Manager) => manager.revokeAll()],
    [
      'a mark of the provider',
      (manager: Manager) => manager.revokeExternal(['https://op.example', 's1']),
    ],
  ])('hides sessions that ended by %s', async (_, revoke) => {
    const { manager, clock, families } = withIndex()
    const visitor = new Visitor(manager, clock)
    await visitor.visit((session) =>
      session.signIn('ada', { external: ['https://op.example', 's1'] }),
    )
    expect(await families()).toHaveLength(1)
    clock.pass(1)
    await revoke(manager, new Date(clock()))
    expect(await families()).toEqual([])
    await visitor.visit((session) => session.signIn('ada'))
    expect(await families()).toEqual([await familyOf(visitor)])
  })

  it('asks the revocation list in parts that KV can answer', async () => {
    const clock = testClock()
    const list = memoryRevocationList({ now: clock })
    const asked: number[] = []
    const revocationList: RevocationList = {
      read: (targets) => {
        asked.push(targets.length)
        return list.read(targets)
      },
      write: list.write,
    }
    const { signedIn, families } = withIndex({}, { now: clock, revocationList })
    const visitors: Visitor[] = []
    for (let i = 0; i < 200; i++) visitors.push(await signedIn())
    // Past this isolate, so that only the list knows of it.
    const sid = await familyOf(visitors[150] as Visitor)
    await list.write({ scope: 'session', sid }, clock(), HOUR)
    asked.length = 0
    expect(await families()).toHaveLength(199)
    expect(Math.max(...asked)).toBeLessThanOrEqual(90)
    // Each family, and the marks of everybody and of the subject.
    expect(asked.reduce((sum, count) => sum + count, 0)).toBe(204)
  })

  it('hides what this isolate has ended, though the list does not show it yet', async () => {
    const revocationList: RevocationList = {
      read: async (targets) => targets.map(() => undefined),
      write: async () => {},
    }
    const { manager, signedIn, families } = withIndex({}, { revocationList })
    const [one, two] = [await signedIn(), await signedIn()]
    await manager.revokeSession(await familyOf(one))
    expect(await families()).toEqual([await familyOf(two)])
  })

  it('shows a session again when an operator corrects the mark that hid it', async () => {
    const clock = testClock()
    const list = memoryRevocationList({ now: clock })
    const { signedIn, families, settled } = withIndex({}, { now: clock, revocationList: list })
    const one = await signedIn()
    await list.write({ scope: 'subject', subject: 'ada' }, clock() + 1000 * HOUR, HOUR)
    expect(await families()).toEqual([])
    await settled()
    await list.write({ scope: 'subject', subject: 'ada' }, 0, HOUR)
    expect(await families()).toEqual([await familyOf(one)])
  })

  it('forgets a session at its limit', async () => {
    const { clock, signedIn, families } = withIndex()
    await signedIn()
    clock.pass(12 * HOUR - 1)
    expect(await families()).toHaveLength(1)
    clock.pass(1)
    expect(await families()).toEqual([])
  })

  it.each([
    ['ada', 'ada/x'],
    ['ada', 'ada\0'],
    ['ada', 'Ada'],
    ['..', '../..'],
    ['🎈', '🎈🎈'],
    ['a'.repeat(2_500), 'a'.repeat(2_499)],
    ['sessions/ada', 'ada'],
  ])('of one subject shows nothing of another (%#)', async (one, other) => {
    const { signedIn, families } = withIndex()
    const visitors = [await signedIn(one), await signedIn(other)] as const
    expect(await families(one)).toEqual([await familyOf(visitors[0])])
    expect(await families(other)).toEqual([await familyOf(visitors[1])])
  })

  it('is empty for a subject who never signed in, of any length', async () => {
    const { signedIn, families } = withIndex()
    await signedIn()
    for (const subject of ['a', 'ada/', 'x'.repeat(10_000)])
      expect(await families(subject)).toEqual([])
  })

  it('is empty for anonymous visitors, who are not recorded', async () => {
    const { calls, visitor } = withIndex()
    await visitor.visit((session) => {
      session.data.x = 1
    })
    await visitor.visit()
    expect(calls).toEqual([])
  })
})

describe('when it was last seen', () => {
  it('is written at most once in 15 minutes, and sets no cookie for it', async () => {
    const { clock, manager, calls, signedIn, settled } = withIndex()
    const one = await signedIn()
    const began = clock()
    const count = (name: string) => calls.filter((call) => call === name).length
    for (let minute = 0; minute < 60; minute++) {
      clock.pass(MINUTE)
      expect(cookiesSet(await one.visit())).toHaveLength(1)
      await settled()
      const [session] = await manager.listSessions('ada')
      expect(clock() - Number(session?.lastSeenAt)).toBeLessThanOrEqual(20 * MINUTE * 1000)
    }
    // The sign-in, and after 15, 30, 45 and 60 minutes. A look after 1 minute and then every 5.
    expect(count('write')).toBe(5)
    expect(count('read')).toBe(13)
    const [session] = await manager.listSessions('ada')
    expect(session).toMatchObject({
      createdAt: new Date(began),
      lastSeenAt: new Date(clock()),
      description: { browser: 'Firefox', system: 'Windows' },
    })
  })

  it('is not written by another isolate within 15 minutes of the last', async () => {
    const { clock, keys, list, memory, signedIn, settled } = withIndex()
    const one = await signedIn()
    clock.pass(14 * MINUTE)
    const works: Promise<void>[] = []
    let writes = 0
    const write: SessionIndexStore['write'] = async (...args) => {
      writes++
      await memory.write(...args)
    }
    const background = (work: Promise<void>) => void works.push(work)
    const other = createSessionManager<AnyData>({
      keys,
      revocationList: list,
      sessionIndex: sessionIndexOn({ ...memory, write, background }),
      now: clock,
    })
    await one.copy(other).visit()
    await Promise.all(works)
    expect([works.length, writes]).toEqual([1, 0])
    clock.pass(MINUTE)
    await one.copy(other).visit()
    await Promise.all(works)
    await settled()
    expect([works.length, writes]).toEqual([2, 1])
  })

  it.each([
    ['a passive request', { 'Session-Activity': 'passive' }, () => {}],
    ['a prefetch', { 'Sec-Purpose': 'prefetch' }, () => {}],
    ['skipTouch()', {}, (session: { skipTouch(): void }) => session.skipTouch()],
  ])('is not written by %s, and by what comes after it', async (_, headers, handle) => {
    const { clock, calls, signedIn, settled } = withIndex()
    const one = await signedIn()
    calls.length = 0
    clock.pass(16 * MINUTE)
    await one.visit(handle, headers)
    await settled()
    expect(calls).toEqual([])
    await one.visit()
    await settled()
    expect(calls).toEqual(['read', 'write'])
  })

  it('costs no call in the minute that follows a sign-in, and one look for many requests at once', async () => {
    const { clock, calls, signedIn, settled } = withIndex()
    const one = await signedIn()
    calls.length = 0
    for (let second = 0; second < 59; second++) {
      clock.pass(1)
      await one.visit()
    }
    await settled()
    expect(calls).toEqual([])
    clock.pass(1)
    await Promise.all(Array.from({ length: 10 }, () => one.copy().visit()))
    await settled()
    expect(calls).toEqual(['read'])
  })
})

describe('maxSessionsPerSubject', () => {
  it('ends the oldest, which says that it was revoked', async () => {
    const { clock, signedIn, settled, families, history } = withIndex({ maxSessionsPerSubject: 2 })
    const visitors: Visitor[] = []
    for (let i = 0; i < 4; i++) {
      visitors.push(await signedIn())
      clock.pass(1)
    }
    await settled()
    const [first, second, third, fourth] = visitors as [Visitor, Visitor, Visitor, Visitor]
    expect(await families()).toEqual([await familyOf(fourth), await familyOf(third)])
    for (const over of [first, second]) expect(await over.see(({ ended }) => ended)).toBe('revoked')
    expect(history.filter(({ type }) => type === 'revoked')).toHaveLength(2)
    await signedIn('grace')
    expect(await families()).toHaveLength(2)
  })

  it('does not count sessions that are over, nor the one that is signed in over', async () => {
    const { clock, manager, signedIn, settled } = withIndex({ maxSessionsPerSubject: 2 })
    const [one, two] = [await signedIn(), await signedIn()]
    clock.pass(1)
    await manager.revokeSession(await familyOf(two))
    clock.pass(1)
    const three = await signedIn()
    await three.visit((session) => session.signIn('ada'))
    await settled()
    expect(await one.see(({ subject }) => subject)).toBe('ada')
    expect(await three.see(({ subject }) => subject)).toBe('ada')
  })

  it('does not end a newer sign-in whose answer went out first', async () => {
    const { clock, manager, signedIn, settled } = withIndex({ maxSessionsPerSubject: 1 })
    const slow = new Visitor(manager, clock)
    let newer: Visitor | undefined
    await slow.visit(async (session) => {
      await session.signIn('ada')
      clock.pass(1)
      newer = await signedIn()
    })
    await settled()
    expect(await newer?.see(({ subject }) => subject)).toBe('ada')
  })

  it.each([0, -1, 1.5, Number.NaN, '3', null])('refuses %j', (most) => {
    expect(() => memorySessionIndex({ maxSessionsPerSubject: most as number })).toThrow(
      /"maxSessionsPerSubject" must be a whole number, at least 1; got/,
    )
  })
})

describe('describe', () => {
  it('gives what the app wants to show', async () => {
    const { manager, signedIn } = withIndex({
      describe: async (request) => ({ agent: request.headers.get('User-Agent') ?? '' }),
    })
    await signedIn('ada', 'curl/8')
    expect((await manager.listSessions('ada'))[0]?.description).toEqual({ agent: 'curl/8' })
  })

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['gives 513 bytes', () => ({ text: `${'ü'.repeat(250)}xx` })],
    ['gives a number', () => ({ text: 1 })],
    ['gives a text', () => 'Firefox'],
    ['gives an array', () => ['Firefox']],
    ['gives null', () => null],
  ])('that %s costs only the description, with an event', async (_, describe) => {
    const { manager, events, signedIn } = withIndex({ describe: describe as () => Description })
    const one = await signedIn()
    expect(await one.see(({ subject }) => subject)).toBe('ada')
    const [session] = await manager.listSessions('ada')
    expect(session?.description).toBeUndefined()
    expect(events).toMatchObject([{ type: 'description-refused', cause: expect.any(Error) }])
  })

  it('may give 512 bytes, or undefined', async () => {
    const text = `${'ü'.repeat(250)}x`
    expect(Buffer.byteLength(JSON.stringify({ text }))).toBe(512)
    const given: (Description | undefined)[] = [{ text }, undefined]
    const { manager, events, signedIn } = withIndex({ describe: () => given.shift() })
    await signedIn()
    expect((await manager.listSessions('ada'))[0]?.description).toEqual({ text })
    await signedIn('grace')
    expect((await manager.listSessions('grace'))[0]?.description).toBeUndefined()
    expect(events).toEqual([])
  })

  it('by default takes the country from Cloudflare and bears any user agent', async () => {
    const { manager, events } = withIndex()
    const agents = ['', 'x', '('.repeat(8_000), 'Mozilla/5.0', '</script>/1 (x) y', 'ÿ'.repeat(100)]
    for (const [index, agent] of agents.entries()) {
      const request = new Request('https://site.example/', { headers: { 'User-Agent': agent } })
      Object.assign(request, { cf: { country: 'NZ' } })
      const session = await manager.load(request)
      await session.signIn(`person-${index}`)
      await manager.commit(session, new Response())
      const [listed] = await manager.listSessions(`person-${index}`)
      expect(listed?.description).toMatchObject({ country: 'NZ' })
    }
    expect(events).toEqual([])
  })
})

describe('an index that is away', () => {
  it.each(['reject', 'hang'] as const)(
    'at a sign-in (%s) costs only an event, and the next check writes the record',
    async (how) => {
      const { clock, state, events, signedIn, settled, families } = withIndex(
        { maxSessionsPerSubject: 3 },
        { revocationTimeout: 1 },
      )
      state.fault = { on: ['list', 'read', 'write', 'remove'], how }
      const one = await signedIn()
      const unavailable = { type: 'index-unavailable', cause: expect.any(Error) }
      expect(events).toEqual(
        expect.arrayContaining([
          { ...unavailable, operation: 'read' },
          { ...unavailable, operation: 'write' },
        ]),
      )
      state.fault = undefined
      expect(await families()).toEqual([])
      clock.pass(MINUTE)
      await one.visit()
      await settled()
      expect(await families()).toEqual([await familyOf(one)])
    },
  )

  it('at a signOutOthers costs only an event, and the next check writes the record', async () => {
    const { clock, state, signedIn, settled, families } = withIndex()
    const one = await signedIn()
    state.fault = { on: ['write'], how: 'reject' }
    await one.visit((session) => session.signOutOthers())
    state.fault = undefined
    expect(await families()).toEqual([])
    clock.pass(MINUTE + 1)
    await one.visit()
    await settled()
    expect(await families()).toEqual([await familyOf(one)])
  })

  it('cannot say which sessions there are: index-unavailable, and 503 with the middleware', async () => {
    const { manager, state, signedIn } = withIndex({}, { revocationTimeout: 1 })
    await signedIn()
    for (const how of ['reject', 'hang'] as const) {
      state.fault = { on: ['list'], how }
      await expect(manager.listSessions('ada')).rejects.toMatchObject({
        code: 'index-unavailable',
        message: 'the session index failed on a read',
      })
    }
    const app = new Hono()
      .use(sessionMiddleware(manager))
      .get('/', async (c) => c.json(await c.var.sessionManager.listSessions('ada')))
    state.fault = { on: ['list'], how: 'reject' }
    const response = await app.request('/')
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ error: 'index-unavailable' })
    expect(response.headers.get('Retry-After')).toBe('5')
  })

  it('never says that a session goes on when the revocation list cannot say so', async () => {
    const clock = testClock()
    const list = new TestRevocationList({ now: clock })
    const { manager, signedIn } = withIndex({}, { now: clock, revocationList: list })
    await signedIn()
    list.readTrouble = 'fails'
    await expect(manager.listSessions('ada')).rejects.toMatchObject({
      code: 'revocation-unavailable',
    })
  })
})

describe('a damaged record', () => {
  it.each<[string, unknown]>([
    ['a text', 'x'],
    ['null', null],
    ['an empty object', {}],
    ['no instants', { began: 'yesterday', seen: 1, until: 2 }],
    ['no last activity', { began: 1, seen: 'x', until: 8e15 }],
    ['no limit', { began: 1, seen: 1 }],
    ['another kept', { began: 1, seen: 1, until: 8e15, kept: 'x' }],
    ['a description that is none', { began: 1, seen: 1, until: 8e15, about: { x: 1 } }],
    ['a long description', { began: 1, seen: 1, until: 8e15, about: { x: 'x'.repeat(600) } }],
    ['another ext', { began: 1, seen: 1, until: 8e15, ext: 5 }],
    // As part of a key of KV it would fail the whole read, and with it every check for 5 seconds.
    ['a long ext', { began: 1, seen: 1, until: 8e15, ext: 'x'.repeat(600) }],
    ['an instant that is no date', { began: 1, seen: 1, until: 9e15 }],
    ['an instant before all dates', { began: -9e15, seen: 1, until: 8e15 }],
  ])('(%s) is skipped, reported and removed', async (_, record) => {
    const { memory, events, signedIn, settled, families } = withIndex()
    const one = await signedIn()
    await memory.write(await hashOf('ada'), 'damaged_______________', record as object, HOUR)
    expect(await families()).toEqual([await familyOf(one)])
    expect(events).toEqual([{ type: 'index-damaged' }])
    await settled()
    expect(await memory.list(await hashOf('ada'))).toHaveLength(1)
  })

  it('is written anew by a check of the session that it is about', async () => {
    const { clock, memory, events, signedIn, settled, families } = withIndex()
    const one = await signedIn()
    await memory.write(await hashOf('ada'), await familyOf(one), { seen: 'x' }, HOUR)
    clock.pass(MINUTE)
    await one.visit()
    await settled()
    expect(events).toEqual([{ type: 'index-damaged' }])
    expect(await families()).toEqual([await familyOf(one)])
  })
})

describe('options', () => {
  const required = { keys: generateKey(), revocationList: memoryRevocationList({ now: () => 0 }) }

  it('refuse an index that is none, or one without a revocation list', () => {
    const sessionIndex = memorySessionIndex()
    const message = '"sessionIndex" must be a session index, beside a revocation list'
    for (const wrong of [{}, 'kv', new Map()]) {
      expect(() => createSessionManager({ ...required, sessionIndex: wrong as never })).toThrow(
        message,
      )
    }
    const withoutList = { ...required, revocationList: 'none', sessionIndex } as const
    expect(() => createSessionManager(withoutList)).toThrow(message)
  })

  it('refuse what an index does not have', () => {
    expect(() => memorySessionIndex({ maxSessions: 3 } as never)).toThrow(/no option "maxSessions"/)
    expect(() => memorySessionIndex({ describe: 'Firefox' as never })).toThrow(
      '"describe" must be a function; got a string',
    )
  })

  it('are needed for listSessions', async () => {
    const manager = createSessionManager({ ...required, now: () => 0 })
    await expect(manager.listSessions('ada')).rejects.toThrow(
      'listSessions() needs the option "sessionIndex"',
    )
    await expect(manager.listSessions('')).rejects.toThrow(/a subject must be a non-empty/)
  })
})

type Manager = ReturnType<typeof setUp>['manager']

async function hashOf(subject: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(subject))
  return Buffer.from(digest).toString('hex')
}
