import { Hono } from 'hono'
import { describe, expect, it, vi } from 'vitest'
import { type SessionEnv, session } from '../../src/hono.ts'
import { createSessionManager, generateKey, memoryRevocationList } from '../../src/index.ts'
import { ACTIVITY, type AnyData, cookiesSet, SESSION, setUp, Visitor } from '../kit/visitor.ts'

const FLASH = '__Host-Http-session-flash'
const names = (messages: readonly { name: string }[]) => messages.map(({ name }) => name)

/** What the next page shows. */
const shown = async (visitor: Visitor): Promise<string[]> => {
  let seen: string[] = []
  await visitor.visit(async (session) => {
    seen = names(await session.takeFlash())
  })
  return seen
}

describe('a message', () => {
  it('is shown once, with its data, to a visitor who is not signed in', async () => {
    const { visitor } = setUp()
    const answer = await visitor.visit((session) => {
      session.flash('saved', { title: 'Žluťoučký' })
      session.flash('mailed')
    })
    expect(cookiesSet(answer)).toEqual([FLASH])
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /; Max-Age=300; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    let messages: unknown
    const page = await visitor.visit(async (session) => {
      messages = await session.takeFlash()
      expect(session.sid).toBeUndefined()
    })
    expect(messages).toEqual([{ name: 'saved', data: { title: 'Žluťoučký' } }, { name: 'mailed' }])
    expect(cookiesSet(page)).toEqual([`-${FLASH}`])
    expect(await shown(visitor)).toEqual([])
  })

  it('waits through pages that do not take it', async () => {
    const { visitor } = setUp()
    await visitor.visit((session) => session.flash('saved'))
    const answer = await visitor.visit((session) => {
      session.data.step = 2
    })
    expect(cookiesSet(answer)).toEqual([SESSION, ACTIVITY])
    expect(await shown(visitor)).toEqual(['saved'])
  })

  it('joins those of requests before it, oldest first', async () => {
    const { visitor, clock } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    for (const name of ['one', 'two', 'three']) {
      clock.pass(1)
      await visitor.visit((session) => session.flash(name))
    }
    expect(await shown(visitor)).toEqual(['one', 'two', 'three'])
  })

  it('of this request is taken as well, and sets no cookie then', async () => {
    const { visitor } = setUp()
    const answer = await visitor.visit(async (session) => {
      session.flash('now')
      expect(names(await session.takeFlash())).toEqual(['now'])
      expect(names(await session.takeFlash())).toEqual([])
    })
    expect(cookiesSet(answer)).toEqual([])
  })

  it('added after others were taken waits alone', async () => {
    const { visitor } = setUp()
    await visitor.visit((session) => session.flash('old'))
    await visitor.visit(async (session) => {
      await session.takeFlash()
      session.flash('new')
    })
    expect(await shown(visitor)).toEqual(['new'])
  })

  it.each([
    [-1, ['saved']],
    [0, []],
    [1, []],
  ])('waits five minutes: %i s after them', async (offset, expected) => {
    const { visitor, clock } = setUp()
    await visitor.visit((session) => session.flash('saved'))
    // As a browser would send it that ignores Max-Age.
    const cookie = visitor.jar.headerFor('https://site.example/')
    clock.pass(300 + offset)
    let seen: string[] = []
    await visitor.visit(
      async (session) => {
        seen = names(await session.takeFlash())
      },
      { cookie },
    )
    expect(seen).toEqual(expected)
  })

  it('does not change with the object that it was given', async () => {
    const { visitor } = setUp()
    const data = { count: 1 }
    await visitor.visit((session) => {
      session.flash('saved', data)
      data.count = 2
    })
    await visitor.visit(async (session) => {
      const [message] = (await session.takeFlash()) as unknown as [{ data: { count: number } }]
      expect(message.data.count).toBe(1)
      message.data.count = 3
    })
  })

  it('is another object in every request that sees it', async () => {
    const { visitor } = setUp()
    await visitor.visit((session) => session.flash('saved', { list: [1] }))
    const copy = visitor.copy()
    const take = async (one: Visitor) => {
      let taken: readonly { data?: unknown }[] = []
      await one.visit(async (session) => {
        taken = await session.takeFlash()
      })
      return taken[0]?.data as { list: number[] }
    }
    const first = await take(visitor)
    first.list.push(2)
    expect(await take(copy)).toEqual({ list: [1] })
  })

  it('goes through a redirect behind the Hono middleware', async () => {
    const { manager, visitor } = setUp()
    const app = new Hono<SessionEnv<AnyData>>()
    app.use(session(manager))
    app.post('/', (c) => {
      c.var.session.flash('saved')
      return c.redirect('/', 303)
    })
    app.get('/', async (c) => c.json(await c.var.session.takeFlash()))
    const posted = await app.request('https://site.example/', { method: 'POST' })
    expect(posted.status).toBe(303)
    visitor.jar.store(posted, 'https://site.example/')
    const headers = { cookie: visitor.jar.headerFor('https://site.example/') }
    const page = await app.request('https://site.example/', { headers })
    expect(await page.json()).toEqual([{ name: 'saved' }])
    expect(page.headers.get('Cache-Control')).toBe('private, no-store')
  })
})

