import { describe, expect, it } from 'vitest'
import { createSessionManager } from '../../src/index.ts'
import { ACTIVITY, cookiesSet, type Handler, SESSION, setUp } from '../kit/visitor.ts'

async function signedIn() {
  const set = setUp()
  await set.visitor.visit((session) => session.signIn('ada'))
  return set.visitor
}

const answering =
  (headers: Record<string, string>, act: Handler = () => {}): Handler =>
  async (session, request) => {
    await act(session, request)
    return new Response('ok', { headers })
  }

const write: Handler = (session) => {
  session.data.note = 'written'
}

describe('Cache-Control', () => {
  it('is private, no-store for a live session, and when a cookie is set or cleared', async () => {
    const visitor = await signedIn()
    for (const handler of [() => {}, write, answering({ 'Cache-Control': 'no-cache' })]) {
      const answer = await visitor.visit(handler)
      expect(answer.headers.get('Cache-Control')).toBe('private, no-store')
    }
    const cleared = await visitor.visit((session) => session.destroy())
    expect(cleared.headers.get('Cache-Control')).toBe('private, no-store')
  })

  it('is private, no-store for a live session also where no cookie is set', async () => {
    const { visitor } = setUp({ touchAfter: 300 })
    await visitor.visit((session) => session.signIn('ada'))
    const answer = await visitor.visit()
    expect(cookiesSet(answer)).toEqual([])
    expect(answer.headers.get('Cache-Control')).toBe('private, no-store')
  })

  it("is the handler's for a visitor without a session", async () => {
    const { visitor } = setUp()
    const answer = await visitor.visit(answering({ 'Cache-Control': 'public, max-age=60' }))
    expect(answer.headers.get('Cache-Control')).toBe('public, max-age=60')
  })

  it("is the handler's own private when only the activity cookie is set", async () => {
    const visitor = await signedIn()
    const own = { 'Cache-Control': 'private, max-age=60' }
    const read = await visitor.visit(answering(own))
    expect(read.headers.get('Cache-Control')).toBe('private, max-age=60')
    expect(cookiesSet(read)).toEqual([ACTIVITY])
    const written = await visitor.visit(answering(own, write))
    expect(written.headers.get('Cache-Control')).toBe('private, no-store')
  })

  it.each([
    [{ 'Cache-Control': 'public' }],
    [{ 'Cache-Control': 'PUBLIC, max-age=0' }],
    [{ 'Cache-Control': 's-maxage=10' }],
    [{ 'Cache-Control': 'max-age=60' }],
    [{ 'Cache-Control': 'private="x-user", max-age=60' }],
    [{ 'CDN-Cache-Control': 'max-age=60' }],
    [{ 'Cloudflare-CDN-Cache-Control': 'max-age=60', 'Cache-Control': 'private' }],
    [{ 'Surrogate-Control': 'max-age=60', 'Cache-Control': 'no-store' }],
    [{ 'Netlify-CDN-Cache-Control': 'max-age=60', 'Cache-Control': 'private' }],
    [{ 'Vercel-CDN-Cache-Control': 's-maxage=60' }],
    [{ 'X-Of-Our-Own-Cache-Control': 'max-age=60' }],
    [{ 'Edge-Control': 'cache-maxage=60m' }],
    [{ 'X-Accel-Expires': '60' }],
    [{ 'X-Accel-Expires': '@1800000000', 'Cache-Control': 'private' }],
  ])('of a response for many carries no activity cookie: %j', async (headers) => {
    const visitor = await signedIn()
    const answer = await visitor.visit(answering(headers as never))
    expect(cookiesSet(answer)).toEqual([])
    for (const [name, value] of Object.entries(headers)) {
      expect(answer.headers.get(name)).toBe(value)
    }
  })

  it.each([
    [{ 'Cache-Control': 'public, max-age=60' }],
    [{ 'CDN-Cache-Control': 'max-age=60' }],
    [{ 'Cloudflare-CDN-Cache-Control': 'max-age=60' }],
    [{ 'Surrogate-Control': 'max-age=60' }],
    [{ 'Netlify-CDN-Cache-Control': 'max-age=60' }],
    [{ 'Vercel-CDN-Cache-Control': 'max-age=60' }],
    [{ 'Akamai-Cache-Control': 'max-age=60' }],
    [{ 'Edge-Control': '!no-store, max-age=1d' }],
    [{ 'X-Accel-Expires': '60', 'CDN-Cache-Control': 'max-age=60' }],
  ])('loses its marks when the session cookie must be set: %j', async (headers) => {
    const visitor = await signedIn()
    for (const act of [write, ((session) => session.destroy()) as Handler]) {
      const answer = await visitor.visit(answering(headers as never, act))
      expect(cookiesSet(answer)).toHaveLength(2)
      expect(answer.headers.get('Cache-Control')).toBe('private, no-store')
      for (const name of Object.keys(headers)) {
        expect(answer.headers.get(name)).toBe(name === 'Cache-Control' ? 'private, no-store' : null)
      }
    }
  })

  it.each([
    [{ 'Cache-Control': 'no-store, max-age=60' }],
    [{ 'CDN-Cache-Control': 'no-store' }],
    [{ 'Netlify-CDN-Cache-Control': 'private, max-age=60' }],
    [{ 'CDN-Cache-Control': '' }],
    [{ 'Edge-Control': 'bypass-cache' }],
    [{ 'Edge-Control': 'no-store' }],
    [{ 'X-Accel-Expires': '0' }],
    [{ 'X-Accel-Expires': 'off' }],
  ])('that no cache may keep carries the activity cookie: %j', async (headers) => {
    const visitor = await signedIn()
    expect(cookiesSet(await visitor.visit(answering(headers as never)))).toEqual([ACTIVITY])
  })
})

