/**
 * The example Worker through its front door: what tests from outside, and readers, may rely on.
 */

import { env, exports } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import app from '../../worker-example/index.tsx'
import type { Env } from '../../worker-example/sessions.ts'
import { CookieJar } from '../kit/cookie-jar.ts'

const SITE = 'https://app.example'
const SESSION = '__Host-Http-session'
const ACTIVITY = '__Host-Http-session-activity'
const SIGNED_OUT = '/ended?reason=signed-out'
const MINUTE = 60
const HOUR = 3600

const worker = (exports as unknown as { default: { fetch(request: Request): Promise<Response> } })
  .default
const bindings = env as unknown as Env

// Marks of one test must not lie in another's future, so the clock never goes back.
let instant = Date.now()

function pass(seconds: number): void {
  instant += seconds * 1000
  vi.setSystemTime(instant)
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  pass(1)
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Somebody at a browser, or at a command line: `asPage` tells which. */
class Visitor {
  jar = new CookieJar(() => instant)
  /** Where the Worker runs with another env than wrangler.toml's. */
  env: Env | undefined
  origin = SITE
  asPage = false

  get(path: string): Promise<Response> {
    return this.#send(path, {})
  }

  post(path: string, fields: Record<string, string> = {}): Promise<Response> {
    return this.#send(path, { method: 'POST', body: new URLSearchParams(fields) })
  }

  async signIn(username = 'ada', more: Record<string, string> = {}): Promise<this> {
    const response = await this.post('/sign-in', { username, password: 'demo', ...more })
    expect(response.status).toBe(303)
    return this
  }

  async me(): Promise<Record<string, unknown>> {
    return (await this.get('/me')).json()
  }

  async page(path = '/'): Promise<string> {
    return (await this.get(path)).text()
  }

  /** The same cookies in other hands. */
  copy(): Visitor {
    return Object.assign(new Visitor(), this, { jar: this.jar.clone() })
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const url = this.origin + path
    const headers = {
      cookie: this.jar.headerFor(url),
      accept: this.asPage ? 'text/html,*/*' : '*/*',
      ...(init.method === 'POST' ? { origin: this.origin } : {}),
    }
    const request = new Request(url, { ...init, headers, redirect: 'manual' })
    const response = await (this.env ? app.fetch(request, this.env) : worker.fetch(request))
    this.jar.store(response, url)
    return response
  }
}

function visitorWith(env: Env): Visitor {
  return Object.assign(new Visitor(), { env })
}

function browser(): Visitor {
  return Object.assign(new Visitor(), { asPage: true })
}

function expectRedirect(response: Response, path: string): void {
  expect([response.status, response.headers.get('Location')]).toEqual([303, path])
}

const namesSet = (response: Response) =>
  response.headers.getSetCookie().map((line) => line.slice(0, line.indexOf('=')))

describe('signing in', () => {
  it('shows the form and the demo users, and sets no cookie', async () => {
    const response = await new Visitor().get('/')
    expect(response.status).toBe(200)
    expect(namesSet(response)).toEqual([])
    const page = await response.text()
    expect(page).toContain('action="/sign-in"')
    expect(page).toContain('<code>ada</code> (administrator) and <code>grace</code>')
    expect(page).toContain('<code>demo</code>')
  })

  it('answers 303 to / with the two cookies, and clears that of another device binding', async () => {
    const visitor = new Visitor()
    const response = await visitor.post('/sign-in', { username: 'ada', password: 'demo' })
    expectRedirect(response, '/')
    expect(namesSet(response).sort()).toEqual([SESSION, ACTIVITY, '__Host-session-bound'])
    expect(response.headers.getSetCookie().join()).toContain('__Host-session-bound=; Max-Age=0')
    const page = await visitor.page()
    expect(page).toContain('Hello, Ada')
    expect(page).toContain('administrator')
    expect(page).toContain('30 minutes')
    expect(page).toContain('12 hours')
    expect(page).toContain('you are signed out')
  })

  it('names the time left as a person would', async () => {
    const visitor = await new Visitor().signIn()
    pass(95)
    const page = await visitor.page()
    expect(page).toContain('11 hours 58 minutes<')
    expect(page).toContain('30 minutes<')
  })

  it('names whole limits after a sign-in that ended all others', async () => {
    const visitor = await new Visitor().signIn()
    expectRedirect(await visitor.post('/sign-out-others', { password: 'demo' }), '/')
    const page = await visitor.page()
    expect(page).toContain('30 minutes<')
    expect(page).toContain('>30:00<')
  })

  it.each([
    { username: 'ada', password: 'wrong' },
    { username: 'nobody', password: 'demo' },
    { username: '<b>', password: '' },
    {},
  ])('answers 401 with the form to %o', async (fields) => {
    const visitor = new Visitor()
    const response = await visitor.post('/sign-in', fields)
    expect(response.status).toBe(401)
    expect(namesSet(response)).toEqual([])
    const page = await response.text()
    expect(page).toContain('action="/sign-in"')
    expect(page).toContain('Wrong username or password.')
    expect(page).not.toContain('<b>')
  })

  it('names the limits of a remembered session when it is over, and only those', async () => {
    const visitor = await browser().signIn('grace', { remember: 'on' })
    pass(7 * 24 * HOUR)
    const page = await visitor.page('/ended?reason=idle')
    expect(page).toContain('after 7 days without activity.')
    expect(page).not.toContain('30 minutes')
    const short = await browser().signIn()
    pass(30 * MINUTE)
    expect(await short.page()).toContain('after 30 minutes without activity.')
  })

  it('keeps the session beyond the browser if asked to', async () => {
    const visitor = await new Visitor().signIn('grace', { remember: 'on' })
    const page = await visitor.page()
    expect(page).toContain('7 days')
    expect(page).toContain('30 days')
    expect(page).toContain('you stay signed in')
    visitor.jar.close()
    expect(await visitor.me()).toMatchObject({ subject: 'grace' })
    pass(6 * 24 * HOUR)
    expect(await visitor.me()).toMatchObject({ subject: 'grace' })
  })

  it('begins a new session, and the cookies from before are dead', async () => {
    const visitor = await new Visitor().signIn()
    const before = visitor.copy()
    await visitor.signIn()
    expect(visitor.jar.get(SESSION)).not.toBe(before.jar.get(SESSION))
    expect(await before.me()).toEqual({ ended: 'revoked' })
    expect(await visitor.me()).toMatchObject({ subject: 'ada' })
  })

  it.each([
    ['/sign-in', '/'],
    ['/sign-out', '/'],
    ['/note', '/'],
    ['/sign-out-others', '/'],
    ['/sessions/confirm', '/sessions'],
    ['/sessions/end', '/sessions'],
    ['/admin/sign-out-subject', '/admin'],
  ])('leads from the address of the form %s to the page %s', async (form, page) => {
    const visitor = await new Visitor().signIn()
    expectRedirect(await visitor.get(form), page)
    expect((await visitor.get(page)).status).toBe(200)
  })

  it('is refused to other sites', async () => {
    const body = new URLSearchParams({ username: 'ada', password: 'demo' })
    for (const headers of [{}, { origin: 'https://evil.example' }]) {
      const request = new Request(`${SITE}/sign-in`, { method: 'POST', body, headers })
      expect((await worker.fetch(request)).status).toBe(403)
    }
    const headers = { origin: 'https://evil.example', accept: 'text/html' }
    const request = new Request(`${SITE}/sign-in`, { method: 'POST', body, headers })
    const response = await worker.fetch(request)
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('did not come from this site')
  })

  it('answers 400 to a body that is not a form', async () => {
    const headers = { origin: SITE, 'content-type': 'multipart/form-data; boundary=x' }
    const request = new Request(`${SITE}/sign-in`, { method: 'POST', body: 'not that', headers })
    expect((await worker.fetch(request)).status).toBe(400)
  })
})

describe('where the browser refuses Secure cookies', () => {
  /** Safari, on the example under `wrangler dev`. */
  function safari(): Visitor {
    const visitor = Object.assign(browser(), { origin: 'http://localhost:8787' })
    const { jar } = visitor
    jar.store = (response, url) => {
      const lines = response.headers.getSetCookie().filter((line) => !/; Secure/i.test(line))
      for (const line of lines) jar.set(line, url)
    }
    return visitor
  }

  it('says so after a sign-in, and what to do', async () => {
    const visitor = await safari().signIn()
    const page = await visitor.page()
    expect(page).toContain('your browser did not keep the session')
    expect(page).toContain('Safari')
    expect(page).toContain('npm start -- --local-protocol https')
    pass(11)
    expect(await visitor.page()).not.toContain('Safari')
  })

  it('says nothing where the session came back, nor after the sign-out', async () => {
    const visitor = Object.assign(browser(), { origin: 'http://localhost:8787' })
    await visitor.signIn()
    const response = await visitor.get('/')
    expect(namesSet(response)).toEqual([ACTIVITY])
    expect(await response.text()).not.toContain('Safari')
    expectRedirect(await visitor.post('/sign-out'), SIGNED_OUT)
    expect(visitor.jar.names()).toEqual([])
    expect(await visitor.page()).not.toContain('Safari')
    await visitor.signIn()
    expect((await visitor.post('/session/sign-out')).status).toBe(200)
    expect(await visitor.page()).not.toContain('Safari')
  })
})

describe('/me', () => {
  it('tells the session in JSON', async () => {
    const visitor = await new Visitor().signIn()
    const signedInAt = instant
    await visitor.post('/note', { note: 'milk' })
    pass(90)
    const response = await visitor.get('/me')
    expect(response.headers.get('Content-Type')).toContain('application/json')
    const iso = (seconds: number) => new Date(signedInAt + seconds * 1000).toISOString()
    expect(await response.json()).toEqual({
      subject: 'ada',
      data: { note: 'milk' },
      createdAt: iso(0),
      lastActivityAt: iso(90),
      idleExpiresAt: iso(90 + 30 * MINUTE),
      absoluteExpiresAt: iso(12 * HOUR),
    })
  })

  it('sets exactly the activity cookie, which stays small with any data', async () => {
    const visitor = await new Visitor().signIn()
    await visitor.post('/note', { note: 'x'.repeat(2000) })
    const response = await visitor.get('/me')
    expect(namesSet(response)).toEqual([ACTIVITY])
    expect(response.headers.getSetCookie().join().length).toBeLessThanOrEqual(400)
  })

  it('is 401 with null for a visitor without a session', async () => {
    const response = await new Visitor().get('/me')
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ ended: null })
  })
})