describe('whom a message is for', () => {
  const signedIn = async () => {
    const kit = setUp()
    await kit.visitor.visit((session) => session.signIn('ada'))
    await kit.visitor.visit((session) => session.flash('for-ada'))
    return kit
  }

  it('is the session that it was left in, also under a new sid', async () => {
    const { visitor } = await signedIn()
    await visitor.visit((session) => session.regenerate())
    expect(await shown(visitor)).toEqual(['for-ada'])
  })

  it('is nobody after a sign-out, which removes the cookie', async () => {
    const { visitor } = await signedIn()
    const answer = await visitor.visit((session) => session.destroy())
    expect(cookiesSet(answer)).toContain(`-${FLASH}`)
    expect(visitor.jar.names()).toEqual([])
  })

  it('is nobody after a sign-out, though a late answer brings the cookie back', async () => {
    const { visitor } = await signedIn()
    const late = visitor.jar.get(FLASH)
    await visitor.visit((session) => session.destroy())
    visitor.jar.set(`${FLASH}=${late}; Secure; HttpOnly; Path=/`, 'https://site.example/')
    expect(await shown(visitor)).toEqual([])
    await visitor.visit((session) => session.signIn('bob'))
    visitor.jar.set(`${FLASH}=${late}; Secure; HttpOnly; Path=/`, 'https://site.example/')
    expect(await shown(visitor)).toEqual([])
  })

  it('is nobody when another subject signs in, which removes the cookie', async () => {
    const { visitor } = await signedIn()
    const answer = await visitor.visit((session) => session.signIn('bob'))
    expect(cookiesSet(answer)).toContain(`-${FLASH}`)
    expect(await shown(visitor)).toEqual([])
  })

  it('is nobody once the session was revoked or idled out', async () => {
    const { visitor, manager, clock } = await signedIn()
    const copy = visitor.copy()
    clock.pass(1)
    await manager.revokeSubject('ada')
    expect(await shown(visitor)).toEqual([])
    await copy.visit(async (session) => {
      await session.recheck()
      expect(await session.takeFlash()).toEqual([])
    })
  })

  it('is nobody when the session turns out to be revoked in the middle', async () => {
    const { visitor, list, clock } = await signedIn()
    clock.pass(1)
    await visitor.visit(async (session) => {
      session.flash('of-this-request')
      await list.write({ scope: 'subject', subject: 'ada' }, clock(), 3_600)
      await session.recheck()
      expect(session.subject).toBeUndefined()
      expect(names(await session.takeFlash())).toEqual(['of-this-request'])
    })
  })

  it('is the same subject after another sign-in', async () => {
    const { visitor } = await signedIn()
    await visitor.visit((session) => session.signIn('ada'))
    expect(await shown(visitor)).toEqual(['for-ada'])
  })

  it.each([
    ['who has no session yet', () => {}],
    [
      'with an anonymous session',
      (session: { data: AnyData }) => {
        session.data.cart = 1
      },
    ],
  ])('is a visitor %s, also after a sign-in', async (_, before) => {
    const { visitor } = setUp()
    await visitor.visit(before)
    await visitor.visit((session) => session.flash('welcome'))
    await visitor.visit((session) => session.signIn('ada'))
    expect(await shown(visitor)).toEqual(['welcome'])
  })

  it('is the subject that signs in with it', async () => {
    const { visitor } = setUp()
    await visitor.visit(async (session) => {
      session.flash('welcome')
      await session.signIn('ada')
    })
    const stolen = visitor.copy()
    stolen.jar.set(`${SESSION}=; Max-Age=0; Secure; HttpOnly; Path=/`, 'https://site.example/')
    expect(await shown(visitor)).toEqual(['welcome'])
    // Bound to the session: without it, nobody sees it.
    expect(await shown(stolen)).toEqual([])
  })

  it('is whoever signs out, for one left with the sign-out', async () => {
    const { visitor } = await signedIn()
    const answer = await visitor.visit(async (session) => {
      await session.destroy()
      session.flash('signed-out')
    })
    expect(cookiesSet(answer)).toEqual([`-${SESSION}`, `-${ACTIVITY}`, FLASH])
    expect(await shown(visitor)).toEqual(['signed-out'])
  })

  it('is nobody of another audience', async () => {
    const { manager, visitor } = setUp({
      audience: (request) => request.headers.get('x-site') ?? '-',
    })
    await visitor.visit((session) => session.flash('saved'), { 'x-site': 'a' })
    const look = async (site: string) => {
      const session = await manager.load(visitor.request({ 'x-site': site }))
      return names(await session.takeFlash())
    }
    expect([await look('b'), await look('a')]).toEqual([[], ['saved']])
  })

  it('loses no session to requests that are under way together, and each may show it', async () => {
    const { visitor, manager } = await signedIn()
    const both = await Promise.all(
      [1, 2].map(async () => {
        const session = await manager.load(visitor.request())
        const taken = names(await session.takeFlash())
        return { taken, answer: await manager.commit(session, new Response()) }
      }),
    )
    for (const { taken, answer } of both) {
      expect(taken).toEqual(['for-ada'])
      visitor.jar.store(answer, 'https://site.example/')
    }
    expect(await shown(visitor)).toEqual([])
    expect(await visitor.see(({ subject }) => subject)).toBe('ada')
  })
})

