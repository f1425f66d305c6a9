/** A check after commit, a replaced sid that comes back late, and sessions bound to an audience. */

import { describe, expect, it } from 'vitest'
import { createSessionManager, type Session } from '../../src/index.ts'
import { type AnyData, setUp, Visitor } from '../kit/visitor.ts'

describe('recheck() after commit', () => {
  async function streaming() {
    const { clock, keys, list, manager, visitor } = setUp()
    const elsewhere = createSessionManager({ keys, revocationList: list, now: clock })
    await visitor.visit((session) => session.signIn('ada'))
    let session: Session<AnyData> | undefined
    await visitor.visit((current) => {
      session = current
    })
    return { clock, elsewhere, list, manager, visitor, session: session as Session<AnyData> }
  }

  it('resolves when the session goes on', async () => {
    const { session } = await streaming()
    await session.recheck()
    expect([session.subject, session.ended]).toEqual(['ada', undefined])
  })

  it('notices a force-out, and the session is anonymous from then on', async () => {
    const { elsewhere, session } = await streaming()
    await elsewhere.revokeSubject('ada')
    await session.recheck()
    expect([session.subject, session.sid, session.ended]).toEqual([undefined, undefined, 'revoked'])
    expect(() => {
      session.data.late = 1
    }).toThrow(TypeError)
  })

  it('rejects when the list is unreachable', async () => {
    const { list, session } = await streaming()
    list.read = async () => {
      throw new Error('away')
    }
    await expect(session.recheck()).rejects.toMatchObject({ code: 'revocation-unavailable' })
    expect(session.subject).toBe('ada')
  })

  it('changes nothing else: calls that write still reject', async () => {
    const { session } = await streaming()
    await session.recheck()
    await expect(session.regenerate()).rejects.toMatchObject({ code: 'committed' })
  })
})

describe('a replaced sid', () => {
  it.each([
    [0, []],
    [60, []],
    [60.001, [{ type: 'replaced-sid', age: 60.001 }]],
  ])('that comes back after %d s is told of', async (seconds, told) => {
    const { clock, events, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    const copy = visitor.copy()
    await visitor.visit((session) => session.regenerate())
    clock.pass(seconds)
    expect(await copy.see(({ ended }) => ended)).toBe('revoked')
    expect(events).toEqual([...told, { type: 'ended', reason: 'revoked' }])
    expect(await visitor.see(({ subject }) => subject)).toBe('ada')
  })

  it('is reported by an isolate that asks the list, too', async () => {
    const { clock, events, keys, list, visitor, manager } = setUp()
    const elsewhere = createSessionManager<AnyData>({ keys, revocationList: list, now: clock })
    const owner = new Visitor(elsewhere, clock)
    await owner.visit((session) => session.signIn('ada'))
    const copy = owner.copy(manager)
    await owner.visit((session) => session.regenerate())
    clock.pass(61)
    expect(await copy.see(({ ended }) => ended)).toBe('revoked')
    expect(events).toEqual([
      { type: 'replaced-sid', age: 61 },
      { type: 'ended', reason: 'revoked' },
    ])
    void visitor
  })

  it('is not told of when the whole family was signed out', async () => {
    const { clock, events, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    const copy = visitor.copy()
    await visitor.visit((session) => session.regenerate())
    await visitor.visit((session) => session.destroy())
    clock.pass(61)
    await copy.visit()
    expect(events).toEqual([{ type: 'ended', reason: 'revoked' }])
  })
})

describe('audience', () => {
  const KEY = 'YSBrZXkgb2YgdGhlIHRlc3RzLCBub3QgYSBzZWNyZXQ'
  const under = (clock: () => number, audience?: string | ((request: Request) => string)) =>
    createSessionManager<AnyData>({
      keys: KEY,
      revocationList: 'none',
      now: clock,
      ...(audience === undefined ? {} : { audience }),
    })

  it('ends a session that began for another as invalid', async () => {
    const { clock } = setUp()
    const one = new Visitor(under(clock, 'one.example'), clock)
    await one.visit((session) => session.signIn('ada'))
    expect(await one.see(({ subject }) => subject)).toBe('ada')
    expect(await one.copy(under(clock, 'two.example')).see(({ ended }) => ended)).toBe('invalid')
  })

  it('can depend on the request', async () => {
    const { clock } = setUp()
    const byHost = under(clock, (request) => request.headers.get('x-tenant') ?? 'none')
    const visitor = new Visitor(byHost, clock)
    await visitor.visit((session) => session.signIn('ada'), { 'x-tenant': 'one' })
    const ended = ({ ended }: Session<AnyData>) => ended
    expect(await visitor.see(ended, { 'x-tenant': 'one' })).toBeUndefined()
    expect(await visitor.see(ended, { 'x-tenant': 'two' })).toBe('invalid')
  })

  it.each(['regenerate', 'save'] as const)('is kept by %s, and set by a sign-in', async (call) => {
    const { clock } = setUp()
    const visitor = new Visitor(under(clock), clock)
    await visitor.visit((session) => session.signIn('ada'))
    const bound = new Visitor(under(clock, 'one'), clock, visitor.jar)
    await bound.visit(async (session) => {
      expect(session.subject).toBe('ada')
      session.data = { call }
      await session[call]()
    })
    const ended = ({ ended }: Session<AnyData>) => ended
    // It began before the option was switched on: honoured until its limit.
    expect(await bound.copy(under(clock, 'two')).see(ended)).toBeUndefined()
    await bound.visit((session) => session.signIn('ada'))
    expect(await bound.copy(under(clock, 'two')).see(ended)).toBe('invalid')
    expect(await bound.copy(under(clock, 'one')).see(ended)).toBeUndefined()
    await bound.visit(async (session) => {
      session.data = { again: call }
      await session[call]()
    })
    expect(await bound.copy(under(clock, 'two')).see(ended)).toBe('invalid')
  })

  it('is set by the first write of an anonymous session', async () => {
    const { clock } = setUp()
    const visitor = new Visitor(under(clock, 'one'), clock)
    await visitor.visit((session) => {
      session.data.cart = 1
    })
    expect(await visitor.copy(under(clock, 'two')).see(({ ended }) => ended)).toBe('invalid')
  })

  it.each([[''], [1], [null], ['\ud800']])('refuses %j', (audience) => {
    expect(() => under(Date.now, audience as never)).toThrow(
      '"audience" must be a non-empty string',
    )
  })
})
