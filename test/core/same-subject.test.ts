import { Hono } from 'hono'
import { beforeEach, describe, expect, it } from 'vitest'
import { type SessionEnv, sameSubject, session } from '../../src/hono.ts'
import { createSessionManager, generateKey } from '../../src/index.ts'
import { CookieJar } from '../kit/cookie-jar.ts'

const ORIGIN = 'https://app.example'
const [FIRST, SECOND] = [generateKey(), generateKey()]

describe('sameSubject', () => {
  let jar: CookieJar
  let app: Hono<SessionEnv>

  const mount = (keys: string[], options?: { required?: boolean }) => {
    const app = new Hono<SessionEnv>()
    app.use(session(createSessionManager({ keys, revocationList: 'none' })))
    app.post('/sign-in/:subject', async (c) => {
      await c.var.session.signIn(c.req.param('subject'))
      return c.text('in')
    })
    app.get('/tags', async (c) => c.json(await c.var.session.subjectTags()))
    app.use(sameSubject(options))
    app.all('/note', async (c) => {
      const { note } = await c.req.parseBody()
      return c.text(`${c.var.session.subject}: ${note}`)
    })
    return app
  }

  beforeEach(() => {
    jar = new CookieJar(() => Date.now())
    app = mount([FIRST])
  })

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('Cookie', jar.headerFor(ORIGIN + path))
    const response = await app.request(ORIGIN + path, { ...init, headers })
    jar.store(response, ORIGIN + path)
    return response
  }

  const signIn = (subject: string) => send(`/sign-in/${subject}`, { method: 'POST' })
  const tags = async (): Promise<string[]> => (await send('/tags')).json()
  const pageOf = async (subject: string): Promise<string> => {
    await signIn(subject)
    return (await tags())[0] ?? ''
  }

  const asField = (tag: string): RequestInit => ({
    method: 'POST',
    body: new URLSearchParams({ note: 'mine', 'session-subject': tag }),
  })
  const asPart = (tag: string): RequestInit => {
    const body = new FormData()
    body.set('note', 'mine')
    body.set('session-subject', tag)
    return { method: 'POST', body }
  }
  const asHeader = (tag: string): RequestInit => ({
    method: 'POST',
    headers: { 'Session-Subject': tag },
    body: new URLSearchParams({ note: 'mine' }),
  })
  const WAYS = [
    ['field of a form', asField],
    ['part of a form', asPart],
    ['header', asHeader],
  ] as const

  it.each(WAYS)('refuses the page of another subject, by a %s', async (_, as) => {
    const tag = await pageOf('grace')
    await signIn('ada')
    const response = await send('/note', as(tag))
    expect(response.status).toBe(409)
    expect(await response.json()).toEqual({ error: 'other-subject' })
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it.each(WAYS)('lets the page of the same subject pass, by a %s', async (_, as) => {
    const tag = await pageOf('grace')
    await signIn('grace')
    expect(await (await send('/note', as(tag))).text()).toBe('grace: mine')
  })

  it('lets a page pass that was made under a key that is no longer the first', async () => {
    const tag = await pageOf('grace')
    app = mount([FIRST, SECOND])
    expect((await send('/note', asField(tag))).status).toBe(200)
    app = mount([SECOND, FIRST])
    expect((await send('/note', asField(tag))).status).toBe(200)
    const [newest, older] = await tags()
    expect(older).toBe(tag)
    expect((await send('/note', asField(newest ?? ''))).status).toBe(200)
  })

  it('lets reads pass', async () => {
    const tag = await pageOf('grace')
    await signIn('ada')
    const headers = { 'Session-Subject': tag }
    expect((await send('/note', { headers })).status).toBe(200)
  })

  it('lets the page of somebody who is signed out pass, for other guards to refuse', async () => {
    const tag = await pageOf('grace')
    jar = new CookieJar(() => Date.now())
    expect(await (await send('/note', asField(tag))).text()).toBe('undefined: mine')
  })

  it('lets what says nothing pass, unless it is required', async () => {
    const silent: RequestInit = { method: 'POST', body: new URLSearchParams({ note: 'mine' }) }
    await signIn('grace')
    expect((await send('/note', silent)).status).toBe(200)
    expect((await send('/note', { method: 'POST' })).status).toBe(200)
    app = mount([FIRST], { required: true })
    expect((await send('/note', silent)).status).toBe(409)
    expect((await send('/note', { method: 'POST' })).status).toBe(409)
    jar = new CookieJar(() => Date.now())
    expect((await send('/note', silent)).status).toBe(200)
  })

  it('leaves a form that is none to the handler', async () => {
    await signIn('grace')
    const headers = { 'Content-Type': 'multipart/form-data; boundary=x' }
    // Refused by the handler, which reads it too.
    expect((await send('/note', { method: 'POST', body: 'not that', headers })).status).toBe(500)
  })

  it.each([undefined, { required: true }])(
    'leaves a request without a session unread, such as a logout token of a provider (%j)',
    async (options) => {
      const app = new Hono<SessionEnv>()
      app.use(session(createSessionManager({ keys: FIRST, revocationList: 'none' })))
      app.use(sameSubject(options))
      app.post('/raw', async (c) => c.text(await c.req.raw.text()))
      const response = await app.request('/raw', asField('tag'))
      expect([response.status, await response.text()]).toEqual([
        200,
        'note=mine&session-subject=tag',
      ])
    },
  )

  it('lets a page pass that does not know yet for whom it was made, as sessionRoutes() does', async () => {
    await signIn('grace')
    expect((await send('/note', asHeader(''))).status).toBe(200)
    app = mount([FIRST], { required: true })
    expect((await send('/note', asHeader(''))).status).toBe(409)
  })

  it('names an option that is wrong', () => {
    // @ts-expect-error a misspelt option
    expect(() => sameSubject({ require: true })).toThrow(
      new TypeError(
        'no option "require" in the options of sameSubject; did you mean "required"?; there are required',
      ),
    )
    // @ts-expect-error not a boolean
    expect(() => sameSubject({ required: 1 })).toThrow(
      new TypeError('"required" must be a boolean; got a number'),
    )
  })
})

describe('subjectTags', () => {
  const tagsOf = async (subject: string, keys: string[]): Promise<readonly string[]> => {
    const manager = createSessionManager({ keys, revocationList: 'none' })
    const session = await manager.load(new Request(ORIGIN))
    if (subject) await session.signIn(subject)
    return session.subjectTags()
  }

  it('are one for each key, the first key first, and say nothing of the subject', async () => {
    const [[first], [second]] = [await tagsOf('ada', [FIRST]), await tagsOf('ada', [SECOND])]
    expect(await tagsOf('ada', [FIRST, SECOND])).toEqual([first, second])
    expect(await tagsOf('grace', [FIRST])).not.toContain(first)
    expect(first).not.toBe(second)
    expect(first).toMatch(/^[\w-]{22}$/)
  })

  it('are none when nobody is signed in', async () => {
    expect(await tagsOf('', [FIRST])).toEqual([])
  })

  it('stay what they are from one release to the next', async () => {
    const key = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'
    expect(await tagsOf('ada', [key])).toEqual(['Lm5miaNvraUIlD1aGOF_sA'])
  })
})