describe('the end of a session', () => {
  it('comes after the idle timeout, not a second earlier', async () => {
    const visitor = await new Visitor().signIn()
    pass(30 * MINUTE - 1)
    expect(await visitor.me()).toMatchObject({ subject: 'ada' })
    pass(30 * MINUTE)
    const response = await visitor.get('/me')
    expect([response.status, await response.json()]).toEqual([401, { ended: 'idle' }])
    const page = await visitor.page()
    expect(page).toContain('Your session expired after 30 minutes without activity')
    expect(page).toContain('action="/sign-in"')
  })

  it('comes after the absolute timeout, however busy the session is', async () => {
    const visitor = await new Visitor().signIn()
    for (let quarters = 1; quarters < 48; quarters += 1) {
      pass(15 * MINUTE)
      await visitor.get('/me')
    }
    pass(15 * MINUTE - 1)
    expect(await visitor.me()).toMatchObject({ subject: 'ada' })
    pass(1)
    expect(await visitor.me()).toEqual({ ended: 'absolute' })
    expect(await visitor.page()).toContain('Your session ended 12 hours after the sign-in')
  })

  it('is told with the numbers of wrangler.toml', async () => {
    const short = { ...bindings, IDLE_TIMEOUT: '45', ABSOLUTE_TIMEOUT: '5400' }
    const visitor = await visitorWith(short).signIn()
    expect(await visitor.page()).toContain('1 hour 30 minutes')
    pass(45)
    expect(await visitor.page()).toContain('expired after 45 seconds without activity')
  })

  it('is told apart for every other reason', async () => {
    const visitor = await new Visitor().signIn()
    const revoked = visitor.copy()
    await visitor.post('/sign-out')
    expect(await revoked.page()).toContain('ended by a sign-out')

    const rotated = await new Visitor().signIn()
    rotated.env = { ...bindings, SESSION_KEYS: 'YW5vdGhlciBrZXkgb2YgdGhlIHRlc3RzLCAzMiBieXQ' }
    expect(await rotated.me()).toEqual({ ended: 'unknown-key' })
    expect(await rotated.page()).toContain('a key that is no longer in use')

    const damaged = await new Visitor().signIn()
    const token = damaged.jar.get(SESSION) ?? ''
    const at = token.length - 30
    const flipped = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
    damaged.jar.set(`${SESSION}=${flipped}; Path=/; Secure; HttpOnly`, SITE)
    expect(await damaged.me()).toEqual({ ended: 'invalid' })
    damaged.jar.set(`${SESSION}=rubbish; Path=/; Secure; HttpOnly`, SITE)
    expect(await damaged.me()).toEqual({ ended: 'malformed' })
    expect(await damaged.page()).toContain('a damaged session cookie')
  })
})