describe('messages that cannot be', () => {
  it.each([
    [1_024, undefined],
    [1_025, 'too-large'],
  ])('of %i bytes in one request: %s', async (bytes, code) => {
    const { visitor } = setUp()
    const empty = JSON.stringify([{ name: 'n', data: '' }]).length
    await visitor.visit((session) => {
      let thrown: unknown
      try {
        session.flash('n', 'ü'.repeat(10) + 'x'.repeat(bytes - empty - 20))
      } catch (error) {
        thrown = error
      }
      expect((thrown as { code?: string } | undefined)?.code).toBe(code)
      if (code) {
        expect(String(thrown)).toBe('SessionError: flash takes 1025 bytes, at most 1024 fit')
        session.flash('short')
      }
    })
    expect(await shown(visitor)).toEqual([code ? 'short' : 'n'])
  })

  it('make room for newer ones when they were never taken', async () => {
    const { visitor } = setUp()
    for (const name of ['one', 'two', 'three']) {
      await visitor.visit((session) => session.flash(name, 'x'.repeat(400)))
    }
    expect(await shown(visitor)).toEqual(['two', 'three'])
  })

  it('are mistakes that say so', async () => {
    const { visitor } = setUp()
    await visitor.visit((session) => {
      expect(() => session.flash({ saved: true } as never)).toThrow(
        new TypeError('flash() takes a name, then its data; got an object'),
      )
      expect(() => session.flash('at', new Date(0))).toThrow(
        expect.objectContaining({
          code: 'not-json',
          message: expect.stringMatching(/^flash\.data is/),
        }),
      )
    })
  })

  it('come too late after commit', async () => {
    const { visitor, manager } = setUp()
    const session = await manager.load(visitor.request())
    await manager.commit(session, new Response())
    expect(() => session.flash('late')).toThrow(expect.objectContaining({ code: 'committed' }))
    await expect(session.takeFlash()).rejects.toMatchObject({ code: 'committed' })
  })

  it('are the newest of several cookies, in any order', async () => {
    const { clock, manager, visitor } = setUp()
    const tokens: string[] = []
    for (const name of ['old', 'new']) {
      const other = new Visitor(manager, clock)
      await other.visit((session) => session.flash(name))
      tokens.push(`${FLASH}=${other.jar.get(FLASH)}`)
      clock.pass(1)
    }
    for (const cookie of [tokens.join('; '), tokens.reverse().join('; ')]) {
      await visitor.visit(
        async (session) => {
          expect(names(await session.takeFlash())).toEqual(['new'])
        },
        { cookie },
      )
    }
  })

  it('are not shown when they were forged, damaged or of another cookie', async () => {
    const { visitor, manager } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    await visitor.visit((session) => session.flash('saved'))
    const token = visitor.jar.get(FLASH) ?? ''
    const other = visitor.jar.get(SESSION) ?? ''
    for (const bad of ['x', other, `${token.slice(0, -2)}AA`, token.replace('.', '')]) {
      const session = await manager.load(
        new Request('https://site.example/', {
          headers: { cookie: `${SESSION}=${other}; ${FLASH}=${bad}` },
        }),
      )
      expect(session.subject).toBe('ada')
      expect(await session.takeFlash()).toEqual([])
    }
    const swapped = new Request('https://site.example/', {
      headers: { cookie: `${SESSION}=${token}` },
    })
    expect((await manager.load(swapped)).ended).toBe('invalid')
  })

  it('do not lock a visitor in when the keys are away', async () => {
    let away = false
    const key = generateKey()
    const { visitor, clock, manager } = setUp({
      keys: () => (away ? Promise.reject(new Error('away')) : key),
    })
    await visitor.visit((session) => session.flash('saved'))
    away = true
    clock.pass(61)
    const session = await manager.load(visitor.request())
    await expect(session.takeFlash()).rejects.toMatchObject({ code: 'keys-unavailable' })
    expect(cookiesSet(await manager.commit(session, new Response()))).toEqual([])
    const next = await manager.load(visitor.request())
    await next.destroy()
    next.flash('bye')
    await expect(manager.commit(next, new Response())).rejects.toMatchObject({
      code: 'keys-unavailable',
    })
    expect(cookiesSet(await manager.commit(next, new Response()))).toEqual([`-${FLASH}`])
  })
})

