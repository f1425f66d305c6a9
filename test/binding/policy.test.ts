/** When a session goes on without a proof: browsers that cannot bind, lists that are away. */

import { describe, expect, it } from 'vitest'
import { deviceBinding } from '../../src/binding.ts'
import {
  createSessionManager,
  generateKey,
  memoryRevocationList,
  type RevocationList,
  SessionError,
} from '../../src/index.ts'
import { type Handler, setUp, testClock, Visitor } from '../kit/visitor.ts'
import { BOUND, LIFETIME, setUpBinding } from './device.ts'

type Looked = Parameters<Handler>[0]
const who = ({ subject, ended }: Looked) => subject ?? ended

describe('a browser that cannot bind', () => {
  it('goes on under when-supported, and nothing is asked of it', async () => {
    const { visitor, clock, events } = setUpBinding({ recheckAfter: 60 })
    await visitor.visit((session) => session.signIn('ada'))
    for (let minute = 0; minute < 60; minute++) {
      clock.pass(60)
      expect(
        await visitor.see(({ subject, bound, proofAge }) => [subject, bound, proofAge]),
      ).toEqual(['ada', undefined, undefined])
    }
    expect(visitor.jar.names()).not.toContain(BOUND)
    expect(events).toEqual([])
  })

  it.each([
    [59, 'ada'],
    [60, 'unbound'],
    [61, 'unbound'],
  ])('under required, %i s after its sign-in: %s', async (seconds, expected) => {
    const { visitor, clock } = setUpBinding({ device: { policy: 'required' } })
    await visitor.visit((session) => session.signIn('ada'))
    clock.pass(seconds)
    expect(await visitor.see(who)).toBe(expected)
  })

  it('under required, is not ended before somebody signs in', async () => {
    const { visitor, clock } = setUpBinding({ device: { policy: 'required' } })
    await visitor.visit((session) => {
      session.data.theme = 'dark'
    })
    clock.pass(600)
    expect(await visitor.see(({ data }) => data.theme)).toBe('dark')
  })

  it('under required, was live when the option was switched on: ended', async () => {
    const site = setUpBinding({ device: { policy: 'required' } })
    const before = setUp({ keys: site.keys, revocationList: site.list, now: site.clock })
    await before.visitor.visit((session) => session.signIn('ada'))
    site.clock.pass(60)
    const after = new Visitor(site.manager, site.clock, before.visitor.jar)
    expect(await after.see(who)).toBe('unbound')
    await after.visit((session) => session.signIn('ada'))
    expect(await after.see(who)).toBe('ada')
  })
})

describe('a browser that can, where a proof is required', () => {
  it('goes on for hours', async () => {
    const { device, clock } = setUpBinding({ device: { policy: 'required' } })
    await device.signIn()
    for (let minute = 0; minute < 120; minute++) {
      clock.pass(60)
      expect(await device.see(who)).toBe('ada')
    }
  })

  it.each(['', 'after a real check '])('is refused %sto a copy that has no proof', async (how) => {
    // A long grace is for browsers that have not proved yet.
    const { device, clock, anotherManager } = setUpBinding({
      device: { policy: 'required', grace: 600 },
    })
    await device.visit((session) => session.signIn('ada'))
    const copies = [device.visitor.copy(), device.visitor.copy(anotherManager())]
    await device.visit()
    clock.pass(how === '' ? 60 : 1)
    for (const copy of copies) {
      let seen: unknown
      await copy.visit(async (session) => {
        if (how !== '') await session.recheck()
        seen = who(session)
      })
      expect(seen).toBe('unbound')
    }
  })

  it('needs no list', async () => {
    const { device, clock } = setUpBinding({
      revocationList: 'none',
      device: { policy: 'required' },
    })
    await device.signIn()
    const copy = new Visitor(device.manager, () => 0, device.visitor.jar.clone())
    clock.pass(LIFETIME)
    expect(await copy.see(who)).toBe('unbound')
    expect(await device.see(who)).toBe('ada')
    let after: unknown
    await device.visit(async (session) => {
      await session.recheck()
      after = who(session)
    })
    expect(after).toBe('ada')
  })
})