describe('the note', () => {
  it('is kept in the session', async () => {
    const visitor = await new Visitor().signIn()
    expectRedirect(await visitor.post('/note', { note: 'one\ntwo' }), '/')
    expect(await visitor.me()).toMatchObject({ data: { note: 'one\ntwo' } })
    expect(await visitor.page()).toContain('one\ntwo')
  })

  it('is empty when a file comes in its place', async () => {
    const visitor = await new Visitor().signIn()
    const body = new FormData()
    body.set('note', new File(['text'], 'note.txt'))
    const headers = { cookie: visitor.jar.headerFor(SITE), origin: SITE }
    const init: RequestInit = { method: 'POST', body, headers, redirect: 'manual' }
    visitor.jar.store(await worker.fetch(new Request(`${SITE}/note`, init)), SITE)
    expect(await visitor.me()).toMatchObject({ data: { note: '' } })
  })

  it('is said once to be saved', async () => {
    const visitor = await browser().signIn()
    await visitor.post('/note', { note: 'remember the milk' })
    expect(await visitor.page()).toContain('Your note is saved.')
    expect(await visitor.page()).not.toContain('Your note is saved.')
    await visitor.post('/note', { note: 'x'.repeat(100_000) })
    expect(await visitor.page()).not.toContain('Your note is saved.')
  })

  it('is shown as text, even if it looks like HTML', async () => {
    const visitor = await new Visitor().signIn()
    await visitor.post('/note', { note: '</textarea><script>alert(1)</script>' })
    expect(await visitor.page()).not.toContain('<script>')
  })

  it('answers 413 when it does not fit, and keeps the old one', async () => {
    const visitor = await new Visitor().signIn()
    await visitor.post('/note', { note: 'the old one' })
    const cookie = visitor.jar.get(SESSION)
    const response = await visitor.post('/note', { note: 'x'.repeat(100_000) })
    expect(response.status).toBe(413)
    expect(response.headers.has('Location')).toBe(false)
    const page = await response.text()
    expect(page).toContain('too long and was not saved. Shorten it to about 100,000')
    expect(page).toContain('xxxx')
    expect(page).toContain('the old one')
    expect(visitor.jar.get(SESSION)).toBe(cookie)
    expect(await visitor.me()).toMatchObject({ data: { note: 'the old one' } })
  })

  it('may outgrow the cookie, and other isolates read it', async () => {
    const visitor = await new Visitor().signIn()
    const small = visitor.jar.headerFor(SITE).length
    const note = 'ž'.repeat(16_000) + 'x'.repeat(32_000)
    expectRedirect(await visitor.post('/note', { note }), '/')
    // Takes the notice that the note is saved, which has a cookie of its own.
    await visitor.page()
    expect(visitor.jar.headerFor(SITE).length).toBeLessThan(small + 400)
    // Compared here, because a failure would print all of it.
    const isKept = async (by: Visitor) => ((await by.me()).data as { note?: string })?.note === note
    expect(await isKept(visitor)).toBe(true)

    // Another env has another manager, which remembers nothing of the data.
    const elsewhere = visitor.copy()
    elsewhere.env = { ...bindings }
    expect(await isKept(elsewhere)).toBe(true)
    expect((await elsewhere.page()).includes(note)).toBe(true)
    const copy = elsewhere.copy()
    expectRedirect(await elsewhere.post('/sign-out'), SIGNED_OUT)
    pass(MINUTE)
    for (const held of [copy, visitor]) expect(Object.keys(await held.me())).toEqual(['ended'])
    await elsewhere.signIn()
    expect(Object.keys((await elsewhere.me()).data as object)).toEqual([])
    expect((await elsewhere.page()).includes('xxxx')).toBe(false)
  })

  it('is a page for a while when its store cannot be reached', async () => {
    const visitor = await browser().signIn()
    await visitor.post('/note', { note: 'x'.repeat(64_000) })
    const { REVOCATIONS } = bindings
    const get = async (key: string | string[], options: object) => {
      if (typeof key === 'string' && key.startsWith('session-data/')) throw new Error('away')
      return REVOCATIONS.get(key as string, options)
    }
    const troubled = Object.assign(Object.create(REVOCATIONS), { get })
    visitor.env = { ...bindings, REVOCATIONS: troubled }
    const page = await visitor.get('/')
    expect([page.status, page.headers.get('Retry-After')]).toEqual([503, '5'])
    expect(await page.text()).toContain('Your note cannot be reached at the moment.')
    visitor.env = { ...bindings }
    expect((await visitor.page()).includes('xxxx')).toBe(true)
  })

  it('is 401 when signed out: a page for a browser, JSON for the rest', async () => {
    const response = await new Visitor().post('/note', { note: 'x' })
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ error: 'sign-in-required', ended: null })
    const expired = await browser().signIn()
    pass(31 * MINUTE)
    const page = await expired.post('/note', { note: 'x' })
    expect(page.status).toBe(401)
    expect(page.headers.get('Content-Type')).toContain('text/html')
    expect(await page.text()).toContain('expired after 30 minutes')
  })
})

