/** Bound sessions behind the Hono middleware: the routes of the browser, and the guard. */

import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import {
  requireRecentProof,
  requireSignIn,
  type SessionEnv,
  session,
  sessionRoutes,
} from '../../src/hono.ts'
import { ACTIVITY, cookiesSet } from '../kit/visitor.ts'
import { BOUND, Device, LIFETIME, setUpBinding } from './device.ts'

const SITE = 'https://site.example'

/** An app, and a device whose requests go through it. */
async function setUpApp(options: Parameters<typeof setUpBinding>[0] = {}) {
  const site = setUpBinding(options)
  const { device, manager, clock } = site
  const app = new Hono<SessionEnv>()
  app.use(session(manager))
  app.get('/public', (c) => c.text('public'))
  app.route('/session', sessionRoutes({ now: clock }))
  app.use('/admin/*', requireRecentProof(20))
  app.use('/either/*', requireRecentProof(20, { unbound: 'pass' }))
  app.all('*', requireSignIn(), async (c) => c.text(`done: ${await c.req.text()}`))
  const send = async (path: string, init: RequestInit = {}) => {
    const skipped = await device.proveIfMissing()
    const cookie = device.visitor.jar.headerFor(SITE)
    const headers = { ...(init.headers as object), ...skipped, cookie }
    const answer = await app.fetch(new Request(`${SITE}${path}`, { ...init, headers }))
    device.visitor.jar.store(answer, SITE)
    return answer
  }
  return { ...site, app, send }
}

/** A device whose own requests reach the app, not the manager. */
function behind(app: Hono<SessionEnv>, device: Device): Device {
  const answerBinding = async (request: Request) => app.fetch(request)
  const manager = Object.freeze({ ...device.manager, answerBinding })
  return Object.assign(new Device(manager, device.visitor), {
    key: device.key,
    instructions: device.instructions,
  })
}

describe('sessionRoutes', () => {
  it('answers the browser, without a cookie but the bound one', async () => {
    const { app, device, clock } = await setUpApp()
    await device.signIn()
    clock.pass(LIFETIME)
    const answer = await behind(app, device).refresh()
    expect(cookiesSet(answer)).toEqual([BOUND])
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
  })

  it.each<[string, (app: Hono<SessionEnv>) => void]>([
    ['elsewhere', (app) => app.route('/auth', sessionRoutes())],
    ['nowhere', () => {}],
    ['behind a guard', (app) => app.use(requireSignIn()).route('/session', sessionRoutes())],
  ])('mounted %s, leave the browser its answers all the same', async (_, mount) => {
    const { device, manager, clock } = setUpBinding()
    const app = new Hono<SessionEnv>()
    app.use(session(manager))
    mount(app)
    const browser = behind(app, device)
    await browser.signIn()
    expect(await browser.see(({ bound }) => bound !== undefined)).toBe(true)
    clock.pass(LIFETIME)
    expect(cookiesSet(await browser.refresh())).toEqual([BOUND])
  })

  it('has no such routes in an app without the option', async () => {
    const { manager } = (await import('../kit/visitor.ts')).setUp()
    const app = new Hono<SessionEnv>()
    app.use(session(manager))
    app.route('/session', sessionRoutes())
    for (const path of ['register', 'refresh']) {
      const answer = await app.request(`${SITE}/session/${path}`, { method: 'POST' })
      expect(answer.status).toBe(404)
    }
  })

  it('says in its status that a session needs a proof', async () => {
    const { device, send } = await setUpApp()
    await device.signIn()
    const { instructions } = device
    device.instructions = undefined
    device.visitor.jar.set(`${BOUND}=; Max-Age=0; Path=/; Secure; HttpOnly`, SITE)
    const answer = await send('/session')
    expect(await answer.json()).toMatchObject({ signedIn: false, ended: 'unbound' })
    device.instructions = instructions
    expect(await (await send('/session')).json()).toMatchObject({ signedIn: true })
  })

  it('answers 503 and no status to a browser that could not prove', async () => {
    const { device, send, clock } = await setUpApp()
    await device.signIn()
    clock.pass(LIFETIME)
    device.proveIfMissing = async () => ({ 'Secure-Session-Skipped': 'unreachable' })
    for (const path of ['/session', '/session/touch', '/page']) {
      const method = path === '/session/touch' ? 'POST' : 'GET'
      const answer = await send(path, { method, headers: { origin: SITE } })
      expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '5'])
      expect(await answer.json()).toEqual({ error: 'proof-unavailable' })
    }
    expect((await send('/public')).status).toBe(200)
  })
})

