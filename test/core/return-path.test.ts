import { type Context, Hono } from 'hono'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  requireRecentSignIn,
  requireSignIn,
  returnPath,
  type SessionEnv,
  type SignedInEnv,
  session,
} from '../../src/hono.ts'
import { type AnyData, setUp } from '../kit/visitor.ts'

const SITE = 'https://site.example'

/** Where a browser goes that opens `path`, is sent to the sign-in page, signs in, and is sent back. */
async function roundTrip(path: string, redirectTo = '/sign-in') {
  const app = new Hono()
    .use(session(setUp().manager))
    .post('/sign-in', async (c) => {
      await c.var.session.signIn('ada')
      return c.redirect(returnPath(c.req.query('return')), 303)
    })
    .all('*', requireSignIn({ redirectTo }), (c) => c.text('private'))
  const refused = await app.request(`${SITE}${path}`)
  expect(refused.status).toBe(303)
  const signInPage = new URL(refused.headers.get('Location') ?? '', SITE)
  const signedIn = await app.request(signInPage.href, { method: 'POST' })
  return {
    signInPage: signInPage.href.slice(SITE.length),
    back: new URL(signedIn.headers.get('Location') ?? '', signInPage).href,
  }
}

describe('redirectTo', () => {
  it.each([
    ['/account', '/sign-in?return=%2Faccount'],
    ['/', '/sign-in?return=%2F'],
    ['/search?q=a&b=c%26d', '/sign-in?return=%2Fsearch%3Fq%3Da%26b%3Dc%2526d'],
    ['/caf%C3%A9', '/sign-in?return=%2Fcaf%25C3%25A9'],
    ['/to//nowhere/', '/sign-in?return=%2Fto%2F%2Fnowhere%2F'],
  ])('keeps where the visitor wanted to go: %s', async (path, signInPage) => {
    expect(await roundTrip(path)).toEqual({ signInPage, back: `${SITE}${path}` })
  })

  it.each([
    ['/sign-in?lang=de', '/sign-in?lang=de&return=%2Faccount'],
    ['/#sign-in', '/?return=%2Faccount#sign-in'],
    ['/sign-in?return=/home', '/sign-in?return=/home'],
  ])('adds to the address that the app chose: %s', async (redirectTo, signInPage) => {
    expect((await roundTrip('/account', redirectTo)).signInPage).toBe(signInPage)
  })

  it.each([
    ['//evil.example'],
    ['//evil.example/%2e%2e'],
    ['/.//evil.example'],
    ['/..//evil.example'],
    ['/%2e//evil.example'],
    ['/\\evil.example'],
    ['/\\/evil.example'],
    ['/\t/evil.example'],
    ['/\n/evil.example'],
    [`/${'x'.repeat(2_000)}`],
  ])('keeps no path that leads elsewhere, or that is too long: %j', async (path) => {
    expect(await roundTrip(path)).toEqual({ signInPage: '/sign-in', back: `${SITE}/` })
  })

  it('keeps no path of a form, because it cannot be opened', async () => {
    const app = new Hono()
      .use(session(setUp().manager))
      .post('/transfer', requireSignIn({ redirectTo: '/sign-in' }), (c) => c.text('sent'))
    const refused = await app.request(`${SITE}/transfer`, { method: 'POST' })
    expect(refused.headers.get('Location')).toBe('/sign-in')
  })

  it('keeps it when a sign-in is too long ago', async () => {
    const { manager, visitor, clock } = setUp()
    await visitor.visit((one) => one.signIn('ada'))
    clock.pass(300)
    const app = new Hono()
      .use(session(manager))
      .get('/password', requireRecentSignIn(300, { redirectTo: '/again' }), (c) => c.text(''))
    const cookie = visitor.jar.headerFor(SITE)
    const refused = await app.request(`${SITE}/password`, { headers: { cookie } })
    expect(refused.headers.get('Location')).toBe('/again?return=%2Fpassword')
  })
})

describe('returnPath', () => {
  it.each([
    ['/', '/'],
    ['/a?b=//c#d', '/a?b=//c#d'],
    ['/a/../b', '/b'],
    ['/%2F%2Fevil.example', '/%2F%2Fevil.example'],
    ['/%5Cevil.example', '/%5Cevil.example'],
    ['/@evil.example', '/@evil.example'],
    ['/https://evil.example', '/https://evil.example'],
  ])('gives a path of this site: %s', (path, given) => {
    expect(returnPath(path)).toBe(given)
    expect(new URL(returnPath(path), SITE).origin).toBe(SITE)
  })

  it.each([
    ['//evil.example'],
    ['///evil.example'],
    ['/\\evil.example'],
    ['\\\\evil.example'],
    ['/\t/evil.example'],
    ['\t//evil.example'],
    ['/\r\n/evil.example'],
    ['/.//evil.example'],
    ['/./\\evil.example'],
    ['/a/..//evil.example'],
    ['/%2E//evil.example'],
    ['%2F%2Fevil.example'],
    ['https://evil.example'],
    ['https:evil.example'],
    ['javascript:alert(1)'],
    ['evil.example'],
    [' /evil'],
    ['/e vil'],
    ['/a\r\nSet-Cookie: a=b'],
    ['/\u{2215}evil.example'],
    [''],
    [undefined],
    [7],
    [['/a', '/b']],
  ])('gives the fallback for what is none: %j', (path) => {
    expect(returnPath(path)).toBe('/')
    expect(returnPath(path, '/home')).toBe('/home')
  })
})

describe('behind a guard', () => {
  it('the subject is a string', async () => {
    const { manager, visitor } = setUp()
    await visitor.visit((one) => one.signIn('ada'))
    type Env = SessionEnv<AnyData>
    const greet = (c: Context<Env & SignedInEnv>) => c.text(c.var.session.subject.toUpperCase())
    const app = new Hono<Env>()
    app.use(session(manager))
    app.get('/in', requireSignIn(), (c) => {
      expectTypeOf(c.var.session.subject).toEqualTypeOf<string>()
      expectTypeOf(c.var.session.signIn).toBeFunction()
      return c.text(c.var.session.subject)
    })
    app.get('/recent', requireRecentSignIn(300), (c) => {
      expectTypeOf(c.var.session.subject).toEqualTypeOf<string>()
      return c.text(c.var.session.subject)
    })
    app.get('/helper', requireSignIn(), (c) => greet(c))
    app.get('/free', (c) => {
      expectTypeOf(c.var.session.subject).toEqualTypeOf<string | undefined>()
      return c.text('')
    })
    const cookie = visitor.jar.headerFor(SITE)
    const see = async (path: string) =>
      (await app.request(`${SITE}${path}`, { headers: { cookie } })).text()
    expect(await see('/in')).toBe('ada')
    expect(await see('/recent')).toBe('ada')
    expect(await see('/helper')).toBe('ADA')
  })
})
