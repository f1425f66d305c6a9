/** What operators hear: which event comes when, what joins the lines of one session, and what is never said. */

import { describe, expect, it, vi } from 'vitest'
import { analyticsEvents } from '../../src/cloudflare.ts'
import {
  createSessionManager,
  generateKey,
  logEvents,
  memoryRevocationList,
  type SessionEvent,
} from '../../src/index.ts'
import { type AnyData, setUp, testClock, Visitor } from '../kit/visitor.ts'

/** What was said since the last time, with the pseudonym of the session if there is one. */
function tell(history: SessionEvent[]) {
  return history.splice(0).map((event) => ({ ...event, session: 'session' in event }))
}

const pseudonyms = (history: readonly SessionEvent[]) =>
  history.map((event) => ('session' in event ? event.session : undefined))

describe('events', () => {
  it('tell of a life: signed in, regenerated, signed out, ended', async () => {
    const { history, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    expect(tell(history)).toEqual([{ type: 'signed-in', session: true }])
    await visitor.visit()
    expect(tell(history)).toEqual([])
    await visitor.visit((session) => session.regenerate())
    expect(tell(history)).toEqual([{ type: 'regenerated', session: true }])
    const copy = visitor.copy()
    await visitor.visit((session) => session.destroy())
    expect(tell(history)).toEqual([{ type: 'signed-out', session: true }])
    await copy.visit()
    expect(tell(history)).toEqual([{ type: 'ended', reason: 'revoked', session: true }])
  })

  it('of one session have one name, also under another sid, and other sessions other names', async () => {
    const { history, clock, manager } = setUp()
    for (let i = 0; i < 2; i++) {
      const visitor = new Visitor(manager, clock)
      await visitor.visit((session) => session.signIn('ada'))
      await visitor.visit((session) => session.regenerate())
      await visitor.visit((session) => session.destroy())
    }
    const names = pseudonyms(history)
    expect(names).toHaveLength(6)
    expect(names[0]).toMatch(/^[\w-]{16}$/)
    expect(new Set(names.slice(0, 3)).size).toBe(1)
    expect(new Set(names.slice(3)).size).toBe(1)
    expect(new Set(names).size).toBe(2)
  })

  it('have another name under another newest key', async () => {
    const [first, second] = [generateKey(), generateKey()]
    const clock = testClock()
    const list = memoryRevocationList({ now: clock })
    const history: SessionEvent[] = []
    const managerOf = (keys: string) =>
      createSessionManager<AnyData>({
        keys,
        revocationList: list,
        now: clock,
        onEvent: (event) => void history.push(event),
      })
    const visitor = new Visitor(managerOf(first), clock)
    await visitor.visit((session) => session.signIn('ada'))
    await visitor.copy(managerOf(`${first},${second}`)).visit((session) => session.regenerate())
    await visitor.copy(managerOf(`${second},${first}`)).visit((session) => session.destroy())
    const [signedIn, regenerated, signedOut] = pseudonyms(history)
    expect(regenerated).toBe(signedIn)
    expect(signedOut).toMatch(/^[\w-]{16}$/)
    expect(signedOut).not.toBe(signedIn)
  })

  it('tell of marks, with the name of the session where it is one', async () => {
    const { history, manager, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    const family = await visitor.see((session) => session.family ?? '')
    const [name] = pseudonyms(history.splice(0))
    await visitor.visit((session) => session.signOutOthers())
    await manager.revokeSubject('ada')
    await manager.revokeSubject('ada', { before: new Date(0) })
    await manager.revokeExternal(['https://op.example', 'x'])
    await manager.revokeAll()
    await manager.revokeSession(family)
    expect(history).toEqual([
      { type: 'revoked', scope: 'others' },
      { type: 'revoked', scope: 'subject' },
      { type: 'revoked', scope: 'since' },
      { type: 'revoked', scope: 'external' },
      { type: 'revoked', scope: 'all' },
      { type: 'revoked', scope: 'session', session: name },
    ])
  })

  it('tell of a sign-in over a session, and of endOthers', async () => {
    const { history, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    history.length = 0
    await visitor.visit((session) => session.signIn('ada', { endOthers: true }))
    expect(tell(history)).toEqual([
      { type: 'revoked', scope: 'since', session: false },
      { type: 'signed-out', session: true },
      { type: 'signed-in', session: true },
    ])
  })

  it('tell of data that is too large, and how large', async () => {
    const { history, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    history.length = 0
    await visitor.visit(async (session) => {
      session.data.note = 'x'.repeat(5_000)
      await session.save().catch(() => {})
    })
    expect(history).toEqual([
      { type: 'data-too-large', bytes: expect.any(Number), session: expect.any(String) },
    ])
    expect((history[0] as { bytes: number }).bytes).toBeGreaterThan(4_096)
  })

  it('are no sign-in when the response could not be made', async () => {
    const { history, visitor } = setUp()
    const failing = visitor.visit(async (session) => {
      await session.signIn('ada')
      throw new Error('the handler failed')
    })
    await expect(failing).rejects.toThrow('the handler failed')
    expect(history).toEqual([])
  })

  it('of a sign-out come without a list as well', async () => {
    const { history, visitor } = setUp({ revocationList: 'none' })
    await visitor.visit((session) => session.signIn('ada'))
    await visitor.visit((session) => session.destroy())
    expect(tell(history)).toEqual([
      { type: 'signed-in', session: true },
      { type: 'signed-out', session: true },
    ])
  })

  it('come without a name when the keys are away, or when cookies of several sessions came', async () => {
    let isAway = false
    const key = generateKey()
    const clock = testClock()
    const history: SessionEvent[] = []
    const manager = createSessionManager<AnyData>({
      keys: () => (isAway ? Promise.reject(new Error('away')) : key),
      revocationList: memoryRevocationList({ now: clock }),
      now: clock,
      onEvent: (event) => void history.push(event),
    })
    isAway = true
    await manager.revokeSession('a'.repeat(22))
    expect(history.splice(0)).toEqual([{ type: 'revoked', scope: 'session' }])
    isAway = false
    const visitors = [new Visitor(manager, clock), new Visitor(manager, clock)]
    for (const visitor of visitors) await visitor.visit((session) => session.signIn('ada'))
    const cookie = visitors.map((visitor) => visitor.request().headers.get('Cookie')).join('; ')
    clock.pass(31 * 60)
    history.length = 0
    await manager.load(new Request('https://site.example/', { headers: { cookie } }))
    expect(history).toEqual([{ type: 'ended', reason: 'idle' }])
  })

  it('never hold a sid, a token, a subject or data', async () => {
    const { history, clock, manager } = setUp()
    const subject = 'ada@example.com'
    const secrets = new Set<string>([subject, 'the note'])
    const visitor = new Visitor(manager, clock)
    const learn = async () => {
      for (const pair of visitor.request().headers.get('Cookie')?.split('; ') ?? []) {
        secrets.add(pair.slice(pair.indexOf('=') + 1))
      }
      await visitor.visit((session) => {
        for (const id of [session.sid, session.family]) if (id !== undefined) secrets.add(id)
      })
    }
    await visitor.visit(async (session) => {
      await session.signIn(subject, { external: ['https://op.example', 'the sid there'] })
      session.data.note = 'the note'
    })
    secrets.add('the sid there')
    await learn()
    await visitor.visit((session) => session.regenerate())
    await learn()
    await visitor.visit((session) => session.signOutOthers())
    await learn()
    await manager.revokeSubject(subject)
    await visitor.visit()
    await manager.revokeAll()
    expect(history.length).toBeGreaterThanOrEqual(6)
    const said = JSON.stringify(history)
    expect(secrets.size).toBeGreaterThanOrEqual(8)
    for (const secret of secrets) expect(said).not.toContain(secret)
  })

  it.each([
    ['throw', () => fail()],
    ['reject', async () => fail()],
  ])('that %s in the app are no fault of a request, nor of the process', async (_, onEvent) => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const { visitor } = setUp({ onEvent })
    await visitor.visit((session) => session.signIn('ada'))
    expect(await visitor.see(({ subject }) => subject)).toBe('ada')
    // Node tells of unhandled rejections when the microtasks are done.
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  function fail(): never {
    throw new Error('the log is full')
  }
})

describe('the ways to logs and metrics', () => {
  const cause = new RangeError('no such key: revoked/subject/ada')
  const events: SessionEvent[] = [
    { type: 'signed-in', session: 'aaaaaaaaaaaaaaaa' },
    { type: 'ended', reason: 'idle', session: 'aaaaaaaaaaaaaaaa' },
    { type: 'revoked', scope: 'all' },
    { type: 'revocation-unavailable', operation: 'read', cause },
    { type: 'revocation-stale', age: 61.5, cause: 'no error' },
    { type: 'data-too-large', bytes: 5_000 },
  ]

  it('write lines of JSON, with the class of a cause and not its message', () => {
    const lines: string[] = []
    const log = logEvents((line) => lines.push(line))
    for (const event of events) log(event)
    expect(lines).toEqual([
      '{"message":"session","type":"signed-in","session":"aaaaaaaaaaaaaaaa"}',
      '{"message":"session","type":"ended","session":"aaaaaaaaaaaaaaaa","reason":"idle"}',
      '{"message":"session","type":"revoked","scope":"all"}',
      '{"message":"session","type":"revocation-unavailable","operation":"read","cause":"RangeError"}',
      '{"message":"session","type":"revocation-stale","age":61.5,"cause":"string"}',
      '{"message":"session","type":"data-too-large","bytes":5000}',
    ])
  })

  it('write data points', () => {
    const points: unknown[] = []
    const write = analyticsEvents({ writeDataPoint: (point) => void points.push(point) })
    for (const event of events) write(event)
    expect(points).toEqual(
      [
        ['signed-in', '', 'aaaaaaaaaaaaaaaa', '', 0],
        ['ended', 'idle', 'aaaaaaaaaaaaaaaa', '', 0],
        ['revoked', 'all', '', '', 0],
        ['revocation-unavailable', 'read', '', 'RangeError', 0],
        ['revocation-stale', '', '', 'string', 61.5],
        ['data-too-large', '', '', '', 5_000],
      ].map((row) => ({ indexes: [row[0]], blobs: row.slice(0, 4), doubles: [row[4]] })),
    )
  })

  it('are taken as onEvent, and say so when a binding is missing', async () => {
    const lines: string[] = []
    const { visitor } = setUp({ onEvent: logEvents((line) => lines.push(line)) })
    await visitor.visit((session) => session.signIn('ada'))
    expect(lines).toHaveLength(1)
    expect(() => analyticsEvents(undefined as never)).toThrow(/takes an Analytics Engine dataset/)
    expect(() => logEvents('x' as never)).toThrow('"write" must be a function; got a string')
  })
})