describe('the list', () => {
  it('is asked for one key more at each check of a session without a proof, and for none with one', async () => {
    const { list, reads } = counting()
    const { visitor, another, clock } = setUpBinding({
      revocationList: list,
      recheckAfter: 60,
    })
    await visitor.visit((session) => session.signIn('firefox'))
    const able = another()
    await able.signIn('chromium')
    const asked = async (one: { visit(): Promise<unknown> }) => {
      reads.splice(0)
      for (let second = 0; second < 300; second += 10) {
        clock.pass(10)
        await one.visit()
      }
      return reads.filter((name) => name === 'bound').length
    }
    expect(await asked(able)).toBe(0)
    expect(await asked(visitor)).toBe(5)
  })

  it('is asked by each of two servers once in that time, whichever the requests reach', async () => {
    const { list, reads } = counting()
    const { visitor, anotherManager, clock } = setUpBinding({
      revocationList: list,
      recheckAfter: 60,
    })
    await visitor.visit((session) => session.signIn('firefox'))
    const there = new Visitor(anotherManager(), clock, visitor.jar)
    reads.splice(0)
    for (let second = 0; second < 300; second += 10) {
      clock.pass(10)
      await (second % 20 === 0 ? visitor : there).visit()
    }
    // The activity cookie says when it was last asked.
    expect(reads.filter((name) => name === 'bound')).toHaveLength(5)
  })

  it('is asked at every request with recheckAfter 0', async () => {
    const { list, reads } = counting()
    const { visitor } = setUpBinding({ revocationList: list, recheckAfter: 0 })
    await visitor.visit((session) => session.signIn('firefox'))
    for (let n = 0; n < 3; n++) await visitor.visit()
    expect(reads.filter((name) => name === 'bound')).toHaveLength(3)
  })

  it('is never asked by an app without the option', async () => {
    const { list, reads } = counting()
    const { visitor, clock } = setUp({ revocationList: list })
    await visitor.visit((session) => session.signIn('ada'))
    clock.pass(60)
    await visitor.visit()
    expect(reads).not.toContain('bound')
  })
})