describe('Vary: Cookie', () => {
  it('is there only if the handler used the session', async () => {
    const { manager, visitor } = setUp()
    for (const looks of [true, false]) {
      const session = await manager.load(visitor.request())
      if (looks) session.subject
      const answer = await manager.commit(session, new Response())
      expect(answer.headers.get('Vary')).toBe(looks ? 'Cookie' : null)
    }
  })

  it.each([
    ['Accept', 'Accept, Cookie'],
    ['accept, cookie', 'accept, cookie'],
    ['*', '*'],
  ])('joins %s', async (vary, expected) => {
    const { visitor } = setUp()
    const answer = await visitor.visit((session) => {
      session.ended
      return new Response('ok', { headers: { Vary: vary } })
    })
    expect(answer.headers.get('Vary')).toBe(expected)
  })
})

describe('Set-Cookie', () => {
  it('is set once per name, and leaves other cookies alone', async () => {
    const visitor = await signedIn()
    const answer = await visitor.visit(() => {
      const response = new Response('ok')
      response.headers.append('Set-Cookie', 'theme=dark')
      response.headers.append('Set-Cookie', `${ACTIVITY}=of-a-proxied-response; Path=/`)
      return response
    })
    expect(cookiesSet(answer)).toEqual(['theme', ACTIVITY])
    expect(answer.headers.getSetCookie()[1]).not.toContain('proxied')
  })

  it('of an inner handler is not overwritten by a read', async () => {
    const visitor = await signedIn()
    const headers = { 'Set-Cookie': `${SESSION}=newer; Path=/; Secure; HttpOnly` }
    expect(cookiesSet(await visitor.visit(() => new Response('ok', { headers })))).toEqual([
      SESSION,
    ])
    const written = await visitor.visit((session) => {
      session.data.note = 'written'
      return new Response('ok', { headers })
    })
    expect(cookiesSet(written)).toEqual([SESSION, ACTIVITY])
    expect(written.headers.getSetCookie()[0]).not.toContain('newer')
  })

  it('of one visitor never reaches another through a response that is used twice', async () => {
    const { clock, manager, visitor } = setUp()
    const { Visitor } = await import('../kit/visitor.ts')
    const shared = new Response(null, { status: 204 })
    await visitor.visit((session) => session.signIn('ada'))
    await visitor.visit(() => shared)
    const second = await new Visitor(manager, clock).visit(() => shared)
    expect(second.headers.getSetCookie()).toEqual([])
    expect(shared.headers.getSetCookie()).toEqual([])
  })

  it('reaches immutable responses, redirects and answers without a body', async () => {
    const visitor = await signedIn()
    for (const response of [
      Response.redirect('https://site.example/elsewhere', 303),
      new Response(null, { status: 304 }),
      new Response(null, { status: 204 }),
      Response.json({ a: 1 }, { status: 500 }),
    ]) {
      const { status } = response
      const answer = await visitor.visit(() => response)
      expect([answer.status, cookiesSet(answer)]).toEqual([status, [ACTIVITY]])
    }
  })

  it('is sent before the end of a stream', async () => {
    const visitor = await signedIn()
    const { readable, writable } = new TransformStream()
    const answer = await visitor.visit(() => new Response(readable))
    expect(cookiesSet(answer)).toEqual([ACTIVITY])
    const writer = writable.getWriter()
    writer.write(new TextEncoder().encode('late'))
    writer.close()
    expect(await answer.text()).toBe('late')
  })
})

