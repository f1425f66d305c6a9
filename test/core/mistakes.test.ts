import { Hono } from 'hono'
import { Request as OtherRequest, Response as OtherResponse } from 'miniflare'
import { describe, expect, it } from 'vitest'
import { cookiesSet, SESSION, setUp } from '../kit/visitor.ts'

const URL_OF_SITE = 'https://site.example/'

/** A Hono context, as a handler gets it. */
async function honoContext() {
  let context: unknown
  await new Hono()
    .get('/', (c) => {
      context = c
      return c.text('')
    })
    .request('/')
  return context as { req: { raw: Request }; res: Response }
}

describe('load', () => {
  const { manager } = setUp()
  const load = (given: unknown) => manager.load(given as Request)

  it.each([
    ['an address', URL_OF_SITE, 'load() takes a Request; got a string'],
    ['a URL', new URL(URL_OF_SITE), 'load() takes a Request; got an object'],
    ['a promise', Promise.resolve(new Request(URL_OF_SITE)), 'got a promise: await it first'],
    ['nothing', undefined, 'load() takes a Request; got undefined'],
    ['a response', new Response(), 'load() takes a Request; got a Response'],
    [
      'an event with a request',
      { request: new Request(URL_OF_SITE) },
      'got an object with a request: pass its "request"',
    ],
    [
      "Node's own request",
      { method: 'GET', url: '/', headers: { cookie: 'a=b' } },
      'such as a Node IncomingMessage: use nodeSession() of sealed-session/node',
    ],
  ])('refuses %s and says what to pass', async (_, given, message) => {
    await expect(load(given)).rejects.toThrow(TypeError)
    await expect(load(given)).rejects.toThrow(message)
  })

  it("refuses Hono's request and context, and names the request in them", async () => {
    const c = await honoContext()
    await expect(load(c.req)).rejects.toThrow('got a HonoRequest: pass c.req.raw')
    await expect(load(c)).rejects.toThrow(
      'got a Hono context: session() loads and commits by itself; without it, load c.req.raw and commit c.res',
    )
    expect((await load(c.req.raw)).subject).toBeUndefined()
  })

  it('takes the requests of another implementation', async () => {
    const { manager, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    const headers = { cookie: visitor.jar.headerFor(URL_OF_SITE) }
    const request = new OtherRequest(URL_OF_SITE, { headers })
    expect(request instanceof Request).toBe(false)
    expect((await manager.load(request as never)).subject).toBe('ada')
  })
})

describe('commit', () => {
  const { manager, visitor } = setUp()
  const commit = async (response: unknown) =>
    manager.commit(await manager.load(visitor.request()), response as Response)

  it.each([
    ['a promise', Promise.resolve(new Response('ok')), 'got a promise: await it first'],
    ['a text', 'a secret text', 'got a string'],
    ['nothing', undefined, 'got undefined'],
    ['a request', new Request(URL_OF_SITE), 'got a Request'],
    ['an object', { note: 'a secret text' }, 'got an object'],
  ])('refuses %s and says what to pass', async (_, given, message) => {
    const error = await commit(given).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(TypeError)
    expect(String(error)).toContain('commit() takes a session, then the Response of the handler; ')
    expect(String(error)).toContain(message)
    expect(String(error)).not.toContain('secret')
  })

  it('refuses a Hono context in either place', async () => {
    const c = await honoContext()
    await expect(commit(c)).rejects.toThrow('got a Hono context: session() loads')
    await expect(manager.commit(c as never, c.res)).rejects.toThrow(
      'got a Hono context: session() loads and commits by itself',
    )
  })

  it.each([
    ['a promise of one', manager.load(visitor.request()), 'got a promise: await it first'],
    ['a response', new Response(), 'got a Response'],
    ['nothing', undefined, 'got undefined'],
  ])('refuses %s in place of a session', async (_, given, message) => {
    const committed = manager.commit(given as never, new Response())
    await expect(committed).rejects.toThrow(TypeError)
    await expect(committed).rejects.toThrow(message)
  })

  it('writes the session after a mistake was mended', async () => {
    const session = await manager.load(visitor.request())
    await session.signIn('ada')
    const pending = Promise.resolve(new Response('ok'))
    await expect(manager.commit(session, pending as never)).rejects.toThrow(TypeError)
    expect(cookiesSet(await manager.commit(session, await pending))[0]).toBe(SESSION)
  })

  it('takes the responses of another implementation, and gives one of the platform', async () => {
    const session = await manager.load(visitor.request())
    await session.signIn('ada')
    const response = new OtherResponse('body', { status: 201, headers: { 'X-Own': 'kept' } })
    expect(response instanceof Response).toBe(false)
    const answer = await manager.commit(session, response as never)
    expect(answer).toBeInstanceOf(Response)
    expect([answer.status, answer.headers.get('X-Own')]).toEqual([201, 'kept'])
    expect(await answer.text()).toBe('body')
    expect(cookiesSet(answer)[0]).toBe(SESSION)
  })
})

describe('handle', () => {
  it.each([
    ['returns nothing', undefined, 'the Response of the handler; got undefined'],
    ['returns null', null, 'got null'],
    ['returns a text', 'text', 'the Response of the handler; got a string'],
  ])('refuses a handler that %s', async (_, given, message) => {
    const { manager, visitor } = setUp()
    const answer = manager.handle(visitor.request(), () => given as never)
    await expect(answer).rejects.toThrow(TypeError)
    await expect(answer).rejects.toThrow(message)
  })
})

describe('a session', () => {
  it('refuses a property that it does not have, in sloppy code too', async () => {
    const { manager, visitor } = setUp()
    const session = await manager.load(visitor.request())
    const message = 'a session has no property "user": keep it in session.data.user'
    expect(() => {
      ;(session as never as { user: string }).user = 'ada'
    }).toThrow(new TypeError(message))
    const inSloppyCode = new Function('session', 'session.user = "ada"')
    expect(() => inSloppyCode(session)).toThrow(new TypeError(message))
    expect('user' in session).toBe(false)
  })

  it('is awaited and looked at like any object', async () => {
    const { manager, visitor } = setUp()
    const session = await manager.load(visitor.request())
    expect(await session).toBe(session)
    expect(String(session)).toBe('[object Object]')
    expect(JSON.stringify(session)).not.toContain('ada')
    expect('nothing' in session).toBe(false)
  })

  it('says when it is too late to change it', async () => {
    const { manager, visitor } = setUp()
    const session = await manager.load(visitor.request())
    await manager.commit(session, new Response())
    const message = 'the response has begun: change the session before that'
    await expect(session.signIn('ada')).rejects.toThrow(message)
    await expect(session.destroy()).rejects.toThrow(message)
    expect(() => session.flash('late')).toThrow(message)
  })

  it('refuses data that is undefined, which would be taken for unchanged', async () => {
    const { manager, visitor } = setUp()
    const session = await manager.load(visitor.request())
    expect(() => {
      session.data = undefined as never
    }).toThrow(new TypeError('session.data must be an object; give {} to empty it'))
  })
})