describe('signing out', () => {
  it('ends the session: a copy of its cookies is revoked at once', async () => {
    const visitor = await new Visitor().signIn()
    const copy = visitor.copy()
    expectRedirect(await visitor.post('/sign-out'), SIGNED_OUT)
    expect(await visitor.page(SIGNED_OUT)).toContain('You are signed out in every tab')
    expect(visitor.jar.names()).toEqual([])
    const response = await copy.get('/me')
    expect([response.status, await response.json()]).toEqual([401, { ended: 'revoked' }])
  })

  it('is 303 when signed out too', async () => {
    const response = await new Visitor().post('/sign-out')
    expectRedirect(response, SIGNED_OUT)
    expect(namesSet(response)).toEqual([])
  })

  it('elsewhere asks for the password, ends the other sessions and begins a new one', async () => {
    const visitor = await browser().signIn('grace')
    const other = await new Visitor().signIn('grace')
    const stranger = await new Visitor().signIn('ada')
    await visitor.post('/note', { note: 'mine' })
    const before = visitor.copy()
    for (const fields of [{}, { password: 'wrong' }]) {
      const refused = await visitor.post('/sign-out-others', fields as Record<string, string>)
      expect(refused.status).toBe(403)
      expect(await refused.text()).toContain('This is not your password.')
    }
    expect(await other.me()).toMatchObject({ subject: 'grace' })
    pass(10)
    expectRedirect(await visitor.post('/sign-out-others', { password: 'demo' }), '/')
    expect(await visitor.page()).toContain('All your other sessions are over.')
    expect(await visitor.me()).toMatchObject({
      subject: 'grace',
      data: { note: 'mine' },
    })
    const { createdAt } = await visitor.me()
    // A sign-in: it begins after the mark that ends the others, by every server's clock.
    expect(Date.parse(String(createdAt)) - instant).toBeLessThanOrEqual(1100)
    expect(Date.parse(String(createdAt))).toBeGreaterThanOrEqual(instant)
    expect(await before.me()).toEqual({ ended: 'revoked' })
    expect(await other.me()).toEqual({ ended: 'revoked' })
    expect(await stranger.me()).toMatchObject({ subject: 'ada' })
    pass(11)
    expect(await visitor.page()).not.toContain('All your other sessions')
  })

  it('elsewhere is 401 when signed out', async () => {
    expect((await new Visitor().post('/sign-out-others')).status).toBe(401)
  })
})

