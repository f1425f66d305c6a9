/** The recipes of docs/recipes.md, in workerd. */

import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { requireSignIn, session } from '../../src/hono.ts'
import { createSessionManager, generateKey, memoryRevocationList } from '../../src/index.ts'
import { CookieJar } from '../kit/cookie-jar.ts'
import { withOlderApp } from '../recipes/mounted-app.ts'
import { api } from '../recipes/separate-front-end.ts'
import { events } from '../recipes/server-sent-events.ts'
import { download } from '../recipes/streams.ts'
import { twoApps } from '../recipes/two-apps.ts'
import { live } from '../recipes/web-sockets.ts'

type App = Pick<Hono, 'fetch'>

/** A browser in front of an app, at a site of its choice. */
function browser(app: App, site = 'https://site.example', jar = new CookieJar()) {
  return {
    jar,
    async open(path: string, init: RequestInit = {}): Promise<Response> {
      const url = new URL(path, site)
      const headers = new Headers(init.headers)
      const cookie = jar.headerFor(url)
      if (cookie) headers.set('Cookie', cookie)
      const response = await app.fetch(new Request(url, { redirect: 'manual', ...init, headers }))
      jar.store(response, url)
      return response
    },
  }
}

/** An app with a route of a recipe, behind the middleware. */
async function signedIn(routes: Hono<never>) {
  // biome-ignore lint/suspicious/noExplicitAny: recipes have data of different types.
  const manager = createSessionManager<any>({
    keys: generateKey(),
    revocationList: memoryRevocationList({ now: () => Date.now() }),
    now: () => Date.now(),
  })
  const app = new Hono()
    .use(session(manager))
    .post('/sign-in', async (c) => {
      await c.var.session.signIn('ada')
      return c.text('')
    })
    .route('/', routes)
  const ada = browser(app as unknown as App)
  await ada.open('/sign-in', { method: 'POST' })
  return { manager, ada, app: app as unknown as App }
}

describe('a stream', () => {
  it('ends where its reader was forced out, and changes data before it begins', async () => {
    const gate = Promise.withResolvers<void>()
    async function* parts() {
      yield 'the first part'
      await gate.promise
      yield 'the second part'
    }
    const { manager, ada } = await signedIn(download(parts) as never)
    const response = await ada.open('/download')
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const first = await reader.read()
    expect(new TextDecoder().decode(first.value)).toBe('the first part')
    const url = 'https://site.example/'
    const later = await manager.load(
      new Request(url, { headers: { Cookie: ada.jar.headerFor(url) } }),
    )
    expect(later.data).toEqual({ downloads: 1 })
    await manager.revokeSubject('ada')
    gate.resolve()
    expect(await reader.read()).toEqual({ done: true, value: undefined })
  })
})

describe('server-sent events', () => {
  it('tell of the end, and are no activity', async () => {
    const messages = ['hello', '', 'after the end']
    let signOut = async () => {}
    const { manager, ada } = await signedIn(
      events(async () => {
        if (messages.length === 1) await signOut()
        return messages.shift() ?? ''
      }) as never,
    )
    signOut = () => manager.revokeSubject('ada')
    const response = await ada.open('/events')
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await response.text()).toBe(
      'data: hello\n\nevent: idle\ndata: \n\nevent: ended\ndata: revoked\n\n',
    )
  })
})

describe('a WebSocket', () => {
  const UPGRADE = { Upgrade: 'websocket', Origin: 'https://site.example' }

  async function open() {
    const set = await signedIn(live as never)
    const response = await set.ada.open('/live', { headers: UPGRADE })
    const socket = response.webSocket
    if (socket === null || socket === undefined) throw new Error('there is no socket')
    socket.accept()
    const next = () =>
      new Promise<string>((resolve) => {
        socket.addEventListener('message', ({ data }) => resolve(String(data)), { once: true })
        socket.addEventListener('close', ({ code, reason }) => resolve(`${code} ${reason}`), {
          once: true,
        })
      })
    const say = (text: string) => {
      const answer = next()
      socket.send(text)
      return answer
    }
    return { ...set, response, say }
  }

  it('talks while the session lives, and closes when it is over', async () => {
    const { manager, response, say } = await open()
    expect(response.status).toBe(101)
    expect(await say('hello')).toBe('ada says hello')
    await manager.revokeSubject('ada')
    expect(await say('still here?')).toBe('4401 revoked')
  })

  it('is for pages of this origin, and for who is signed in', async () => {
    const { ada, app } = await signedIn(live as never)
    const elsewhere = { ...UPGRADE, Origin: 'https://other.site.example' }
    expect((await ada.open('/live', { headers: elsewhere })).status).toBe(403)
    expect((await ada.open('/live')).status).toBe(426)
    expect((await browser(app).open('/live', { headers: UPGRADE })).status).toBe(401)
  })
})