describe('a page with messages', () => {
  it('is for no cache, whatever its handler said', async () => {
    const { visitor } = setUp()
    await visitor.visit((session) => session.flash('saved'))
    const page = await visitor.visit(async (session) => {
      await session.takeFlash()
      return new Response('ok', {
        headers: { 'Cache-Control': 'public, max-age=60', 'CDN-Cache-Control': 'max-age=60' },
      })
    })
    expect(page.headers.get('Cache-Control')).toBe('private, no-store')
    expect(page.headers.has('CDN-Cache-Control')).toBe(false)
    expect(cookiesSet(page)).toEqual([`-${FLASH}`])
  })

  it('leaves no cookie of an earlier hand under the same name', async () => {
    const { visitor } = setUp()
    const answer = await visitor.visit((session) => {
      session.flash('saved')
      return new Response('ok', {
        headers: [
          ['Set-Cookie', `${FLASH}=old`],
          ['Set-Cookie', 'other=kept'],
        ],
      })
    })
    expect(cookiesSet(answer)).toEqual(['other', FLASH])
  })

  it('costs a request without messages nothing', async () => {
    const { visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    await visitor.visit((session) => session.flash('saved'))
    const decrypt = vi.spyOn(crypto.subtle, 'decrypt')
    const encrypt = vi.spyOn(crypto.subtle, 'encrypt')
    try {
      await visitor.visit()
      expect(decrypt).toHaveBeenCalledTimes(0)
      expect(encrypt).toHaveBeenCalledTimes(1)
    } finally {
      decrypt.mockRestore()
      encrypt.mockRestore()
    }
  })
})

it('an isolate that did not seal a message opens it', async () => {
  const keys = generateKey()
  const make = () =>
    createSessionManager<AnyData>({ keys, revocationList: memoryRevocationList({ now: Date.now }) })
  const visitor = new Visitor(make(), Date.now)
  await visitor.visit((session) => session.flash('saved'))
  vi.resetModules()
  const library = await import('../../src/index.ts')
  const elsewhere = library.createSessionManager<AnyData>({ keys, revocationList: 'none' })
  expect(await shown(visitor.copy(elsewhere))).toEqual(['saved'])
})
