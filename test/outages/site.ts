/**
 * A small site in virtual time: isolates with one KV between them, and browsers in front of them.
 * Where nothing is left to happen and the script still waits, something hangs.
 */

import { Hono } from 'hono'
import { kvRevocationList } from '../../src/cloudflare.ts'
import { requireSignIn, type SessionEnv, session } from '../../src/hono.ts'
import {
  createSessionManager,
  SessionError,
  type SessionEvent,
  type SessionManager,
  type SessionOptions,
} from '../../src/index.ts'
import { CookieJar } from '../kit/cookie-jar.ts'
import { isRemarkable } from '../kit/visitor.ts'
import { World } from '../races/world.ts'
import { TroubledKv } from './troubled-kv.ts'

interface Data {
  note: string
}

/** What an answer says, and how long it took in milliseconds of the site's time. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly took: number
  readonly response: Response
}

const START = Date.parse('2026-03-01T12:00:00.123Z')
const ADDRESS = 'https://site.example'
export const KEY = 'a2V5IG9mIHRoZSBvdXRhZ2VzLCBub3QgYSBzZWNyZXQ'

/** Runs a script on a site. Rejects when the script, or anything that it set off, hangs or fails. */
export async function onSite(script: (site: Site) => Promise<void>): Promise<void> {
  const site = new Site()
  let isDone = false
  site.world.at(START, async () => {
    await script(site)
    isDone = true
  })
  await site.world.run()
  if (!isDone) throw new Error('something hangs: nothing is left to happen')
}

export class Site {
  readonly world: World = new World(START)
  readonly kv: TroubledKv = new TroubledKv(this.world)

  isolate(options: Partial<SessionOptions<Data>> = {}): Isolate {
    return new Isolate(this, options)
  }

  /** Lets seconds pass. */
  pass(seconds: number): Promise<void> {
    return this.world.sleep(seconds * 1_000)
  }
}

export class Isolate {
  readonly site: Site
  readonly events: SessionEvent[] = []
  readonly manager: SessionManager<Data>
  readonly app: Hono<SessionEnv<Data>>

  constructor(site: Site, options: Partial<SessionOptions<Data>>) {
    this.site = site
    this.manager = createSessionManager<Data>({
      keys: KEY,
      revocationList: kvRevocationList(site.kv),
      now: site.world.now,
      onEvent: (event) => {
        if (isRemarkable(event)) this.events.push(event)
      },
      ...options,
    })
    this.app = routes(this.manager)
  }

  browser(jar = new CookieJar(this.site.world.now)): Browser {
    return new Browser(this, jar)
  }

  /** The types of the events since it was last asked. */
  told(): string[] {
    return this.events.splice(0).map(({ type }) => type)
  }
}

export class Browser {
  readonly jar: CookieJar
  readonly #isolate: Isolate

  constructor(isolate: Isolate, jar: CookieJar) {
    this.#isolate = isolate
    this.jar = jar
  }

  get(path: string): Promise<Answer> {
    return this.#send('GET', path)
  }

  post(path: string): Promise<Answer> {
    return this.#send('POST', path)
  }

  /** Status and body, where it does not matter how long it took. */
  async look(path = '/me'): Promise<readonly [number, string]> {
    const { status, body } = await this.get(path)
    return [status, body]
  }

  async signIn(subject: string): Promise<this> {
    const { status } = await this.post(`/sign-in/${subject}`)
    if (status !== 200) throw new Error(`signing in answered ${status}`)
    return this
  }

  /** A request with the browser's cookies, for a manager. */
  request(): Request {
    return new Request(ADDRESS, { headers: { cookie: this.jar.headerFor(ADDRESS) } })
  }

  /** The same cookies in other hands, perhaps in front of another isolate. */
  copy(isolate = this.#isolate): Browser {
    return new Browser(isolate, this.jar.clone())
  }

  async #send(method: string, path: string): Promise<Answer> {
    const { app, site } = this.#isolate
    const cookie = this.jar.headerFor(ADDRESS)
    const sent = site.world.now()
    const init = { method, headers: cookie === '' ? {} : { cookie } }
    const response = await app.request(ADDRESS + path, init)
    this.jar.store(response, ADDRESS)
    const took = site.world.now() - sent
    return { status: response.status, body: await response.text(), took, response }
  }
}

function routes(manager: SessionManager<Data>): Hono<SessionEnv<Data>> {
  const app = new Hono<SessionEnv<Data>>()
  app.use(session(manager))
  app.onError((_, c) => c.text('failed', 500))
  return app
    .get('/public', (c) => c.text('for everybody'))
    .get('/me', (c) => {
      const { sid, subject, ended, data } = c.var.session
      if (subject === undefined) return c.text(`nobody, ${ended}`)
      return c.text(`${subject}, ${data.note ?? 'no note'}, ${sid}`)
    })
    .get('/fresh', requireSignIn({ fresh: true }), (c) => c.text('checked'))
    .post('/note/:note', async (c) => {
      c.var.session.data.note = c.req.param('note')
      return c.text('noted')
    })
    .post('/sign-in/:subject', async (c) => {
      await c.var.session.signIn(c.req.param('subject'))
      return c.text('signed in')
    })
    .post('/regenerate', async (c) => {
      await c.var.session.regenerate()
      return c.text('regenerated')
    })
    .post('/sign-out-others', async (c) => {
      await c.var.session.signOutOthers()
      return c.text('others signed out')
    })
    .post('/sign-out', async (c) => {
      await c.var.session.destroy()
      return c.text('signed out')
    })
    .post('/sign-out-forgotten', (c) => {
      c.var.session.destroy()
      return c.text('signed out')
    })
    .post('/sign-out-in-words', async (c) => {
      try {
        await c.var.session.destroy()
        return c.text('signed out')
      } catch (error) {
        if (!(error instanceof SessionError)) throw error
        return c.text(`signed out here only: ${error.code}`, 503)
      }
    })
}