describe('the list is away', () => {
  function setUpTroubled(options: Parameters<typeof setUpBinding>[0] = {}) {
    const memory = memoryRevocationList({ now: testClock() })
    const trouble = { reads: false, writes: false }
    const list: RevocationList = {
      async read(targets) {
        if (trouble.reads) throw new Error('away')
        return memory.read(targets)
      },
      async write(...mark) {
        if (trouble.writes) throw new Error('away')
        await memory.write(...mark)
      },
    }
    return { trouble, ...setUpBinding({ ...options, revocationList: list }) }
  }

  it('during a registration: the browser is registered all the same', async () => {
    const { device, trouble } = setUpTroubled()
    trouble.reads = trouble.writes = true
    await device.visit((session) => session.signIn('ada'))
    expect(device.instructions).toBeDefined()
    trouble.reads = trouble.writes = false
    await device.visit()
    expect(await device.see(({ bound }) => bound !== undefined)).toBe(true)
  })

  it.each(['reads', 'writes'] as const)(
    'for %s during the first proof: 503, no cookie, and it works later',
    async (what) => {
      const { device, trouble, clock } = setUpTroubled()
      await device.visit((session) => session.signIn('ada'))
      trouble[what] = true
      const answer = await device.refresh()
      expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '5'])
      expect(answer.headers.getSetCookie()).toEqual([])
      trouble[what] = false
      clock.pass(5)
      await device.visit()
      expect(await device.see(({ bound }) => bound !== undefined)).toBe(true)
    },
  )

  it('during a later proof: 503, and the page gets 503 instead of an end', async () => {
    const { device, trouble, clock, events } = setUpTroubled()
    await device.signIn()
    clock.pass(LIFETIME)
    trouble.reads = true
    await expect(device.see(who)).rejects.toMatchObject({ code: 'proof-unavailable' })
    trouble.reads = false
    clock.pass(5)
    expect(await device.see(who)).toBe('ada')
    expect(events.map((event) => (event as { type: string }).type)).not.toContain('ended')
  })

  it.each([
    [299, 'ada'],
    [300, 'revocation-unavailable'],
    [301, 'revocation-unavailable'],
  ])('for a session without a proof, %i s after the last check: %s', async (seconds, expected) => {
    const { visitor, trouble, clock, events } = setUpTroubled({ staleIfError: 300 })
    await visitor.visit((session) => session.signIn('ada'))
    trouble.reads = true
    clock.pass(seconds)
    const seen = await visitor.see(who).catch((error: SessionError) => error.code)
    expect(seen).toBe(expected)
    if (expected === 'ada')
      expect(events).toContainEqual(expect.objectContaining({ type: 'revocation-stale' }))
  })

  it('for a session that was never asked about, however recent another check is', async () => {
    const { manager, keys, clock, trouble } = setUpTroubled()
    // By a server without the option.
    const before = setUp({ keys, now: clock })
    await before.visitor.visit((session) => session.signIn('ada'))
    trouble.reads = true
    clock.pass(1)
    const visitor = new Visitor(manager, clock, before.visitor.jar)
    await expect(visitor.see(who)).rejects.toMatchObject({ code: 'revocation-unavailable' })
    trouble.reads = false
    clock.pass(5)
    expect(await visitor.see(who)).toBe('ada')
  })

  it('a sign-out of a session without a proof still tries to record it', async () => {
    const { visitor, trouble, clock } = setUpTroubled()
    await visitor.visit((session) => session.signIn('ada'))
    const copy = visitor.copy()
    clock.pass(300)
    trouble.reads = true
    await visitor.visit((session) => session.destroy())
    trouble.reads = false
    clock.pass(5)
    expect(await copy.see(who)).toBe('revoked')
  })

  it('a copy whose activity cookie says that the session was proved ends nothing', async () => {
    const { device, trouble, clock, anotherManager } = setUpTroubled()
    await device.signIn()
    const copy = device.visitor.copy(anotherManager())
    copy.jar.set(`${BOUND}=; Max-Age=0; Path=/; Secure; HttpOnly`, 'https://site.example')
    trouble.reads = true
    await copy.visit((session) => session.destroy())
    trouble.reads = false
    clock.pass(60)
    expect(await device.see(who)).toBe('ada')
  })

  it('a session that is bound and has a proof needs it no more than before', async () => {
    const { device, trouble, clock } = setUpTroubled({ recheckAfter: 120 })
    await device.signIn()
    trouble.reads = true
    clock.pass(119)
    expect(await device.see(who)).toBe('ada')
  })
})

describe('a browser that could not prove', () => {
  it('is told to try again, and can sign out', async () => {
    const { device, clock, events } = setUpBinding()
    await device.signIn()
    clock.pass(LIFETIME)
    const skipped = { 'Secure-Session-Skipped': 'quota_exceeded' }
    await expect(device.visitor.see(who, skipped)).rejects.toThrow(
      new SessionError('proof-unavailable', 'the browser could not prove its key'),
    )
    expect((await device.visitor.visit(() => {}, skipped)).status).toBe(200)
    expect(events.map((event) => (event as { type: string }).type)).toEqual(['bound'])
    await device.visitor.visit((session) => session.destroy(), skipped)
    expect(device.visitor.jar.names()).toEqual([])
  })

  it('goes on where a proof is not needed', async () => {
    const { visitor } = setUpBinding()
    await visitor.visit((session) => session.signIn('ada'))
    expect(await visitor.see(who, { 'Secure-Session-Skipped': 'unreachable' })).toBe('ada')
  })
})

