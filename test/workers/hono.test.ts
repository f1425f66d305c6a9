import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import { requireRecentSignIn, requireSignIn, type SessionEnv, session } from '../../src/hono.ts'
import {
  createSessionManager,
  generateKey,
  memoryRevocationList,
  type Session,
  SessionError,
  type SessionManager,
  type SessionOptions,
} from '../../src/index.ts'
import { CookieJar } from '../kit/cookie-jar.ts'
import { ACTIVITY, cookiesSet, SESSION, testClock } from '../kit/visitor.ts'

const ENV = {}

const FOR_CACHES = ['Expires', 'CDN-Cache-Control', 'Edge-Control', 'X-Accel-Expires']

interface Data {
  note: string
}

function setUp(options: Partial<SessionOptions<Data>> = {}) {
  const clock = testClock()
  const list = memoryRevocationList({ now: clock })
  const manager = createSessionManager<Data>({
    keys: generateKey(),
    revocationList: list,
    now: clock,
    idleTimeout: 1_800,
    ...options,
  })
  return { clock, list, manager, app: routes(manager) }
}

function routes(manager: SessionManager<Data>) {
  const app = new Hono<SessionEnv<Data>>()
  app.use(session(manager))
  app.get('/public', (c) => c.text('for everybody'))
  app.get('/subject', (c) => c.text(c.var.session.subject ?? 'nobody'))
  app.post('/sign-in', async (c) => {
    await c.var.session.signIn('ada')
    return c.redirect('/subject', 303)
  })
  app.post('/sign-out', async (c) => {
    await c.var.session.destroy()
    return c.redirect('/subject', 303)
  })
  app.post('/sign-out-forgotten', (c) => {
    c.var.session.destroy()
    return c.text('signed out')
  })
  app.post('/note/:size', (c) => {
    c.var.session.data.note = 'x'.repeat(Number(c.req.param('size')))
    return c.redirect('/subject', 303)
  })
  app.get('/throw', async (c) => {
    c.var.session.data.note = 'kept'
    throw new Error('on purpose')
  })
  app.get('/private', requireSignIn(), (c) => c.text('private'))
  app.get('/private-page', requireSignIn({ redirectTo: '/login' }), (c) => c.text('private'))
  app.get('/fresh', requireSignIn({ fresh: true }), (c) => c.text('fresh'))
  app.get('/recent', requireRecentSignIn(300), (c) => c.text('recent'))
  app.get('/recent-page', requireRecentSignIn(300, { redirectTo: '/?again' }), (c) =>
    c.text('recent'),
  )
  return app
}

/** A browser in front of an app. */
function browser(app: Pick<Hono, 'request'>, jar = new CookieJar(() => 0)) {
  const at = 'https://site.example'
  return {
    jar,
    async request(path: string, method = 'GET', headers: Record<string, string> = {}) {
      const cookie = jar.headerFor(at)
      const init = { method, headers: { ...headers, ...(cookie ? { cookie } : {}) } }
      const response = await app.request(`${at}${path}`, init)
      jar.store(response, at)
      return response
    },
  }
}

/** Hono prints what its default error handler answers with 500. */
const silence = () => vi.spyOn(console, 'error').mockImplementation(() => {})
afterEach(() => vi.restoreAllMocks())