describe('requireRecentProof', () => {
  it.each([
    [19, 200],
    [20, 307],
    [21, 307],
  ])('%i s after the proof answers %i', async (seconds, status) => {
    const { device, send, clock } = await setUpApp()
    await device.signIn()
    clock.pass(seconds)
    const answer = await send('/admin/force-out?id=7', { method: 'POST', body: 'grace' })
    expect(answer.status).toBe(status)
    if (status === 200) return
    expect(answer.headers.get('Location')).toBe('/admin/force-out?id=7')
    expect(cookiesSet(answer)).toEqual([ACTIVITY, `-${BOUND}`])
    expect(answer.headers.get('Cache-Control')).toBe('private, no-store')
    // The browser proves and sends it again.
    const again = await send('/admin/force-out?id=7', { method: 'POST', body: 'grace' })
    expect([again.status, await again.text()]).toEqual([200, 'done: grace'])
  })

  it('leaves a thief with a copy without an answer', async () => {
    const { app, device, clock } = await setUpApp()
    await device.signIn()
    const { jar } = device.visitor.copy()
    clock.pass(20)
    const send = async () => {
      const headers = { cookie: jar.headerFor(SITE) }
      const answer = await app.request(`${SITE}/admin/`, { method: 'POST', headers })
      jar.store(answer, SITE)
      return answer
    }
    expect((await send()).status).toBe(307)
    const second = await send()
    expect([second.status, await second.json()]).toEqual([
      401,
      { error: 'sign-in-required', ended: 'unbound' },
    ])
  })

  it('answers 403 to a session that is not bound, or lets it pass', async () => {
    const { visitor, send } = await setUpApp()
    await visitor.visit((session) => session.signIn('ada'))
    const answer = await send('/admin/')
    expect([answer.status, await answer.json()]).toEqual([403, { error: 'recent-proof-required' }])
    expect((await send('/either/')).status).toBe(200)
  })

  it('asks a bound session for a proof also where others pass', async () => {
    const { device, send, clock } = await setUpApp()
    await device.signIn()
    clock.pass(20)
    expect((await send('/either/')).status).toBe(307)
  })

  it('answers 401 to nobody', async () => {
    const { send } = await setUpApp()
    for (const path of ['/admin/', '/either/']) expect((await send(path)).status).toBe(401)
  })

  it('stays on this site whatever the path', async () => {
    const { device, clock, manager } = await setUpApp()
    await device.signIn()
    clock.pass(20)
    const app = new Hono<SessionEnv>()
    app.use(session(manager), requireRecentProof(20))
    for (const path of ['//evil.example/x', '///evil.example', '/\\evil.example', '/a//b?c=//d']) {
      const headers = { cookie: device.visitor.jar.headerFor(SITE) }
      const answer = await app.fetch(new Request(`${SITE}${path}`, { headers }))
      const target = new URL(answer.headers.get('Location') ?? '', SITE)
      expect(target.href).toBe(new URL(`${SITE}${path}`).href)
    }
  })

  it('says what is wrong with its arguments', () => {
    expect(() => requireRecentProof(19)).toThrow(
      new TypeError('"seconds" must be a whole number of seconds from 20 to 34560000; got 19'),
    )
    expect(() => requireRecentProof(20, { unbound: 'let' as never })).toThrow(
      new TypeError(`"unbound" must be 'pass' or 'refuse'; got a string`),
    )
    expect(() => requireRecentProof(20, { unbond: 'pass' } as never)).toThrow(TypeError)
  })
})
