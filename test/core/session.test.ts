import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { createSessionManager, memoryRevocationList, type SessionError } from '../../src/index.ts'
import { ACTIVITY, type AnyData, cookiesSet, SESSION, setUp, Visitor } from '../kit/visitor.ts'

describe('a visitor', () => {
  it('gets no cookie until the app writes something', async () => {
    const { visitor } = setUp()
    expect(cookiesSet(await visitor.visit((session) => void session.data))).toEqual([])
  })

  it('gets an anonymous session with the first write', async () => {
    const { visitor } = setUp()
    const answer = await visitor.visit((session) => {
      session.data.cart = ['book']
    })
    expect(cookiesSet(answer)).toEqual([SESSION, ACTIVITY])
    const seen = await visitor.see(({ subject, data, sid }) => ({ subject, data, sid }))
    expect(seen).toEqual({
      subject: undefined,
      data: { cart: ['book'] },
      sid: expect.stringMatching(/^[\w-]{22}$/),
    })
  })

  it('sets only the activity cookie on a read, small however much the session holds', async () => {
    const { visitor } = setUp()
    await visitor.visit(async (session) => {
      session.data.note = 'x'.repeat(2_000)
      await session.signIn('ada', { remember: true })
    })
    const answer = await visitor.visit((session) => void session.data.note)
    expect(cookiesSet(answer)).toEqual([ACTIVITY])
    expect(answer.headers.getSetCookie()[0]?.length).toBeLessThanOrEqual(400)
  })
})