describe('a front end on another host', () => {
  const FRONT = { Origin: 'https://app.shop.example', 'Sec-Fetch-Site': 'same-site' }
  const setUp = () => {
    const manager = createSessionManager({
      keys: generateKey(),
      revocationList: memoryRevocationList({ now: () => Date.now() }),
      now: () => Date.now(),
    })
    return browser(api(manager) as unknown as App, 'https://api.shop.example')
  }
  const allowed = ({ headers }: Response) => [
    headers.get('Access-Control-Allow-Origin'),
    headers.get('Access-Control-Allow-Credentials'),
  ]

  it('signs in and is known, and can read answers to errors', async () => {
    const page = setUp()
    const preflight = await page.open('/sign-in', {
      method: 'OPTIONS',
      headers: { ...FRONT, 'Access-Control-Request-Method': 'POST' },
    })
    expect(preflight.status).toBe(204)
    const refused = await page.open('/me', { headers: FRONT })
    expect(refused.status).toBe(401)
    expect(allowed(refused)).toEqual(['https://app.shop.example', 'true'])
    expect((await page.open('/sign-in', { method: 'POST', headers: FRONT })).status).toBe(204)
    const me = await page.open('/me', { headers: FRONT })
    expect(allowed(me)).toEqual(['https://app.shop.example', 'true'])
    expect(await me.json()).toEqual({ subject: 'ada' })
  })

  it('is the only one', async () => {
    const page = setUp()
    const other = { Origin: 'https://blog.shop.example', 'Sec-Fetch-Site': 'same-site' }
    const forged = await page.open('/sign-in', {
      method: 'POST',
      headers: { ...other, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'a=b',
    })
    expect(forged.status).toBe(403)
    expect(page.jar.names()).toEqual([])
    const read = await page.open('/me', { headers: other })
    expect(allowed(read)[0]).not.toBe(other.Origin)
  })
})

describe('a mounted app', () => {
  it('has the same session, whose cookies are set once', async () => {
    const manager = createSessionManager({
      keys: generateKey(),
      revocationList: memoryRevocationList({ now: () => Date.now() }),
      now: () => Date.now(),
    })
    const app = withOlderApp(manager).post('/sign-in', async (c) => {
      await c.var.session.signIn('ada')
      return c.text('')
    })
    const ada = browser(app as unknown as App)
    await ada.open('/sign-in', { method: 'POST' })
    const response = await ada.open('/older/page')
    expect(await response.text()).toBe('The older app knows ada')
    expect(response.headers.getSetCookie()).toHaveLength(1)
    expect(response.headers.get('Vary')).toBe('Cookie')
  })
})

describe('two apps on one host', () => {
  it('know nothing of each other, and end together for a subject', async () => {
    const list = memoryRevocationList({ now: () => Date.now() })
    const { shop, admin } = twoApps(generateKey(), list)
    const routes = (manager: typeof shop, base: string) =>
      new Hono()
        .basePath(base)
        .use(session(manager))
        .post('/sign-in/:subject', async (c) => {
          await c.var.session.signIn(c.req.param('subject'))
          return c.text('')
        })
        .post('/sign-out', async (c) => {
          await c.var.session.destroy()
          return c.text('')
        })
        .get('/fresh', requireSignIn({ fresh: true }), (c) => c.text(c.var.session.subject))
        .get('/me', (c) => c.text(c.var.session.subject ?? c.var.session.ended ?? 'nobody'))
    const app = new Hono().route('/', routes(shop, '/shop')).route('/', routes(admin, '/admin'))
    const ada = browser(app as unknown as App)
    const see = async (path: string) => (await ada.open(path)).text()
    await ada.open('/shop/sign-in/ada', { method: 'POST' })
    await ada.open('/admin/sign-in/root', { method: 'POST' })
    expect([await see('/shop/me'), await see('/admin/me')]).toEqual(['ada', 'root'])
    expect(ada.jar.headerFor('https://site.example/shop/me')).not.toContain('__Secure-admin')
    await ada.open('/admin/sign-out', { method: 'POST' })
    expect([await see('/shop/me'), await see('/admin/me')]).toEqual(['ada', 'nobody'])
    await ada.open('/admin/sign-in/ada', { method: 'POST' })
    await shop.revokeSubject('ada')
    expect(await see('/shop/me')).toBe('revoked')
    expect(JSON.parse(await see('/admin/fresh'))).toMatchObject({ ended: 'revoked' })
  })

  it('do not open each other their cookies', async () => {
    const { shop, admin } = twoApps(generateKey(), memoryRevocationList({ now: () => Date.now() }))
    const first = await shop.load(new Request('https://site.example/'))
    await first.signIn('ada')
    const [cookie = ''] = (await shop.commit(first, new Response())).headers.getSetCookie()
    const token = cookie.slice(cookie.indexOf('=') + 1, cookie.indexOf(';'))
    const forged = new Request('https://site.example/admin', {
      headers: { Cookie: `__Secure-admin=${token}` },
    })
    expect((await admin.load(forged)).ended).toBe('invalid')
  })
})