describe('coming back after the end', () => {
  const signIn = { username: 'ada', password: 'demo' }

  it('names the limit in numbers and offers the way back', async () => {
    const visitor = await browser().signIn()
    pass(30 * MINUTE)
    const page = await visitor.page('/ended?reason=idle&return=/letter')
    expect(page).toContain('after 30 minutes without activity')
    expect(page).toContain('This is the idle limit.')
    expect(page).toContain('href="/?return=%2Fletter"')
    expect(await visitor.page('/?return=%2Fletter')).toContain('name="return" value="/letter"')
    expectRedirect(await visitor.post('/sign-in', { ...signIn, return: '/letter' }), '/letter')
    expectRedirect(await visitor.get('/ended?reason=idle&return=/letter'), '/letter')
  })

  it('believes the cookie more than the address', async () => {
    const visitor = await browser().signIn()
    pass(12 * HOUR)
    const page = await visitor.page('/ended?reason=signed-out')
    expect(page).toContain('30 minutes')
    expect(await browser().page('/ended?reason=signed-out')).toContain('You are signed out')
    expect(await browser().page('/ended?reason=toString')).toContain('Your session is over')
  })

  it.each([
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'https://evil.example/',
    'evil.example',
    '/süß',
    '',
  ])('leads to no other site (%j)', async (path) => {
    const visitor = browser()
    const query = `return=${encodeURIComponent(path)}`
    expect(await visitor.page(`/?${query}`)).not.toContain('name="return"')
    expect(await visitor.page(`/ended?${query}`)).toContain('href="/">Sign in again')
    const failed = await visitor.post('/sign-in', { username: 'ada', return: path })
    expect(await failed.text()).not.toContain('name="return"')
    expectRedirect(await visitor.post('/sign-in', { ...signIn, return: path }), '/')
    expectRedirect(await visitor.get(`/ended?${query}`), '/')
  })

  it('keeps the way back through a failed sign-in and from a page that needs one', async () => {
    const visitor = browser()
    const page = await visitor.get('/letter')
    expect(page.status).toBe(401)
    expect(await page.text()).toContain('name="return" value="/letter"')
    const failed = await visitor.post('/sign-in', { username: 'ada', return: '/letter?seconds=1' })
    expect(await failed.text()).toContain('name="return" value="/letter?seconds=1"')
  })
})

