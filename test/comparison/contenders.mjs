/**
 * One small app on each library, as its own documentation builds one: the same routes, an idle timeout of
 * ten minutes and an absolute one of 25. What a library does not have is left out, not imitated.
 */

import { readFileSync } from 'node:fs'
import { fetchOf } from '../../bench/data/contenders/loopback.mjs'
import { session as sealedSession } from '../../src/hono.ts'
import { createSessionManager, memoryRevocationList } from '../../src/index.ts'

const at = (path) => new URL(`../../bench/node_modules/${path}`, import.meta.url)
const { Hono } = await import(at('hono/dist/index.js'))
const { useSession } = await import(at('@hono/session/dist/index.js'))
const { getIronSession, webCookies } = await import(at('iron-session/dist/index.js'))
const { CookieStore, sessionMiddleware } = await import(at('hono-sessions/esm/mod.js'))
const h3 = await import(at('h3/dist/_entries/node.mjs'))
const { default: express } = await import(at('express/index.js'))
const { default: expressSession } = await import(at('express-session/index.js'))

const versionOf = (name) => JSON.parse(readFileSync(at(`${name}/package.json`), 'utf8')).version

export const IDLE = 600
export const ABSOLUTE = 1_500
export const KEY = 'q3p0Yv6cQ4bN1mZs8rT2uW5xA7dE9gHjKlPoIuYtReE'
const NEXT_KEY = 'Z29sZGVuIHZlY3RvcnMsIHNlY29uZCBrZXk6IDMyYi4'

/**
 * Each: its name, and `app({ idle, rotated, memory })`, which gives `fetch`, and if the library has it
 * `forceOut()`, called where no request of the visitor is at hand. `memory` is what survives a deploy: the
 * store of a library that has one. An app answers `GET /` with what it knows of the visitor.
 */
