import { Hono } from 'hono'
import { beforeEach, describe, expect, it } from 'vitest'
import { type SessionEnv, session, sessionRoutes } from '../../src/hono.ts'
import type { RevocationList } from '../../src/index.ts'
import {
  createSessionManager,
  generateKey,
  memoryRevocationList,
  type SessionManager,
} from '../../src/index.ts'
import { TestRevocationList } from '../../src/testing.ts'

const ORIGIN = 'https://app.example'
const KEY = generateKey()
const SAME_ORIGIN = { 'Sec-Fetch-Site': 'same-origin' }
const STARTED = Date.parse('2026-06-01T08:00:00.000Z')

const at = (seconds: number): string => new Date(STARTED + seconds * 1000).toISOString()

describe('sessionRoutes', () => {
  let seconds: number
  let list: RevocationList
  let app: Hono<SessionEnv>
  let cookies: Map<string, string>

  const now = (): number => STARTED + seconds * 1000

  beforeEach(() => {
    seconds = 0
    list = memoryRevocationList({ now })
    cookies = new Map()
    const manager = createSessionManager({
      keys: KEY,
      revocationList: {
        read: (targets) => list.read(targets),
        write: (target, mark, ttl) => list.write(target, mark, ttl),
      },
      idleTimeout: 60,
      absoluteTimeout: 600,
      recheckAfter: 0,
      now,
    })
    app = mount(manager)
  })

  function mount(manager: SessionManager): Hono<SessionEnv> {
    const app = new Hono<SessionEnv>()
    app.onError((error, c) => c.text(error.message, 500))
    app.use(session(manager))
    app.post('/sign-in', async (c) => {
      await c.var.session.signIn(c.req.query('subject') ?? 'ada')
      return c.text('in')
    })
    app.post('/note', (c) => {
      c.var.session.data = { note: 'x' }
      return c.text('noted')
    })
    app.route('/session', sessionRoutes({ now, signOutOthers: 30 }))
    app.route('/without', sessionRoutes({ now }))
    return app
  }

  async function send(method: string, path: string, headers: Record<string, string> = {}) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await app.request(`${ORIGIN}${path}`, {
      method,
      headers: { ...headers, ...(cookie && { Cookie: cookie }) },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return response
  }

  const signIn = (subject = 'ada') => send('POST', `/sign-in?subject=${subject}`)
  const status = async () => (await send('GET', '/session')).json()

  it('tells an anonymous visitor that there is no sign-in, and sets no cookie', async () => {
    const response = await send('GET', '/session')
    expect(response.status).toBe(200)
    expect(response.headers.getSetCookie()).toEqual([])
    expect(response.headers.get('Cache-Control')).toBe('private, no-store')
    expect(await response.json()).toEqual({
      signedIn: false,
      now: at(0),
      idleExpiresAt: null,
      absoluteExpiresAt: null,
      startedAt: null,
      idleTimeout: null,
      subjectTags: [],
      ended: null,
    })
  })

  it('says how a session stands without sliding it or setting a cookie', async () => {
    await signIn()
    seconds = 59
    const response = await send('GET', '/session')
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await response.json()).toEqual({
      signedIn: true,
      now: at(59),
      idleExpiresAt: at(60),
      absoluteExpiresAt: at(600),
      startedAt: at(0),
      idleTimeout: 60,
      subjectTags: [expect.stringMatching(/^[\w-]{22}$/)],
      ended: null,
    })
    seconds = 60
    expect(await status()).toMatchObject({ signedIn: false, ended: 'idle', idleExpiresAt: null })
  })

  it('tells the absolute limit from the idle one', async () => {
    await signIn()
    for (seconds = 50; seconds < 600; seconds += 50) {
      expect((await send('POST', '/session/touch', SAME_ORIGIN)).status).toBe(200)
    }
    expect(await status()).toMatchObject({ signedIn: false, ended: 'absolute' })
  })

  it('touches, and answers the new deadlines', async () => {
    await signIn()
    seconds = 40
    const response = await send('POST', '/session/touch', SAME_ORIGIN)
    expect(response.status).toBe(200)
    expect(response.headers.getSetCookie()).toHaveLength(1)
    expect(await response.json()).toMatchObject({ signedIn: true, idleExpiresAt: at(100) })
    seconds = 99
    expect(await status()).toMatchObject({ signedIn: true, idleExpiresAt: at(100) })
  })

  it('touches even when the request is marked as background traffic', async () => {
    await signIn()
    seconds = 40
    const headers = { ...SAME_ORIGIN, 'Session-Activity': 'passive' }
    const response = await send('POST', '/session/touch', headers)
    expect(await response.json()).toMatchObject({ idleExpiresAt: at(100) })
  })

  it('answers a touch of a session that is over with 401 and the reason', async () => {
    await signIn()
    seconds = 60
    const response = await send('POST', '/session/touch', SAME_ORIGIN)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ signedIn: false, ended: 'idle' })
  })

  it('does not slide a session without a sign-in for a touch that is passive', async () => {
    await send('POST', '/note')
    seconds = 30
    const passive = { ...SAME_ORIGIN, 'Session-Activity': 'passive' }
    expect((await send('POST', '/session/touch', passive)).status).toBe(401)
    seconds = 59
    expect(await status()).toMatchObject({ signedIn: false, ended: null })
    seconds = 60
    expect(await status()).toMatchObject({ signedIn: false, ended: 'idle' })
  })

  it('signs out for good', async () => {
    await signIn()
    const copy = new Map(cookies)
    const response = await send('POST', '/session/sign-out', SAME_ORIGIN)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ signedIn: false, ended: null })
    expect(cookies.size).toBe(0)
    cookies = copy
    expect(await status()).toMatchObject({ signedIn: false, ended: 'revoked' })
  })

  it('succeeds when the visitor is already signed out', async () => {
    const response = await send('POST', '/session/sign-out', SAME_ORIGIN)
    expect(response.status).toBe(200)
    expect(response.headers.getSetCookie()).toEqual([])
  })

  describe('sign-out-others', () => {
    const signOutOthers = () => send('POST', '/session/sign-out-others', SAME_ORIGIN)

    it('ends the other sessions of the subject and goes on with this one', async () => {
      await signIn()
      const other = new Map(cookies)
      cookies.clear()
      seconds = 1
      await signIn()
      seconds = 30
      const response = await signOutOthers()
      expect(response.status).toBe(200)
      expect(response.headers.get('Cache-Control')).toBe('private, no-store')
      expect(await response.json()).toMatchObject({ signedIn: true, idleExpiresAt: at(90) })
      expect(await status()).toMatchObject({ signedIn: true })
      cookies = other
      expect(await status()).toMatchObject({ signedIn: false, ended: 'revoked' })
    })

    it.each([
      [29, 200],
      [30, 403],
      [31, 403],
    ])('%i s after the sign-in is %i', async (age, code) => {
      await signIn()
      const other = new Map(cookies)
      seconds = age
      const response = await signOutOthers()
      expect(response.status).toBe(code)
      if (code === 200) return
      expect(await response.json()).toEqual({ error: 'recent-sign-in-required' })
      cookies = other
      expect(await status()).toMatchObject({ signedIn: true })
    })

    it('is 401 without a sign-in', async () => {
      const response = await signOutOthers()
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ signedIn: false, ended: null })
    })

    it('is 503 when it cannot be recorded, and this session goes on', async () => {
      await signIn()
      list.write = () => Promise.reject(new Error('down'))
      expect((await signOutOthers()).status).toBe(503)
      expect(await status()).toMatchObject({ signedIn: true })
    })

    it('is there only with the option, which must be seconds', async () => {
      await signIn()
      const response = await send('POST', '/without/sign-out-others', SAME_ORIGIN)
      expect(response.status).toBe(404)
      expect(() => sessionRoutes({ signOutOthers: 0 })).toThrow(
        /"signOutOthers" must be a whole number of seconds from 1/,
      )
      expect(() => sessionRoutes({ signOutOthers: true as never })).toThrow(/got a boolean/)
    })
  })

  it('clears the cookies and answers 503 when the end cannot be recorded', async () => {
    await signIn()
    list.write = () => Promise.reject(new Error('down'))
    const response = await send('POST', '/session/sign-out', SAME_ORIGIN)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ signedIn: false })
    expect(cookies.size).toBe(0)
  })

  it('says nothing of a session whose revocation cannot be checked', async () => {
    const unreachable = new TestRevocationList({ now })
    unreachable.readTrouble = 'fails'
    app = mount(
      createSessionManager({
        keys: generateKey(),
        revocationList: unreachable,
        recheckAfter: 0,
        staleIfError: 0,
        now,
      }),
    )
    await signIn()
    for (const [method, path] of [
      ['GET', '/session'],
      ['POST', '/session/touch'],
    ] as const) {
      const response = await send(method, path, SAME_ORIGIN)
      expect(response.status).toBe(503)
      expect(await response.json()).toEqual({ error: 'revocation-unavailable' })
    }
  })

  describe('refuses requests from another site', () => {
    const accepted: Record<string, string>[] = [
      { 'Sec-Fetch-Site': 'same-origin' },
      { 'Sec-Fetch-Site': 'same-origin', Origin: ORIGIN },
      { Origin: ORIGIN },
    ]
    const refused: Record<string, string>[] = [
      {},
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'none' },
      { 'Sec-Fetch-Site': 'cross-site', Origin: ORIGIN },
      { Origin: 'https://evil.example' },
      { Origin: 'http://app.example' },
      { Origin: 'https://app.example:8443' },
      { Origin: 'null' },
      { Referer: `${ORIGIN}/` },
    ]

    it.each(accepted)('accepts %o', async (headers) => {
      await signIn()
      seconds = 30
      expect((await send('POST', '/session/touch', headers)).status).toBe(200)
      expect((await send('POST', '/session/sign-out', headers)).status).toBe(200)
      expect(cookies.size).toBe(0)
    })

    it.each(refused)('refuses %o', async (headers) => {
      await signIn()
      seconds = 30
      for (const path of ['/session/touch', '/session/sign-out', '/session/sign-out-others']) {
        const response = await send('POST', path, headers)
        expect(response.status).toBe(403)
        expect(await response.json()).toEqual({ error: 'cross-site' })
        expect(response.headers.getSetCookie()).toEqual([])
      }
      expect(await status()).toMatchObject({ signedIn: true, idleExpiresAt: at(60) })
    })
  })

  describe('for a page that was made for somebody else', () => {
    const headersFor = async (subject: string) => {
      await signIn(subject)
      const { subjectTags } = await status()
      return { ...SAME_ORIGIN, 'Session-Subject': subjectTags[0] }
    }

    it.each(['touch', 'sign-out', 'sign-out-others'])(
      'answers %s with 409 and who it is now',
      async (path) => {
        const headers = await headersFor('grace')
        await signIn('ada')
        const [tag] = (await status()).subjectTags
        seconds = 30
        const response = await send('POST', `/session/${path}`, headers)
        expect(response.status).toBe(409)
        expect(response.headers.getSetCookie()).toEqual([])
        expect(await response.json()).toMatchObject({
          signedIn: true,
          idleExpiresAt: at(60),
          subjectTags: [tag],
        })
      },
    )

    it.each([
      ['touch', 401],
      ['sign-out', 200],
    ])('answers %s as usual when nobody is signed in', async (path, code) => {
      const headers = await headersFor('grace')
      cookies.clear()
      expect((await send('POST', `/session/${path}`, headers)).status).toBe(code)
    })

    it('answers as usual when the same subject has signed in again', async () => {
      const headers = await headersFor('grace')
      await signIn('grace')
      expect((await send('POST', '/session/touch', headers)).status).toBe(200)
    })

    it('signs out, and touches nothing, while the revocation list cannot be read', async () => {
      const headers = await headersFor('grace')
      list.read = () => Promise.reject(new Error('down'))
      seconds = 400
      await signIn('grace')
      seconds = 401
      app = mount(
        createSessionManager({
          keys: KEY,
          revocationList: { read: (targets) => list.read(targets), write: async () => {} },
          ...{ idleTimeout: 60, absoluteTimeout: 600, recheckAfter: 0, staleIfError: 0, now },
        }),
      )
      expect((await send('POST', '/session/touch', headers)).status).toBe(503)
      expect((await send('POST', '/session/sign-out', headers)).status).toBe(200)
      expect(cookies.size).toBe(0)
    })

    it('takes an empty tag for none', async () => {
      await signIn()
      const headers = { ...SAME_ORIGIN, 'Session-Subject': '' }
      expect((await send('POST', '/session/touch', headers)).status).toBe(200)
    })
  })

  it('refuses other methods', async () => {
    expect((await send('GET', '/session/sign-out-others')).status).toBe(404)
    expect((await send('GET', '/session/touch')).status).toBe(404)
    expect((await send('GET', '/session/sign-out')).status).toBe(404)
    expect((await send('POST', '/session', SAME_ORIGIN)).status).toBe(404)
  })

  it('names the missing middleware', async () => {
    const bare = new Hono().route('/session', sessionRoutes())
    bare.onError((error, c) => c.text(error.message, 500))
    const response = await bare.request('/session')
    expect(await response.text()).toBe(
      'there is no session: call app.use(session(...)) before this route',
    )
  })

  it('names an option that is wrong', () => {
    // @ts-expect-error a misspelt option
    expect(() => sessionRoutes({ clock: Date.now })).toThrow(
      new TypeError(
        'no option "clock" in the options of sessionRoutes; there are now, signOutOthers',
      ),
    )
    // @ts-expect-error not a function
    expect(() => sessionRoutes({ now: 5 })).toThrow(TypeError)
  })
})