describe('a page that was made for somebody else', () => {
  const tagIn = (page: string): string =>
    / name="session-subject" value="([\w-]{22})"/.exec(page)?.[1] ?? 'none'

  it('changes nothing of who has signed in since, and its text is not shown', async () => {
    const visitor = await browser().signIn('grace')
    const tag = tagIn(await visitor.page())
    await visitor.signIn('ada')
    await visitor.post('/note', { note: 'of ada' })
    const fields = { 'session-subject': tag, note: 'of grace', password: 'demo', subject: 'grace' }
    for (const path of ['/note', '/sign-out', '/sign-out-others', '/admin/sign-out-all']) {
      const response = await visitor.post(path, fields)
      expect(response.status).toBe(409)
      const page = await response.text()
      expect(page).toContain('Somebody else has signed in')
      expect(page).not.toContain('of grace')
    }
    expect(await visitor.me()).toMatchObject({ subject: 'ada', data: { note: 'of ada' } })
    visitor.asPage = false
    const response = await visitor.post('/note', fields)
    expect([response.status, await response.json()]).toEqual([409, { error: 'other-subject' }])
  })

  it('is any page that has a form', async () => {
    const visitor = await browser().signIn()
    for (const path of ['/', '/letter', '/admin']) {
      const page = await visitor.page(path)
      const forms = page.match(/<form method="post"/g)?.length
      expect(page.match(/name="session-subject"/g)?.length).toBe(forms)
    }
  })

  it('is said to be one when it is left for the page of the end', async () => {
    const visitor = await browser().signIn('ada')
    const page = await visitor.page('/ended?reason=other-subject&return=/letter')
    expect(page).toContain('Somebody else has signed in')
    expect(page).toContain('Go on as Ada')
  })
})

describe('a note that comes when the session is over', () => {
  async function refusedNote() {
    const visitor = await browser().signIn('grace')
    const [, tag = ''] = / name="session-subject" value="([^"]+)"/.exec(await visitor.page()) ?? []
    pass(31 * MINUTE)
    const response = await visitor.post('/note', { note: 'dear diary', 'session-subject': tag })
    expect(response.status).toBe(401)
    const page = await response.text()
    expect(page).toContain('Your note, not saved yet')
    expect(page).toContain('dear diary')
    expect(page).toContain(`name="note-of" value="${tag}"`)
    return { visitor, fields: { note: 'dear diary', 'note-of': tag } }
  }

  it('is saved when the same person signs in, also after a wrong password', async () => {
    const { visitor, fields } = await refusedNote()
    const wrong = await visitor.post('/sign-in', { username: 'grace', password: 'x', ...fields })
    expect(await wrong.text()).toContain('dear diary')
    await visitor.signIn('grace', fields)
    expect(await visitor.page()).toContain('Your note is saved.')
    expect(await visitor.me()).toMatchObject({ subject: 'grace', data: { note: 'dear diary' } })
  })

  it('is not saved for somebody else', async () => {
    const { visitor, fields } = await refusedNote()
    await visitor.signIn('ada', fields)
    expect(await visitor.me()).toMatchObject({ subject: 'ada', data: {} })
  })
})

