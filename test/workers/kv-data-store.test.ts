import { env } from 'cloudflare:workers'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { kvDataStore } from '../../src/cloudflare.ts'
import { type SessionEnv, session } from '../../src/hono.ts'
import { createSessionManager } from '../../src/index.ts'
import { connect, holdsToTheContract } from '../contracts/data-store.ts'
import { CookieJar } from '../kit/cookie-jar.ts'

const { REVOCATIONS: SESSION_DATA } = env as unknown as { REVOCATIONS: KVNamespace }

describe('the data store on KV', () => {
  holdsToTheContract(() => () => kvDataStore(SESSION_DATA))

  it('writes under keys of its own, for as long as the session lives and a minute', async () => {
    const written: unknown[] = []
    const namespace = {
      get: async () => null,
      put: async (...args: unknown[]) => void written.push(args),
    }
    const store = connect(kvDataStore(namespace), () => 1_000_000)
    const reference = await store.write('{"a":1}', 1_000_000 + 3_600_000)
    const [key = ''] = reference.split('.')
    expect(written).toEqual([[`session-data/${key}`, btoa('{"a":1}'), { expirationTtl: 3_660 }]])
  })

  it('never asks KV for less than it takes', async () => {
    const store = connect(kvDataStore(SESSION_DATA), () => Date.now())
    const reference = await store.write('{"a":1}', Date.now() - 30_000)
    expect(await connect(kvDataStore(SESSION_DATA), Date.now).read(reference)).toBe('{"a":1}')
  })

  it('is a mistake without a namespace', () => {
    expect(() => kvDataStore(undefined as never)).toThrow(/takes a KV namespace; is its binding/)
  })
})

describe('an app with data on KV, in workerd', () => {
  const keys = 'dGhlIHRlc3RzIG93biBrZXksIG5vdCBhIHNlY3JldCE'
  type Data = { note: string }

  /** An isolate that remembers nothing of data. */
  function newApp() {
    const app = new Hono<SessionEnv<Data>>()
    app.use(
      session(
        createSessionManager<Data>({
          keys,
          revocationList: 'none',
          dataStore: kvDataStore(SESSION_DATA),
        }),
      ),
    )
    app.post('/note', async (c) => {
      c.var.session.data.note = await c.req.text()
      return c.text('saved')
    })
    app.get('/note', (c) => c.text(c.var.session.data.note ?? 'none'))
    return app
  }
  const SITE = 'https://site.example'

  it.each([64_000, 255_000])('gives back a note of %i bytes', async (length) => {
    const jar = new CookieJar()
    const note = 'ž'.repeat(length / 4) + 'x'.repeat(length / 2)
    const saved = await newApp().request(`${SITE}/note`, { method: 'POST', body: note })
    expect(saved.status).toBe(200)
    jar.store(saved, SITE)
    const cookie = jar.headerFor(SITE)
    expect(cookie.length).toBeLessThan(1_000)
    const page = await newApp().request(`${SITE}/note`, { headers: { cookie } })
    expect(await page.text()).toBe(note)
  })

  it('answers 503 while KV does not show the note yet, and does not show another', async () => {
    const jar = new CookieJar()
    const body = 'x'.repeat(64_000)
    jar.store(await newApp().request(`${SITE}/note`, { method: 'POST', body }), SITE)
    const { keys } = await SESSION_DATA.list({ prefix: 'session-data/' })
    await Promise.all(keys.map(({ name }) => SESSION_DATA.delete(name)))
    const headers = { cookie: jar.headerFor(SITE) }
    const page = await newApp().request(`${SITE}/note`, { headers })
    expect([page.status, await page.json()]).toEqual([503, { error: 'data-unavailable' }])
  })
})