describe('the middleware', () => {
  it('loads, commits, slides and signs out', async () => {
    const { clock, app } = setUp()
    const { request, jar } = browser(app)
    expect(cookiesSet(await request('/subject'))).toEqual([])
    expect(cookiesSet(await request('/sign-in', 'POST'))).toEqual([SESSION, ACTIVITY])
    clock.pass(1_799)
    expect(await (await request('/subject')).text()).toBe('ada')
    clock.pass(1_799)
    expect(await (await request('/subject')).text()).toBe('ada')
    const copy = browser(app, jar.clone())
    await request('/sign-out', 'POST')
    expect(jar.names()).toEqual([])
    expect(await (await copy.request('/subject')).text()).toBe('nobody')
  })

  it('commits on 404s and on errors that the handler threw', async () => {
    silence()
    const { app } = setUp()
    const { request } = browser(app)
    await request('/sign-in', 'POST')
    const missing = await request('/missing')
    expect([missing.status, cookiesSet(missing)]).toEqual([404, [ACTIVITY]])
    const thrown = await request('/throw')
    expect([thrown.status, cookiesSet(thrown)]).toEqual([500, [SESSION, ACTIVITY]])
  })

  it('adds Vary only where the handler used the session', async () => {
    const { request } = browser(setUp().app)
    expect((await request('/public')).headers.get('Vary')).toBeNull()
    expect((await request('/subject')).headers.get('Vary')).toBe('Cookie')
  })

  it('answers 401 when the session turns out to be revoked in the middle', async () => {
    silence()
    const { app, list, clock } = setUp()
    app.post('/sign-out-others', async (c) => {
      await c.var.session.signOutOthers()
      return c.text('done')
    })
    const { request } = browser(app)
    await request('/sign-in', 'POST')
    await list.write({ scope: 'all' }, clock(), 60)
    const answer = await request('/sign-out-others', 'POST')
    expect([answer.status, await answer.json()]).toEqual([401, { error: 'sign-in-required' }])
  })

  it("answers a session that cannot be sealed with the app's onError and none of the old headers", async () => {
    const { app } = setUp()
    app.onError((error, c) =>
      error instanceof SessionError ? c.text(error.code, 413) : c.text('other', 500),
    )
    const { request, jar } = browser(app)
    await request('/sign-in', 'POST')
    const before = jar.get(SESSION)
    const answer = await request('/note/5000', 'POST')
    expect([answer.status, await answer.text()]).toEqual([413, 'too-large'])
    expect(answer.headers.get('Location')).toBeNull()
    expect(answer.headers.get('Cache-Control')).toBe('private, no-store')
    expect(cookiesSet(answer)).toEqual([ACTIVITY])
    expect(jar.get(SESSION)).toBe(before)
  })

  it("keeps a header that was set on the context before a throw, and drops the returned answer's", async () => {
    const { manager } = setUp()
    const app = new Hono<SessionEnv<Data>>()
    app.onError((error, c) => {
      if (error.message === 'mended') c.header('Location', undefined)
      return c.text('sorry', 500)
    })
    app.use(session(manager))
    app.get('/set-then-throw', (c) => {
      c.header('Location', '/elsewhere')
      c.header('X-Own', 'kept')
      throw new Error('on purpose')
    })
    app.get('/set-then-mended', (c) => {
      c.header('Location', '/elsewhere')
      throw new Error('mended')
    })
    app.get('/set-then-save', async (c) => {
      c.header('Location', '/elsewhere')
      c.var.session.data.note = 'x'.repeat(5_000)
      await c.var.session.save()
      return c.text('')
    })
    app.get('/set-then-too-large', (c) => {
      c.header('X-Own', 'kept')
      for (const name of FOR_CACHES) c.header(name, '60')
      c.var.session.data.note = 'x'.repeat(5_000)
      return c.redirect('/elsewhere', 303)
    })
    const thrown = await app.request('/set-then-throw')
    const { headers } = thrown
    expect([thrown.status, headers.get('Location'), headers.get('X-Own')]).toEqual([
      500,
      '/elsewhere',
      'kept',
    ])
    const mended = await app.request('/set-then-mended')
    expect([mended.status, mended.headers.get('Location')]).toEqual([500, null])
    const saved = await app.request('/set-then-save')
    expect([saved.status, saved.headers.get('Location')]).toEqual([500, '/elsewhere'])
    const refused = await app.request('/set-then-too-large')
    for (const name of FOR_CACHES) expect([name, refused.headers.get(name)]).toEqual([name, null])
    expect([refused.status, refused.headers.get('Location'), refused.headers.get('X-Own')]).toEqual(
      [500, null, 'kept'],
    )
  })

  it('replaces headers of the response instead of losing to them', async () => {
    const { manager } = setUp()
    const app = new Hono<SessionEnv<Data>>()
    app.use(session(manager))
    app.get('/', async (c) => {
      await c.var.session.signIn('ada')
      return new Response('ok', { headers: { 'Cache-Control': 'public, max-age=60' } })
    })
    const answer = await app.request('https://site.example/')
    expect(answer.headers.get('Cache-Control')).toBe('private, no-store')
  })

  it('passes through when it is mounted twice', async () => {
    const { manager } = setUp()
    const load = vi.fn(manager.load)
    const spied = { ...manager, load }
    const app = new Hono<SessionEnv<Data>>()
    app.use(session(spied))
    app.use(async (c, next) => {
      // As body-limit and others do.
      c.req.raw = new Request(c.req.raw)
      await next()
    })
    app.use(session(spied))
    app.get('/', async (c) => {
      await c.var.session.signIn('ada')
      return c.text('ok')
    })
    expect(cookiesSet(await app.request('https://site.example/'))).toEqual([SESSION, ACTIVITY])
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('passes through when one function of env is mounted twice', async () => {
    const { manager } = setUp()
    const make = vi.fn(() => ({ ...manager }))
    const app = new Hono<SessionEnv<Data>>()
    const inner = new Hono<SessionEnv<Data>>()
    app.use(session(make))
    inner.use(session(make))
    inner.post('/in', async (c) => {
      await c.var.session.signIn('ada')
      return c.text('ok')
    })
    app.route('/', inner)
    app.get('/subject', (c) => c.text(c.var.session.subject ?? 'nobody'))
    const { request } = browser({ request: (url, init) => app.request(url, init, ENV) })
    await request('/in', 'POST')
    await request('/in', 'POST')
    expect(await (await request('/subject')).text()).toBe('ada')
    expect(make).toHaveBeenCalledTimes(1)
  })

  it('gives handlers the manager', async () => {
    const { manager } = setUp()
    const app = new Hono<SessionEnv<Data>>()
    app.use(session(manager))
    app.post('/sign-in', async (c) => {
      await c.var.session.signIn('ada')
      return c.text('ok')
    })
    app.post('/force-out', async (c) => {
      await c.var.sessionManager.revokeSubject('ada')
      return c.text('ok')
    })
    app.get('/', (c) => c.text(String(c.var.session.ended)))
    const { request } = browser(app)
    await request('/sign-in', 'POST')
    await request('/force-out', 'POST')
    expect(await (await request('/')).text()).toBe('revoked')
  })

  it('keeps the headers of the middleware around it on its own answers and on those to errors', async () => {
    silence()
    const { clock, list, manager } = setUp()
    const app = new Hono<SessionEnv<Data>>()
    app.use(cors({ origin: 'https://app.example', credentials: true }))
    app.use(session(manager))
    app.post('/sign-in', async (c) => {
      await c.var.session.signIn('ada')
      return c.text('ok')
    })
    app.get('/', (c) => c.text(c.var.session.subject ?? 'nobody', 200, { ETag: '"x"' }))
    app.post('/big', (c) => {
      c.var.session.data.note = 'x'.repeat(5_000)
      return c.redirect('/elsewhere', 303)
    })
    const { request } = browser(app)
    await request('/sign-in', 'POST')
    const big = await request('/big', 'POST', { Origin: 'https://app.example' })
    expect([big.status, big.headers.get('Location')]).toEqual([500, null])
    expect(big.headers.get('Access-Control-Allow-Origin')).toBe('https://app.example')
    clock.pass(301)
    list.read = () => Promise.reject(new Error('down'))
    const answer = await request('/', 'GET', { Origin: 'https://app.example' })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('https://app.example')
    expect(answer.headers.get('Content-Type')).toBe('application/json')
  })

  it('leaves WebSocket upgrades alone', async () => {
    const { manager } = setUp()
    const app = new Hono<SessionEnv<Data>>()
    app.use(session(manager))
    app.post('/', async (c) => {
      await c.var.session.signIn('ada')
      return c.text('ok')
    })
    app.get('/', () => {
      const { 0: client, 1: server } = new WebSocketPair()
      server.accept()
      return new Response(null, { status: 101, webSocket: client })
    })
    const { request } = browser(app)
    await request('/', 'POST')
    const answer = await request('/', 'GET', { Upgrade: 'websocket' })
    expect(answer.status).toBe(101)
    expect(answer.webSocket).toBeTruthy()
    answer.webSocket?.accept()
    answer.webSocket?.close()
  })

  it('makes one manager per env, and none while a module loads', async () => {
    const { manager } = setUp()
    const make = vi.fn((_: { KEYS: string }) => manager)
    const app = new Hono<SessionEnv<Data> & { Bindings: { KEYS: string } }>()
    app.use(session(make))
    app.get('/', (c) => c.text(c.var.session.subject ?? 'nobody'))
    expect(make).not.toHaveBeenCalled()
    const [first, second] = [{ KEYS: 'a' }, { KEYS: 'b' }]
    for (const env of [first, first, second, first]) await app.request('/', {}, env)
    expect(make.mock.calls).toEqual([[first], [second]])
  })

  it('answers 500 to every request while the keys are wrong, and logs the reason without a key', async () => {
    const log = silence()
    const app = new Hono<{ Bindings: { SESSION_KEYS: string } }>()
    app.use(
      session(({ SESSION_KEYS }: { SESSION_KEYS: string }) =>
        createSessionManager({ keys: SESSION_KEYS, revocationList: 'none' }),
      ),
    )
    app.get('/', (c) => c.text('ok'))
    const env = { SESSION_KEYS: 'much-too-short' }
    for (let request = 0; request < 2; request++) {
      expect((await app.request('/', {}, env)).status).toBe(500)
    }
    expect(log).toHaveBeenCalledTimes(2)
    expect(String(log.mock.calls)).toContain('make one with generateKey()')
    expect(String(log.mock.calls)).not.toContain('much-too-short')
  })

  it('refuses a value that is not a manager', () => {
    expect(() => session(undefined as never)).toThrow(
      /session\(\) takes a session manager, or a function/,
    )
  })

  it.each([
    [
      'a promise',
      Promise.resolve({}),
      /takes a session manager, .*; got a promise: await it first/,
    ],
    ['an async function', async () => setUp().manager, /the function given .* must not be async/],
    ['the options', { keys: 'x' }, /takes a session manager, .*; got an object/],
  ])('refuses %s when the app is set up', (_, source, message) => {
    expect(() => session(source as never)).toThrow(TypeError)
    expect(() => session(source as never)).toThrow(message)
  })

  it.each([
    ['forgets its return', () => undefined, /must return a session manager; it returned undefined/],
    ['gives a promise', () => Promise.resolve(setUp().manager), /must not be async/],
    ['gives the options', () => ({ keys: 'x' }), /must return a session manager; .* an object/],
  ])('a function that %s is a TypeError at every request', async (_, make, message) => {
    const app = new Hono<SessionEnv>()
    const errors: unknown[] = []
    app.onError((error, c) => {
      errors.push(error)
      return c.text('', 500)
    })
    app.use(session(make as never))
    app.get('/', (c) => c.text(c.var.session.subject ?? 'nobody'))
    for (let request = 0; request < 2; request++) {
      expect((await app.request('/', {}, ENV)).status).toBe(500)
    }
    expect(errors).toHaveLength(2)
    for (const error of errors) {
      expect(error).toBeInstanceOf(TypeError)
      expect(String(error)).toMatch(message)
    }
  })

  it('types c.var.session chained and in statement form', () => {
    const { manager } = setUp()
    new Hono().use(session(manager)).get('/', (c) => {
      expectTypeOf(c.var.session).toEqualTypeOf<Session<Data>>()
      expectTypeOf(c.var.session.data.note).toEqualTypeOf<string | undefined>()
      return c.text('')
    })
    const app = new Hono<SessionEnv<Data>>()
    app.use(session(manager))
    app.get('/', (c) => {
      expectTypeOf(c.var.session).toEqualTypeOf<Session<Data>>()
      return c.text('')
    })
    app.get('/private', requireSignIn(), (c) => {
      expectTypeOf(c.var.session).toExtend<Session<Data>>()
      expectTypeOf(c.var.session.subject).toEqualTypeOf<string>()
      return c.text('')
    })
  })
})

describe('while the revocation list is unreachable', () => {
  async function down() {
    const set = setUp()
    const visitor = browser(set.app)
    await visitor.request('/sign-in', 'POST')
    set.clock.pass(301)
    set.list.read = () => Promise.reject(new Error('down'))
    set.list.write = () => Promise.reject(new Error('down'))
    return { ...set, ...visitor }
  }

  it('pages that use the session are 503, others go on', async () => {
    silence()
    const { request } = await down()
    const used = await request('/subject')
    expect([used.status, used.headers.get('Retry-After')]).toEqual([503, '5'])
    expect(await used.json()).toEqual({ error: 'revocation-unavailable' })
    expect((await request('/private')).status).toBe(503)
    expect((await request('/public')).status).toBe(200)
  })

  it("the app's own answer is left alone", async () => {
    const { app, request } = await down()
    app.onError((_, c) => c.text('we are sorry', 503))
    const answer = await request('/subject')
    expect([answer.status, await answer.text()]).toEqual([503, 'we are sorry'])
  })

  it('a sign-out clears the cookies and is 503, awaited or not', async () => {
    silence()
    for (const path of ['/sign-out', '/sign-out-forgotten']) {
      const { request, jar } = await down()
      const answer = await request(path, 'POST')
      expect([path, answer.status, jar.names()]).toEqual([path, 503, []])
    }
  })
})

describe('requireSignIn', () => {
  it('answers 401 with the reason, or redirects', async () => {
    const { clock, app } = setUp()
    const { request } = browser(app)
    const first = await request('/private')
    expect([first.status, await first.json()]).toEqual([
      401,
      { error: 'sign-in-required', ended: null },
    ])
    await request('/sign-in', 'POST')
    expect(await (await request('/private')).text()).toBe('private')
    clock.pass(1_800)
    expect(await (await request('/private')).json()).toMatchObject({ ended: 'idle' })
    const page = await request('/private-page')
    expect([page.status, page.headers.get('Location')]).toEqual([
      303,
      '/login?return=%2Fprivate-page',
    ])
  })

  it('asks the list when it must be fresh', async () => {
    const { app, list, clock } = setUp()
    const { request, jar } = browser(app)
    await request('/sign-in', 'POST')
    await list.write({ scope: 'all' }, clock(), 60)
    expect((await request('/private')).status).toBe(200)
    const answer = await request('/fresh')
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { error: 'sign-in-required', ended: 'revoked' },
    ])
    expect(jar.names()).toHaveLength(2)
  })

  it('never goes on without an answer when it must be fresh', async () => {
    silence()
    const { app, list } = setUp()
    const { request } = browser(app)
    await request('/sign-in', 'POST')
    list.read = () => Promise.reject(new Error('down'))
    expect((await request('/private')).status).toBe(200)
    expect((await request('/fresh')).status).toBe(503)
  })

  it.each([
    ['//evil.example'],
    ['/\\evil.example'],
    ['/\t/evil.example'],
    ['/\n\\evil.example'],
    ['\t//evil.example'],
    ['https://evil.example'],
    ['//'],
    ['sign-in'],
    [''],
    [7],
  ])('refuses to lead elsewhere: %j', (redirectTo) => {
    const message = /"redirectTo" must be a path of this site/
    expect(() => requireSignIn({ redirectTo: redirectTo as string })).toThrow(message)
    expect(() => requireRecentSignIn(5, { redirectTo: redirectTo as string })).toThrow(message)
  })

  it.each([['/'], ['/sign-in?to=//x#y'], ['/.//a'], ['/@evil.example'], ['/%09/a']])(
    'takes a path of this site: %j',
    async (redirectTo) => {
      const app = new Hono().use(session(setUp().manager))
      app.get('/secret', requireSignIn({ redirectTo }), (c) => c.text(''))
      const answer = await app.request('https://site.example/secret')
      const location = answer.headers.get('Location') ?? ''
      expect(new URL(location, 'https://site.example/secret').origin).toBe('https://site.example')
    },
  )

  it('says that the middleware is missing', async () => {
    const log = silence()
    const app = new Hono().get('/', requireSignIn(), (c) => c.text(''))
    expect((await app.request('/')).status).toBe(500)
    expect(String(log.mock.calls)).toContain('call app.use(session(...)) before this route')
  })
})

describe('requireRecentSignIn', () => {
  it.each([
    [299, 200],
    [300, 403],
    [301, 403],
  ])('%i s after the sign-in is %i', async (seconds, status) => {
    const { clock, app } = setUp()
    const { request } = browser(app)
    expect((await request('/recent')).status).toBe(401)
    await request('/sign-in', 'POST')
    clock.pass(seconds)
    const answer = await request('/recent')
    expect(answer.status).toBe(status)
    if (status === 403) expect(await answer.json()).toEqual({ error: 'recent-sign-in-required' })
    const page = await request('/recent-page')
    expect(page.headers.get('Location')).toBe(
      status === 403 ? '/?again&return=%2Frecent-page' : null,
    )
  })

  it.each([[0], [1.5], ['300']])('refuses %j seconds', (seconds) => {
    expect(() => requireRecentSignIn(seconds as number)).toThrow(
      /"seconds" must be a whole number of seconds/,
    )
  })
})