describe('the requests that the page makes by itself', () => {
  it('slides nothing and sets no cookie', async () => {
    const visitor = await new Visitor().signIn()
    pass(25)
    const headers = { cookie: visitor.jar.headerFor(SITE), 'session-activity': 'passive' }
    const unread = await worker.fetch(new Request(`${SITE}/unread`, { headers }))
    expect(await unread.json()).toEqual({ unread: 2 })
    const status = await visitor.get('/session')
    expect(await status.json()).toMatchObject({ signedIn: true, ended: null })
    expect([...namesSet(unread), ...namesSet(status)]).toEqual([])
    expect((await new Visitor().get('/unread')).status).toBe(401)
  })

  it('is behind no form: a touch and a sign-out need the own origin only', async () => {
    const visitor = await new Visitor().signIn()
    expect((await visitor.post('/session/touch')).status).toBe(200)
    expect((await visitor.post('/session/sign-out')).status).toBe(200)
    expect(await visitor.me()).toEqual({ ended: null })
  })
})

describe('the administration', () => {
  const POSTS = ['/admin/sign-out-subject', '/admin/sign-out-all']

  it('is 401 when signed out', async () => {
    const visitor = new Visitor()
    expect((await visitor.get('/admin')).status).toBe(401)
    for (const path of POSTS) expect((await visitor.post(path)).status).toBe(401)
    const page = await browser().get('/admin')
    expect(page.status).toBe(401)
    expect(await page.text()).toContain('action="/sign-in"')
  })

  it('is 403 for everybody but ada', async () => {
    const visitor = await browser().signIn('grace')
    const page = await visitor.get('/admin')
    expect(page.status).toBe(403)
    expect(await page.text()).toContain('For administrators only')
    for (const path of POSTS) {
      expect((await visitor.post(path, { subject: 'grace' })).status).toBe(403)
    }
    expect(await visitor.me()).toMatchObject({ subject: 'grace' })
  })

  it('needs a sign-in of the last 5 minutes', async () => {
    const visitor = await new Visitor().signIn()
    pass(5 * MINUTE - 1)
    const page = await visitor.page('/admin')
    expect(page).toContain('Sign out grace')
    expect(page).toContain('Sign everybody out')
    pass(1)
    expectRedirect(await visitor.get('/admin'), '/?again&return=%2Fadmin')
    for (const path of POSTS) {
      const response = await visitor.post(path, { subject: 'grace' })
      expect(response.status).toBe(403)
      expect(await response.json()).toEqual({ error: 'recent-sign-in-required' })
    }
    expect(await visitor.page('/?again')).toContain('needs a sign-in of the last 5 minutes')
    await visitor.signIn()
    expect((await visitor.get('/admin')).status).toBe(200)
  })

  it('shows a browser the form in place of that JSON', async () => {
    const visitor = await browser().signIn()
    pass(5 * MINUTE)
    const response = await visitor.post('/admin/sign-out-all')
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('needs a sign-in of the last 5 minutes')
  })

  it('ends all sessions of a user, and the user can sign in again at once', async () => {
    const ada = await browser().signIn()
    const graces = await Promise.all([1, 2, 3].map(() => new Visitor().signIn('grace')))
    expectRedirect(await ada.post('/admin/sign-out-subject', { subject: 'grace' }), '/admin')
    expect(await ada.page('/admin')).toContain('Every session that this user had is over.')
    for (const grace of graces) expect(await grace.me()).toEqual({ ended: 'revoked' })
    const [grace] = graces
    await grace?.signIn('grace')
    expect(await grace?.me()).toMatchObject({ subject: 'grace' })
  })

  it('takes only names of users', async () => {
    const ada = await new Visitor().signIn()
    const response = await ada.post('/admin/sign-out-subject', { subject: '' })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('Which user?')
    for (const subject of ['x'.repeat(3000), 'süß/../all', '\u0000', 'nobody']) {
      const response = await ada.post('/admin/sign-out-subject', { subject })
      expect(response.status).toBe(400)
      expect(await response.text()).toContain('There is no user with this name.')
    }
    expect(await ada.me()).toMatchObject({ subject: 'ada' })
  })

  it('ends everybody, the administrator included', async () => {
    const ada = await new Visitor().signIn()
    const grace = await new Visitor().signIn('grace')
    expectRedirect(await ada.post('/admin/sign-out-all'), '/admin')
    expect((await ada.get('/admin')).status).toBe(401)
    expect(await ada.me()).toEqual({ ended: 'revoked' })
    expect(await grace.me()).toEqual({ ended: 'revoked' })
    await grace.signIn('grace')
    expect(await grace.me()).toMatchObject({ subject: 'grace' })
  })
})

