/**
 * Hono's `cache()` around the session middleware, with the oldest Hono that the peer range admits and
 * the one of today. Before 4.11.7 it kept answers with `private, no-store` and gave one visitor's page
 * to the next; before 4.12.18 it kept answers with `Vary: Cookie`.
 */

import { Hono } from 'hono'
import { cache } from 'hono/cache'
import { Hono as OldestHono } from 'hono-oldest'
import { cache as oldestCache } from 'hono-oldest/cache'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { type SessionEnv, session } from '../../src/hono.ts'
import { setUp } from '../kit/visitor.ts'

const AT = 'https://site.example'

/** As much of the platform's caches as `cache()` uses, and as trusting as it can be. */
function trustingCaches() {
  const kept = new Map<string, Response>()
  return {
    kept,
    open: async () => ({
      match: async (key: string) => kept.get(key)?.clone(),
      put: async (key: string, response: Response) => void kept.set(key, response),
    }),
  }
}

it('the oldest Hono here is the oldest that the package admits', () => {
  expect(manifest.peerDependencies.hono).toBe(
    `>=${manifest.devDependencies['hono-oldest'].replace('npm:hono@', '')}`,
  )
})

describe.each([
  ['the oldest', OldestHono as unknown as typeof Hono, oldestCache as unknown as typeof cache],
  ["today's", Hono, cache],
])('behind cache() of %s Hono', (_, HonoOf, cacheOf) => {
  let caches: ReturnType<typeof trustingCaches>

  beforeEach(() => {
    caches = trustingCaches()
    vi.stubGlobal('caches', caches)
  })
  afterEach(() => vi.unstubAllGlobals())

  function site() {
    const { manager } = setUp()
    const app = new HonoOf<SessionEnv>()
    app.use(cacheOf({ cacheName: 'pages', wait: true, cacheControl: 'max-age=60' }))
    app.use(session(manager))
    app.post('/sign-in', async (c) => {
      await c.var.session.signIn('ada')
      return c.text('in')
    })
    app.get('/page', (c) => c.text(c.var.session.subject ?? 'nobody'))
    app.get('/quiet', (c) => {
      c.var.session.skipTouch()
      return c.text(c.var.session.subject ?? 'nobody')
    })
    app.get('/own', (c) =>
      c.text(c.var.session.subject ?? 'nobody', 200, { 'Cache-Control': 'private, max-age=60' }),
    )
    app.get('/public', (c) => c.text('for everybody'))
    return app
  }

  async function signIn(app: ReturnType<typeof site>) {
    const answer = await app.request(`${AT}/sign-in`, { method: 'POST' })
    const cookies = answer.headers.getSetCookie().map((line) => line.split(';')[0])
    return { cookie: cookies.join('; ') }
  }

  it.each([['/page'], ['/quiet'], ['/own']])(
    'a page of one visitor reaches nobody else: %s',
    async (path) => {
      const app = site()
      const headers = await signIn(app)
      const read = async (init?: RequestInit) => (await app.request(`${AT}${path}`, init)).text()
      expect(await read({ headers })).toBe('ada')
      expect(await read()).toBe('nobody')
      expect(await read({ headers })).toBe('ada')
      expect(caches.kept.size).toBe(0)
    },
  )

  it('a page that does not look at the session is kept, so that the cache is at work', async () => {
    const app = site()
    for (let time = 0; time < 2; time++) {
      expect(await (await app.request(`${AT}/public`)).text()).toBe('for everybody')
    }
    expect(caches.kept.size).toBe(1)
  })
})