describe('a mistake in the options', () => {
  const make = (options: object) => () =>
    createSessionManager({
      keys: generateKey(),
      revocationList: memoryRevocationList({ now: Date.now }),
      now: Date.now,
      ...options,
    })
  const binding = deviceBinding({ policy: 'when-supported' })

  it.each<[string, object, string]>([
    ['no policy', {}, `"policy" must be 'when-supported' or 'required'; got undefined`],
    [
      'a lifetime that is too short',
      { policy: 'required', lifetime: 299 },
      '"lifetime" must be a whole number of seconds from 300 to 900; got 299',
    ],
    [
      'a lifetime that is too long',
      { policy: 'required', lifetime: 901 },
      '"lifetime" must be a whole number of seconds from 300 to 900; got 901',
    ],
    [
      'a grace that is too short',
      { policy: 'required', grace: 9 },
      '"grace" must be a whole number of seconds from 10 to 600; got 9',
    ],
    [
      'a path with a slash at its end',
      { policy: 'required', path: '/session/' },
      '"path" must be a path of this site, such as "/session", without a slash at its end',
    ],
    [
      'a path that ends the header field',
      { policy: 'required', path: '/a"; challenge="' },
      '"path" must be a path of this site, such as "/session", without a slash at its end',
    ],
    [
      'a misspelt option',
      { policy: 'required', lifetme: 600 },
      'no option "lifetme" in the options of deviceBinding; did you mean "lifetime"?; there are policy, lifetime, grace, path',
    ],
  ])('%s', (_, options, message) => {
    expect(() => deviceBinding(options as never)).toThrow(new TypeError(message))
  })

  it.each<[string, object, string]>([
    [
      'when-supported without a list',
      { binding, revocationList: 'none' },
      `deviceBinding() with the policy 'when-supported' needs a revocation list, because a thief can drop every cookie but not a mark`,
    ],
    [
      'plain http',
      { binding, cookie: { secure: false } },
      'deviceBinding() needs "cookie.secure": leave "binding" out in development over plain http',
    ],
    [
      'several hosts',
      { binding, cookie: { name: '__Secure-session', domain: 'site.example' } },
      'deviceBinding() binds sessions of one host: leave "cookie.domain" out',
    ],
    [
      'the options themselves',
      { binding: { policy: 'required' } },
      '"binding" must be deviceBinding({ ... }); got an object',
    ],
    [
      'nothing but the name',
      { binding: true },
      '"binding" must be deviceBinding({ ... }); got a boolean',
    ],
  ])('%s', (_, options, message) => {
    expect(make(options)).toThrow(new TypeError(message))
  })

  it.each([
    [undefined, '__Host-session-bound'],
    ['__Host-id', '__Host-id-bound'],
    ['__Secure-id', '__Secure-id-bound'],
    ['__Http-id', '__Secure-id-bound'],
    ['id', 'id-bound'],
  ])('the cookie %s has beside it %s', async (name, expected) => {
    const { device } = setUpBinding(name === undefined ? {} : { cookie: { name } })
    await device.signIn()
    expect(device.instructions?.credentials[0]?.name).toBe(expected)
    expect(device.visitor.jar.names()).toContain(expected)
  })
})

describe('answerBinding', () => {
  it.each([
    ['GET', '/session/refresh'],
    ['POST', '/session'],
    ['POST', '/session/refresh/'],
    ['POST', '/other/refresh'],
  ])('leaves %s %s to the app', async (method, path) => {
    const { manager } = setUpBinding()
    const request = new Request(`https://site.example${path}`, { method })
    expect(await manager.answerBinding(request)).toBeUndefined()
  })

  it('leaves everything to an app without the option', async () => {
    const { manager } = setUp()
    const request = new Request('https://site.example/session/refresh', { method: 'POST' })
    expect(await manager.answerBinding(request)).toBeUndefined()
  })

  it('takes a Request', async () => {
    const { manager } = setUpBinding()
    await expect(manager.answerBinding('/session' as never)).rejects.toThrow(TypeError)
  })

  it('needs no session: there is none at its addresses', async () => {
    const { device, clock, events } = setUpBinding()
    await device.signIn()
    clock.pass(LIFETIME)
    events.splice(0)
    const session = await device.manager.load(device.ownRequest('/session/refresh'))
    expect([session.subject, session.ended]).toEqual([undefined, undefined])
    expect(events).toEqual([])
  })
})

/** A list that notes the scopes that it is asked for. */
function counting() {
  const reads: string[] = []
  const memory = memoryRevocationList({ now: testClock() })
  const list: RevocationList = {
    read(targets) {
      reads.push(...targets.map(({ scope }) => scope))
      return memory.read(targets)
    },
    write: (...mark) => memory.write(...mark),
  }
  return { list, reads }
}