describe('while the revocation list cannot be reached', () => {
  const down = async () => {
    throw new Error('down')
  }
  const broken = (): Env => ({
    ...bindings,
    REVOCATIONS: {
      ...{ get: down, put: down },
      ...{ list: down, getWithMetadata: down, delete: down },
    } as unknown as Env['REVOCATIONS'],
  })

  it('signs in and goes on for a while, then answers 503', async () => {
    const visitor = await visitorWith(broken()).signIn()
    pass(299)
    expect((await visitor.get('/me')).status).toBe(200)
    pass(1)
    const response = await visitor.get('/me')
    expect(response.status).toBe(503)
    expect(response.headers.get('Retry-After')).toBe('5')
    expect(await response.json()).toEqual({ error: 'revocation-unavailable' })
    visitor.asPage = true
    const page = await visitor.get('/')
    expect(page.status).toBe(503)
    expect(page.headers.get('Retry-After')).toBe('5')
    expect(await page.text()).toContain('cannot be reached at the moment')
  })

  it('clears the cookies at sign-out, and says that it was not recorded', async () => {
    const visitor = await visitorWith(broken()).signIn()
    const response = await visitor.post('/sign-out')
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('a copy of your cookies still works')
    expect(visitor.jar.names()).toEqual([])
  })

  it('does not open the administration because of an earlier check', async () => {
    const visitor = await visitorWith(broken()).signIn()
    expect((await visitor.get('/')).status).toBe(200)
    expect((await visitor.get('/admin')).status).toBe(503)
  })

  it.each(['/sign-in', '/sign-out-others', '/admin/sign-out-all', '/admin/sign-out-subject'])(
    'answers 503 to POST %s and changes nothing',
    async (path) => {
      const visitor = await visitorWith(broken()).signIn()
      const fields = { subject: 'grace', username: 'grace', password: 'demo' }
      const response = await visitor.post(path, fields)
      expect(response.status).toBe(503)
      expect(response.headers.has('Location')).toBe(false)
      visitor.env = undefined
      expect(await visitor.me()).toMatchObject({ subject: 'ada' })
    },
  )
})

describe('a mistake in the configuration', () => {
  async function errorOf(mistake: Partial<Record<keyof Env, unknown>>): Promise<string> {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const env = { ...bindings, ...mistake } as Env
    for (const path of ['/', '/me']) {
      const response = await app.fetch(new Request(SITE + path), env)
      expect(response.status).toBe(500)
      expect(await response.text()).toContain('Something went wrong')
    }
    const [error] = log.mock.calls[0] ?? []
    expect(error).toBeInstanceOf(TypeError)
    return String(error)
  }

  it.each(['', 'soon', '1.5', '-1', '0x10', ' 60', undefined])(
    'in a duration (%o) is a 500, and the log says what is wrong',
    async (value) => {
      expect(await errorOf({ IDLE_TIMEOUT: value })).toContain(
        'the var IDLE_TIMEOUT must be a whole number of seconds',
      )
    },
  )

  it.each([undefined, '', 'short', `${'s3cret'.repeat(7)}!`])(
    'in the keys (%o) is a 500, and the log says what to do and not what they are',
    async (keys) => {
      const message = await errorOf({ SESSION_KEYS: keys })
      expect(message).toContain('"keys"')
      if (keys) expect(message).not.toContain(keys)
    },
  )
})

describe('every page', () => {
  it('needs no inline script or style', async () => {
    const visitor = await browser().signIn()
    for (const path of ['/', '/?again', '/letter', '/admin', '/nowhere']) {
      const response = await visitor.get(path)
      const policy = response.headers.get('Content-Security-Policy')
      expect(policy).toContain("default-src 'none'")
      expect(policy).not.toContain('unsafe')
      // Forms need it: with 'no-referrer' their Origin is `null`, which csrf() refuses.
      expect(response.headers.get('Referrer-Policy')).toBe('same-origin')
      const page = await response.text()
      expect(page).toMatch(/^<!doctype html><html lang="en">/)
      expect(page).not.toMatch(/<script(?! type="module" src="\/)|<style|style=| on[a-z]+=/)
    }
  })

  it('links to the session as JSON only where there is one', async () => {
    const link = '<a href="/me">'
    const visitor = browser()
    for (const path of ['/', '/ended', '/nowhere'])
      expect(await visitor.page(path)).not.toContain(link)
    await visitor.signIn()
    expect(await visitor.page()).toContain(link)
  })

  it('is 404 where there is none, and shows who is signed in', async () => {
    expect((await new Visitor().get('/nowhere')).status).toBe(404)
    const visitor = await browser().signIn('grace')
    const response = await visitor.get('/nowhere')
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('<span class="who">grace</span>')
  })
})