describe('data', () => {
  it('is sealed when its JSON differs, also after changes in place', async () => {
    const { visitor } = setUp()
    await visitor.visit(async (session) => {
      await session.signIn('ada')
      session.data.list = [1]
    })
    const changed = await visitor.visit((session) => session.data.list.push(2) && undefined)
    expect(cookiesSet(changed)).toEqual([SESSION, ACTIVITY])
    expect(await visitor.see(({ data }) => data)).toEqual({ list: [1, 2] })
    const same = await visitor.visit((session) => {
      session.data = { list: [1, 2] }
    })
    expect(cookiesSet(same)).toEqual([ACTIVITY])
  })

  it('reads back in the request that changed it', async () => {
    const { visitor } = setUp()
    const seen = await visitor.see((session) => {
      session.data.step = 2
      return session.data.step
    })
    expect(seen).toBe(2)
  })

  it('is apart from the claims: members named like claims are data', async () => {
    const { visitor } = setUp()
    const data = { sid: 'mine', iat: 1, exp: 2, sub: 'nobody', act: 0, d: {} }
    await visitor.visit(async (session) => {
      session.data = data
      await session.signIn('ada')
    })
    expect(await visitor.see((session) => [session.subject, session.data])).toEqual(['ada', data])
  })

  it('holds members named like those of Object.prototype and changes nothing else', async () => {
    const { visitor } = setUp()
    await visitor.visit((session) => {
      session.data = JSON.parse('{"__proto__":{"polluted":true},"constructor":1}')
    })
    const data = await visitor.see((session) => session.data)
    expect(JSON.stringify(data)).toBe('{"__proto__":{"polluted":true},"constructor":1}')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it.each([
    ['data.when is an instance of Date', { when: new Date(0) }],
    ['data.seen is an instance of Map', { seen: new Map() }],
    ['data.list[1] is NaN', { list: [1, Number.NaN] }],
    ['data.deep.list[0].big is a bigint', { deep: { list: [{ big: 1n }] } }],
    ['data.list[0] is undefined', { list: [undefined] }],
    ['data.fn is a function', { fn: () => 1 }],
    ['data.user is an instance of User', { user: new (class User {})() }],
    [
      'data.list is an array with holes or members of its own',
      { list: Object.assign([1], { total: 1 }) },
    ],
    ['data.list is an array with holes or members of its own', { list: Array(2) }],
    ['data.o is an instance of Object', { o: Object.create({ inherited: 1 }) }],
    ['data.o is an instance of a class', { o: Object.create(Object.create(null)) }],
  ])('that would not come back equal is refused: %s', async (message, data) => {
    const { visitor } = setUp()
    const visit = visitor.visit((session) => {
      session.data = data
    })
    await expect(visit).rejects.toMatchObject({
      code: 'not-json',
      message: expect.stringContaining(`${message} and would not come back equal`),
    })
  })

  it('that is circular is refused', async () => {
    const { visitor } = setUp()
    const circle: Record<string, unknown> = {}
    circle.self = circle
    const visit = visitor.visit((session) => {
      session.data = circle
    })
    await expect(visit).rejects.toMatchObject({ code: 'not-json' })
  })

  it.each([[null], [[1]], ['text']])('that is not an object is refused: %j', async (data) => {
    const { visitor } = setUp()
    const visit = visitor.visit((session) => {
      session.data = data as object
    })
    await expect(visit).rejects.toMatchObject({ code: 'not-json', message: /must be an object/ })
  })

  it('that is too large is refused with sizes and names, and the old cookie stays', async () => {
    const { visitor } = setUp()
    await visitor.visit(async (session) => {
      session.data = { note: 'old', colour: 'blue' }
      await session.signIn('ada')
    })
    const before = visitor.jar.get(SESSION)
    const visit = visitor.visit((session) => {
      session.data.note = 'secret'.repeat(1000)
    })
    const error = await visit.then(
      () => undefined,
      (error: SessionError) => error,
    )
    expect(error?.code).toBe('too-large')
    expect(error?.message).toMatch(
      /takes \d{4} bytes .* over 4096; .*: note \(6002 bytes\), colour \(6 bytes\)/,
    )
    expect(error?.message).not.toContain('secret')
    expect(visitor.jar.get(SESSION)).toBe(before)
  })

  it('fits up to 4,096 bytes of name and value, with at least 2,800 bytes of JSON', async () => {
    const { visitor } = setUp()
    const subject = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'
    let size = 2_700
    const fits = async () => {
      const answer = await visitor.visit(async (session) => {
        await session.signIn(subject, { remember: true })
        session.data = { x: 'x'.repeat(size - '{"x":""}'.length) }
      })
      const [line = ''] = answer.headers.getSetCookie()
      return line.indexOf(';') - 1
    }
    let bytes = 0
    for (;;) {
      const next = await fits().catch(() => undefined)
      if (next === undefined) break
      bytes = next
      size++
    }
    expect(bytes).toBeGreaterThan(4_093)
    expect(bytes).toBeLessThanOrEqual(4_096)
    expect(size - 1).toBeGreaterThanOrEqual(2_800)
  })

  it('can be saved early, so that the handler can answer; it then goes back to what was sealed', async () => {
    const { visitor } = setUp()
    await visitor.visit(async (session) => {
      await session.signIn('ada')
      session.data.note = 'old'
    })
    const answer = await visitor.visit(async (session) => {
      session.data.note = 'x'.repeat(5_000)
      const error = await session.save().catch((error: SessionError) => error)
      return new Response(`${error?.code} ${session.data.note}`, { status: 413 })
    })
    expect(await answer.text()).toBe('too-large old')
    expect(cookiesSet(answer)).toEqual([ACTIVITY])
  })

  it('is sealed once for a save and a commit without a change between', async () => {
    const { visitor } = setUp()
    const encrypt = vi.spyOn(crypto.subtle, 'encrypt')
    await visitor.visit(async (session) => {
      session.data.note = 'x'
      await session.save()
    })
    expect(encrypt).toHaveBeenCalledTimes(2)
    encrypt.mockRestore()
    await visitor.visit(async (session) => {
      session.data.note = 'y'
      await session.save()
      session.data.note = 'z'
    })
    expect(await visitor.see(({ data }) => data.note)).toBe('z')
  })

  it('is frozen once committed, so that a change in a stream throws', async () => {
    const { visitor } = setUp()
    let data: AnyData = {}
    let session: { data: object; touch(): void; signIn(subject: string): Promise<void> } | undefined
    await visitor.visit((opened) => {
      session = opened
      data = opened.data
      data.deep = { list: [] }
    })
    expect(() => data.deep.list.push(1)).toThrow(TypeError)
    const late = expect.objectContaining({ code: 'committed' })
    expect(() => session?.touch()).toThrow(late)
    expect(() => {
      if (session) session.data = {}
    }).toThrow(late)
    await expect(session?.signIn('ada')).rejects.toThrow(late)
  })

  it('is frozen as a copy: objects that the app shares stay as they are', async () => {
    const { visitor } = setUp()
    const shared = { columns: ['name'], sort: { by: 'name' } }
    const whole = { note: 'x', tags: ['a'] }
    let held: AnyData = {}
    await visitor.visit((session) => {
      session.data.old = { list: [1] }
    })
    for (const act of [
      (data: AnyData) => Object.assign(data, { table: shared, again: shared.sort }),
      (data: AnyData) => data.old.list.push(shared),
    ]) {
      await visitor.visit(({ data }) => {
        held = data
        act(data)
      })
      expect(() => {
        held.more = 1
      }).toThrow(TypeError)
      expect(() => held.old.list.push(1)).toThrow(TypeError)
      expect(() => held.table.columns.push('late')).toThrow(TypeError)
    }
    shared.columns.push('age')
    shared.sort.by = 'age'
    expect(await visitor.see(({ data }) => data)).toEqual({
      old: { list: [1, { columns: ['name'], sort: { by: 'name' } }] },
      table: { columns: ['name'], sort: { by: 'name' } },
      again: { by: 'name' },
    })
    let session: { data: AnyData } | undefined
    await visitor.visit((opened) => {
      session = opened
      opened.data = whole
    })
    expect(() => session?.data.tags.push('b')).toThrow(TypeError)
    whole.tags.push('b')
    whole.note = 'y'
    expect(await visitor.see(({ data }) => data)).toEqual({ note: 'x', tags: ['a'] })
  })

  it('leaves shared objects alone when it cannot be sealed, and after a sign-out', async () => {
    const { visitor } = setUp()
    const shared: AnyData = { list: [] }
    shared.self = shared
    const visit = visitor.visit(({ data }) => {
      data.shared = shared
    })
    await expect(visit).rejects.toMatchObject({ code: 'not-json' })
    let after: AnyData = {}
    await visitor.visit(async (session) => {
      Object.defineProperty(session.data, '__proto__', {
        value: shared,
        enumerable: true,
        configurable: true,
      })
      session.data.at = new Date(0)
      await session.destroy()
      after = session.data
    })
    shared.list.push(1)
    expect(Object.getPrototypeOf(after)).toBe(Object.prototype)
    const copy = Object.getOwnPropertyDescriptor(after, '__proto__')?.value
    expect(copy.self).toBe(copy)
    expect(() => copy.list.push(2)).toThrow(TypeError)
    expect(after.at.getTime()).toBe(0)
  })
})

describe('a schema', () => {
  const schema = z.object({ note: z.string().max(5).optional(), theme: z.string().default('dark') })

  it('infers the data, fills in defaults, and a default alone seals nothing', async () => {
    const { clock, keys, list } = setUp()
    const manager = createSessionManager({ keys, revocationList: list, now: clock, schema })
    const visitor = new Visitor(manager as never, clock)
    await visitor.visit((session) => session.signIn('ada'))
    const answer = await visitor.visit((session) => new Response(session.data.theme))
    expect(await answer.text()).toBe('dark')
    expect(cookiesSet(answer)).toEqual([ACTIVITY])
  })

  it('refuses at commit without printing the data', async () => {
    const { visitor } = setUp({ schema })
    const visit = visitor.visit((session) => {
      session.data.note = 'too long a note'
    })
    await expect(visit).rejects.toMatchObject({
      code: 'data',
      message: 'the schema refused data.note',
    })
  })

  it('ends a session whose data it no longer accepts', async () => {
    const { clock, keys, list, visitor } = setUp()
    await visitor.visit(async (session) => {
      await session.signIn('ada')
      session.data.note = 'too long a note'
    })
    const strict = createSessionManager({ keys, revocationList: list, now: clock, schema })
    const session = await strict.load(visitor.request())
    expect([session.subject, session.ended, session.data]).toEqual([
      undefined,
      'data',
      { theme: 'dark' },
    ])
  })
})

describe('a sign-in', () => {
  it('gives a new sid, keeps anonymous data, and the cookies before it are dead', async () => {
    const { visitor } = setUp()
    await visitor.visit((session) => {
      session.data.cart = 1
    })
    const sid = await visitor.see((session) => session.sid)
    const before = visitor.copy()
    await visitor.visit((session) => session.signIn('ada'))
    const seen = await visitor.see((session) => [
      session.subject,
      session.data,
      session.sid === sid,
    ])
    expect(seen).toEqual(['ada', { cart: 1 }, false])
    expect(await before.see((session) => session.ended)).toBe('revoked')
  })

  it("drops another subject's data and keeps the same one's", async () => {
    const { visitor } = setUp()
    await visitor.visit(async (session) => {
      await session.signIn('ada')
      session.data.note = 'private'
    })
    await visitor.visit((session) => session.signIn('ada'))
    expect(await visitor.see(({ data }) => data)).toEqual({ note: 'private' })
    await visitor.visit((session) => session.signIn('grace'))
    expect(await visitor.see(({ data }) => data)).toEqual({})
  })

  it.each([[''], ['\ud800'], [undefined], [7]])('needs a subject: %j', async (subject) => {
    const { visitor } = setUp()
    await expect(visitor.visit((session) => session.signIn(subject as string))).rejects.toThrow(
      /^a subject must be a non-empty, well-formed string; got /,
    )
  })

  it.each([[{ rememberMe: true }], [true], [{ remember: 'on' }]])(
    'refuses options that are none: %j',
    async (options) => {
      const { visitor } = setUp()
      const visit = visitor.visit((session) => session.signIn('ada', options as object))
      await expect(visit).rejects.toThrow(TypeError)
    },
  )

  it('seals before it revokes: the session is not lost when data does not fit', async () => {
    const { visitor } = setUp()
    await visitor.visit((session) => {
      session.data.cart = 1
    })
    const copy = visitor.copy()
    const visit = visitor.visit(async (session) => {
      session.data.cart = 'x'.repeat(5_000)
      await session.signIn('ada')
    })
    await expect(visit).rejects.toMatchObject({ code: 'too-large' })
    expect(await copy.see(({ data }) => data)).toEqual({ cart: 1 })
  })

  it('needs no list when there was no session before', async () => {
    const list = memoryRevocationList()
    const write = vi.spyOn(list, 'write')
    const read = vi.spyOn(list, 'read')
    const { visitor } = setUp({ revocationList: list })
    await visitor.visit((session) => session.signIn('ada'))
    expect([write, read].map((call) => call.mock.calls.length)).toEqual([0, 0])
  })

  it('takes the place of dead cookies', async () => {
    const { clock, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    clock.pass(1800)
    const seen = await visitor.see((session) => [session.ended, session.subject])
    expect(seen).toEqual(['idle', undefined])
    await visitor.visit((session) => session.signIn('ada'))
    expect(await visitor.see((session) => [session.ended, session.subject])).toEqual([
      undefined,
      'ada',
    ])
  })
})

describe('regenerate', () => {
  it('goes on under a new sid with the same data and revokes the old', async () => {
    const { visitor } = setUp()
    await visitor.visit(async (session) => {
      await session.signIn('ada')
      session.data.note = 'x'
    })
    const sid = await visitor.see((session) => session.sid)
    const copy = visitor.copy()
    await visitor.visit((session) => session.regenerate())
    expect(await visitor.see(({ subject, data }) => [subject, data])).toEqual([
      'ada',
      { note: 'x' },
    ])
    expect(await visitor.see((session) => session.sid)).not.toBe(sid)
    expect(await copy.see((session) => session.ended)).toBe('revoked')
  })

  it('does nothing for a visitor without a session', async () => {
    const { visitor } = setUp()
    expect(cookiesSet(await visitor.visit((session) => session.regenerate()))).toEqual([])
  })
})

describe('signOutOthers', () => {
  it('ends every other session of the subject, and this one goes on under a new sid', async () => {
    const { clock, manager, visitor } = setUp()
    const [second, other] = [new Visitor(manager, clock), new Visitor(manager, clock)]
    await visitor.visit((session) => session.signIn('ada'))
    await second.visit((session) => session.signIn('ada'))
    await other.visit((session) => session.signIn('grace'))
    const copy = visitor.copy()
    await visitor.visit((session) => session.signOutOthers())
    expect(await visitor.see(({ subject }) => subject)).toBe('ada')
    expect(await second.see(({ ended }) => ended)).toBe('revoked')
    expect(await copy.see(({ ended }) => ended)).toBe('revoked')
    expect(await other.see(({ subject }) => subject)).toBe('grace')
    await second.visit((session) => session.signIn('ada'))
    expect(await second.see(({ subject }) => subject)).toBe('ada')
  })

  it('needs a signed-in subject', async () => {
    const { visitor } = setUp()
    await expect(visitor.visit((session) => session.signOutOthers())).rejects.toThrow(
      /signOutOthers\(\) needs a subject: guard the route with requireSignIn\(\)/,
    )
  })

  it('does not rescue a session that was revoked elsewhere', async () => {
    const { clock, keys, list, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    const elsewhere = createSessionManager({ keys, revocationList: list, now: clock })
    await elsewhere.revokeSubject('ada')
    const visit = visitor.visit((session) => session.signOutOthers())
    await expect(visit).rejects.toMatchObject({ code: 'ended' })
  })
})

describe('destroy', () => {
  it('clears the cookies, and a copy of them is dead', async () => {
    const { visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    const copy = visitor.copy()
    const answer = await visitor.visit((session) => session.destroy())
    expect(cookiesSet(answer)).toEqual([`-${SESSION}`, `-${ACTIVITY}`])
    for (const line of answer.headers.getSetCookie()) {
      expect(line).toMatch(/=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    }
    expect(visitor.jar.names()).toEqual([])
    expect(await copy.see(({ subject, ended }) => [subject, ended])).toEqual([undefined, 'revoked'])
  })

  it('is final', async () => {
    const { visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    await visitor.visit(async (session) => {
      const { data } = session
      await session.destroy()
      await session.destroy()
      expect([session.subject, session.sid, session.createdAt]).toEqual([
        undefined,
        undefined,
        undefined,
      ])
      expect(() => {
        data.note = 'x'
      }).toThrow(TypeError)
      const destroyed = { code: 'destroyed' }
      await expect(session.signIn('ada')).rejects.toMatchObject(destroyed)
      await expect(session.save()).rejects.toMatchObject(destroyed)
      expect(() => session.touch()).toThrow(expect.objectContaining(destroyed))
    })
  })

  it('of a session that was never sealed writes nothing', async () => {
    const list = memoryRevocationList()
    const write = vi.spyOn(list, 'write')
    const { visitor } = setUp({ revocationList: list })
    const answer = await visitor.visit(async (session) => {
      session.data.cart = 1
      await session.destroy()
    })
    expect(cookiesSet(answer)).toEqual([])
    expect(write).not.toHaveBeenCalled()
  })

  it.each([
    ['bytes', () => ({ bytes: new Uint8Array([1]) })],
    ['a deep nest', () => JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`)],
  ])('revokes whatever is in the data: %s', async (_, data) => {
    const { visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    const copy = visitor.copy()
    await visitor.visit(async (session) => {
      session.data = data()
      await session.destroy()
    })
    expect(await copy.see(({ ended }) => ended)).toBe('revoked')
  })

  it('tells every caller how it ended', async () => {
    const { list, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    list.write = () => Promise.reject(new Error('down'))
    await visitor.visit(async (session) => {
      const outcomes = await Promise.allSettled([session.destroy(), session.destroy()])
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    })
  })

  it('of a session that this isolate revoked already writes nothing more', async () => {
    const { list, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    const secondClick = visitor.copy()
    await visitor.visit((session) => session.destroy())
    list.write = () => Promise.reject(new Error('one write a second for a key'))
    await secondClick.visit((session) => session.destroy())
    expect(secondClick.jar.names()).toEqual([])
  })

  it('also ends the session that a slow request regenerated meanwhile', async () => {
    const { manager, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    const slow = await manager.load(visitor.request())
    await visitor.visit((session) => session.destroy())
    await slow.regenerate()
    visitor.jar.store(await manager.commit(slow, new Response()), 'https://site.example/')
    expect(await visitor.see(({ subject, ended }) => [subject, ended])).toEqual([
      undefined,
      'revoked',
    ])
  })

  it('clears dead cookies too', async () => {
    const { clock, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    clock.pass(1800)
    expect(cookiesSet(await visitor.visit())).toEqual([])
    expect(cookiesSet(await visitor.visit((session) => session.destroy()))).toEqual([
      `-${SESSION}`,
      `-${ACTIVITY}`,
    ])
  })
})

describe('calls that a handler forgot to await', () => {
  it('are awaited by commit', async () => {
    const { visitor } = setUp()
    await visitor.visit((session) => {
      session.signIn('ada')
      session.data.note = 'x'
    })
    expect(await visitor.see(({ subject, data }) => [subject, data])).toEqual([
      'ada',
      { note: 'x' },
    ])
  })

  it('make commit reject when they fail, once, and the session can then be committed without', async () => {
    const { manager, visitor } = setUp()
    const session = await manager.load(visitor.request())
    session.signIn('')
    await Promise.resolve()
    await expect(manager.commit(session, new Response())).rejects.toThrow(TypeError)
    expect(cookiesSet(await manager.commit(session, new Response()))).toEqual([])
  })

  it('do not make it reject when the handler handled the failure', async () => {
    const { visitor } = setUp()
    const answer = await visitor.visit(async (session) => {
      await session.signIn('').catch(() => {})
    })
    expect(answer.status).toBe(200)
  })

  it('run one after the other', async () => {
    const { visitor } = setUp()
    await visitor.visit((session) => {
      session.signIn('ada')
      session.signIn('grace')
    })
    expect(await visitor.see(({ subject }) => subject)).toBe('grace')
  })
})

describe('changes while something is under way', () => {
  it('are kept when they come during a call', async () => {
    const { visitor } = setUp()
    await visitor.visit(async (session) => {
      const signingIn = session.signIn('ada')
      for (let turn = 0; turn < 5; turn++) await Promise.resolve()
      session.data.profile = 'loaded'
      await signingIn
      session.data.theme = 'dark'
    })
    expect(await visitor.see(({ data }) => data)).toEqual({ profile: 'loaded', theme: 'dark' })
  })

  it('throw when they come during the commit', async () => {
    const { manager, visitor } = setUp()
    const session = await manager.load(visitor.request())
    session.data.list = []
    const committing = manager.commit(session, new Response())
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    const late = { code: 'committed' }
    expect(() => session.data.list.push(1)).toThrow(TypeError)
    await expect(session.destroy()).rejects.toMatchObject(late)
    await expect(session.signIn('ada')).rejects.toMatchObject(late)
    await committing
  })

  it('are possible again after a commit that failed', async () => {
    const { manager, visitor } = setUp()
    const session = await manager.load(visitor.request())
    session.data.note = 'x'.repeat(5_000)
    await expect(manager.commit(session, new Response())).rejects.toMatchObject({
      code: 'too-large',
    })
    session.data.note = 'short'
    expect(cookiesSet(await manager.commit(session, new Response()))).toEqual([SESSION, ACTIVITY])
  })
})

describe('memory', () => {
  it('does not keep a token that was refused', async () => {
    const { manager, visitor } = setUp()
    const set = vi.spyOn(Map.prototype, 'set')
    const session = await manager.load(visitor.request())
    session.data.note = 'x'.repeat(5_000)
    await expect(manager.commit(session, new Response())).rejects.toMatchObject({
      code: 'too-large',
    })
    const kept = set.mock.calls.filter(([key]) => typeof key === 'string' && key.length > 4_096)
    set.mockRestore()
    expect(kept).toEqual([])
  })
})

describe('the manager', () => {
  it('gives the same session for the same request', async () => {
    const { manager, visitor } = setUp()
    const request = visitor.request()
    expect(await manager.load(request)).toBe(await manager.load(request))
  })

  it('refuses to commit a session that it did not load', async () => {
    const { manager, visitor } = setUp()
    const other = await setUp().manager.load(visitor.request())
    await expect(manager.commit(other, new Response())).rejects.toThrow(
      new TypeError(
        'commit() takes a session that this manager loaded; got a session of another manager, or a copy of one',
      ),
    )
  })

  it('writes the same cookies when committed again, to the answer that replaces the first', async () => {
    const { manager, visitor } = setUp()
    const session = await manager.load(visitor.request())
    await session.signIn('ada')
    const [first, second] = [
      await manager.commit(session, new Response()),
      await manager.commit(session, new Response('', { status: 500 })),
    ]
    expect(second.headers.getSetCookie()).toEqual(first.headers.getSetCookie())
  })

  it('refuses bad sids and subjects', async () => {
    const { manager } = setUp()
    await expect(manager.revokeSession('short')).rejects.toThrow(/a sid is 22 characters/)
    await expect(manager.revokeSubject('')).rejects.toThrow(/a subject must be/)
  })
})