export const contenders = [
  {
    name: 'sealed-session',
    app({ idle = IDLE, rotated = false, memory }) {
      memory.list ??= memoryRevocationList({ now: () => Date.now() })
      const manager = createSessionManager({
        keys: rotated ? [NEXT_KEY, KEY] : KEY,
        revocationList: memory.list,
        idleTimeout: idle,
        absoluteTimeout: ABSOLUTE,
        now: () => Date.now(),
      })
      const app = new Hono()
        .use(sealedSession(manager))
        .get('/', ({ var: { session }, json }) =>
          json({ subject: session.subject, why: session.ended }),
        )
        .post('/sign-in', async ({ var: { session }, text }) => {
          await session.signIn('ada')
          return text('ok')
        })
        .post('/write', async ({ req, var: { session }, text }) => {
          session.data.text = 'x'.repeat(Number(req.query('bytes')))
          return text('ok')
        })
        .post('/sign-out', async ({ var: { session }, text }) => {
          await session.destroy()
          return text('ok')
        })
        .onError((error, c) => c.text(error.code, 500))
      return {
        fetch: (request) => app.fetch(request),
        forceOut: () => manager.revokeSubject('ada'),
      }
    },
  },
  {
    name: `iron-session ${versionOf('iron-session')}`,
    app({ idle = IDLE, rotated = false }) {
      const password = rotated ? { 1: KEY, 2: NEXT_KEY } : { 1: KEY }
      const app = new Hono().onError((error, c) => c.text(error.message, 500))
      const route = (method, path, act) =>
        app.on(method, path, async (c) => {
          const headers = new Headers()
          const why = []
          const session = await getIronSession(webCookies(c.req.raw, headers), {
            password,
            cookieName: 'session',
            ttl: idle,
            onUnsealError: (reason) => why.push(reason),
          })
          const answer = await act(session, c)
          return new Response(answer ? JSON.stringify({ ...answer, why: why[0] }) : 'ok', {
            headers,
          })
        })
      route('GET', '/', ({ subject }) => ({ subject }))
      route('POST', '/sign-in', async (session) => {
        session.subject = 'ada'
        await session.save()
      })
      route('POST', '/write', async (session, c) => {
        session.text = 'x'.repeat(Number(c.req.query('bytes')))
        await session.save()
      })
      route('POST', '/sign-out', (session) => session.destroy())
      return { fetch: (request) => app.fetch(request) }
    },
  },
  {
    name: `@hono/session ${versionOf('@hono/session')}`,
    app({ idle = IDLE, rotated = false }) {
      // One secret: there is no way to give a second one.
      const secret = rotated ? NEXT_KEY : KEY
      const app = new Hono()
        .use(useSession({ secret, duration: { absolute: ABSOLUTE, inactivity: idle } }))
        .get('/', async (c) => c.json({ subject: (await c.var.session.get())?.subject }))
        .post('/sign-in', async (c) => {
          await c.var.session.update({ subject: 'ada' })
          return c.text('ok')
        })
        .post('/write', async (c) => {
          const text = 'x'.repeat(Number(c.req.query('bytes')))
          await c.var.session.get()
          await c.var.session.update((data) => ({ ...data, text }))
          return c.text('ok')
        })
        .post('/sign-out', (c) => {
          c.var.session.delete()
          return c.text('ok')
        })
        .onError((error, c) => c.text(error.code, 500))
      return { fetch: (request) => app.fetch(request) }
    },
  },
  {
    name: `hono-sessions ${versionOf('hono-sessions')}`,
    app({ idle = IDLE, rotated = false }) {
      const app = new Hono()
        .use(
          sessionMiddleware({
            store: new CookieStore(),
            encryptionKey: rotated ? NEXT_KEY : KEY,
            expireAfterSeconds: idle,
            cookieOptions: { httpOnly: true, secure: true, sameSite: 'Lax', path: '/' },
          }),
        )
        .get('/', (c) => c.json({ subject: c.get('session').get('subject') ?? undefined }))
        .post('/sign-in', (c) => {
          c.get('session').set('subject', 'ada')
          return c.text('ok')
        })
        .post('/write', (c) => {
          c.get('session').set('text', 'x'.repeat(Number(c.req.query('bytes'))))
          return c.text('ok')
        })
        .post('/sign-out', (c) => {
          c.get('session').deleteSession()
          return c.text('ok')
        })
        .onError((error, c) => c.text(error.message, 500))
      return { fetch: (request) => app.fetch(request) }
    },
  },
  {
    name: `h3 ${versionOf('h3')}`,
    app({ idle = IDLE, rotated = false }) {
      const config = {
        name: 'session',
        password: rotated ? NEXT_KEY : KEY,
        idleTimeout: idle,
        maxAge: ABSOLUTE,
        sessionHeader: false,
      }
      const app = new h3.H3()
        .get('/', async (event) => ({ subject: (await h3.getSession(event, config)).data.subject }))
        .post('/sign-in', async (event) => {
          await h3.updateSession(event, config, { subject: 'ada' })
          return 'ok'
        })
        .post('/write', async (event) => {
          const text = 'x'.repeat(Number(event.url.searchParams.get('bytes')))
          await h3.updateSession(event, config, { text })
          return 'ok'
        })
        .post('/sign-out', async (event) => {
          await h3.clearSession(event, config)
          return 'ok'
        })
      return { fetch: (request) => app.fetch(request) }
    },
  },
  {
    name: `express-session ${versionOf('express-session')}`,
    async app({ idle = IDLE, rotated = false, memory }) {
      memory.store ??= new expressSession.MemoryStore()
      const { store } = memory
      const app = express()
      app.use(
        expressSession({
          store,
          secret: rotated ? [NEXT_KEY, KEY] : KEY,
          resave: false,
          saveUninitialized: false,
          rolling: true,
          proxy: true,
          cookie: { maxAge: idle * 1000, httpOnly: true, secure: true, sameSite: 'lax' },
        }),
      )
      app.get('/', ({ session }, response) => response.json({ subject: session.subject }))
      // `regenerate` gives the request a new session.
      app.post('/sign-in', (request, response) =>
        request.session.regenerate(() => {
          request.session.subject = 'ada'
          response.send('ok')
        }),
      )
      app.post('/write', ({ session, query }, response) => {
        session.text = 'x'.repeat(Number(query.bytes))
        response.send('ok')
      })
      app.post('/sign-out', ({ session }, response) => session.destroy(() => response.send('ok')))
      return {
        fetch: await fetchOf(app),
        forceOut: () =>
          new Promise((done) =>
            store.all((_, sessions) => {
              for (const [id, { subject }] of Object.entries(sessions)) {
                if (subject === 'ada') store.destroy(id)
              }
              done()
            }),
          ),
      }
    },
  },
]