describe('a response that nothing is added to', () => {
  it('is the same object', async () => {
    const { manager, visitor } = setUp()
    const session = await manager.load(visitor.request())
    const response = new Response('ok')
    expect(await manager.commit(session, response)).toBe(response)
  })
})

describe('an upgrade to a WebSocket', () => {
  it('is the same object, because it cannot be made again', async () => {
    const { manager, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    const upgrade = Object.defineProperty(new Response(null), 'status', { value: 101 })
    expect(await manager.commit(await manager.load(visitor.request()), upgrade)).toBe(upgrade)
    expect(cookiesSet(upgrade)).toEqual([])
  })
})

describe('several cookies of one name', () => {
  const at = 'https://site.example/'
  const load = async (...cookies: string[]) => {
    const session = await manager.load(new Request(at, { headers: { cookie: cookies.join('; ') } }))
    return session.subject ?? session.ended
  }
  const { clock, keys, list, manager, visitor } = setUp()
  const token = async (subject: string) => {
    await visitor.visit((session) => session.signIn(subject))
    clock.pass(1)
    return `${SESSION}=${visitor.jar.get(SESSION)}`
  }

  it('the newest sign-in wins at any position, and junk and dead cookies are skipped', async () => {
    // Made by a manager with another list, so that nothing here has revoked the older one.
    const ada = await token('ada')
    visitor.jar.close()
    const grace = await token('grace')
    const junk = `${SESSION}=junk`
    expect(await load(ada, grace)).toBe('grace')
    expect(await load(grace, ada)).toBe('grace')
    expect(await load(junk, ada, junk)).toBe('ada')
    expect(await load(`${SESSION}="${junk}"`, ada)).toBe('ada')
    const stricter = createSessionManager({
      keys,
      revocationList: list,
      now: clock,
      idleTimeout: 2,
    })
    clock.pass(1)
    const session = await stricter.load(
      new Request(at, { headers: { cookie: `${ada}; ${grace}` } }),
    )
    expect(session.ended).toBe('idle')
  })

  it('the reason is that of the cookie that got furthest', async () => {
    const other = setUp()
    await other.visitor.visit((session) => session.signIn('eve'))
    const foreign = `${SESSION}=${other.visitor.jar.get(SESSION)}`
    expect(await load(`${SESSION}=junk`, foreign)).toBe('unknown-key')
    expect(await load(`${SESSION}=junk`)).toBe('malformed')
  })
})
