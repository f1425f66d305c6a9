/** Logout tokens: what they end, and which are refused. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { backChannelLogout } from '../../src/logout.ts'
import {
  AUDIENCE,
  app,
  type Claims,
  ISSUER,
  jwks,
  live,
  sign,
  signByAnother,
  unsigned,
} from './provider.ts'

const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} }
const TYPE = { typ: 'logout+jwt' }

function receiver(options: object = {}) {
  const { clock, ...rest } = app()
  const logout = backChannelLogout({
    issuer: ISSUER,
    audience: AUDIENCE,
    jwks,
    now: clock,
    ...options,
  })
  const claims = (more: Claims = {}): Claims => ({
    iss: ISSUER,
    aud: AUDIENCE,
    iat: Math.floor(clock() / 1000),
    exp: Math.floor(clock() / 1000) + 120,
    jti: 'j1',
    events: EVENTS,
    sub: 'ada',
    ...more,
  })
  const post = (token: string, headers: Record<string, string> = {}) =>
    logout(
      new Request('https://app.example/logout', {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams({ logout_token: token }).toString(),
      }),
      rest.manager,
    )
  return { ...rest, clock, logout, claims, post }
}

describe('a logout token', () => {
  it('ends all sessions of its sub that began before it', async () => {
    const { clock, claims, post, signedIn } = receiver()
    const visitors = [await signedIn('ada', 's1'), await signedIn('ada'), await signedIn('grace')]
    clock.pass(5)
    const response = await post(await sign(claims(), TYPE))
    expect(response.status).toBe(200)
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(await response.text()).toBe('')
    expect(await live(...visitors)).toEqual([false, false, true])
    clock.pass(1)
    expect(await live(await signedIn('ada'))).toEqual([true])
  })

  it('ends the sessions of its sid, and no others', async () => {
    const { clock, claims, post, signedIn } = receiver()
    const visitors = [
      await signedIn('ada', 's1'),
      await signedIn('ada', 's2'),
      await signedIn('ada'),
    ]
    clock.pass(5)
    expect((await post(await sign(claims({ sid: 's1' }), TYPE))).status).toBe(200)
    expect(await live(...visitors)).toEqual([false, true, true])
    expect((await post(await sign(claims({ sid: 's2', sub: undefined }), TYPE))).status).toBe(200)
    expect(await live(...visitors)).toEqual([false, false, true])
  })

  it('ends a session that began in the second of its iat', async () => {
    const { clock, claims, post, signedIn } = receiver()
    const visitor = await signedIn('ada')
    expect(clock() % 1000).toBeGreaterThan(0)
    await post(await sign(claims({ iat: Math.floor(clock() / 1000) }), TYPE))
    expect(await live(visitor)).toEqual([false])
  })

  it('that comes late does not end a newer sign-in, and one that comes twice does no more than once', async () => {
    const { clock, claims, post, signedIn } = receiver()
    const before = [await signedIn('ada'), await signedIn('ada', 's1')]
    clock.pass(2)
    const tokens = [
      await sign(claims({ exp: undefined }), TYPE),
      await sign(claims({ exp: undefined, sid: 's1' }), TYPE),
    ]
    clock.pass(60)
    const after = [await signedIn('ada'), await signedIn('ada', 's1')]
    for (const token of [...tokens, ...tokens]) expect((await post(token)).status).toBe(200)
    expect(await live(...before)).toEqual([false, false])
    expect(await live(...after)).toEqual([true, true])
  })

  it('with wholeSubject ends all sessions of its sub, whatever its sid', async () => {
    const { clock, claims, post, signedIn } = receiver({ wholeSubject: true })
    const visitor = await signedIn('ada')
    clock.pass(1)
    await post(await sign(claims({ sid: 's1' }), TYPE))
    expect(await live(visitor)).toEqual([false])
  })

  it('names a subject of the app by subjectOf', async () => {
    const subjects: Record<string, string> = { 'op|1': 'ada' }
    const { clock, claims, post, signedIn, state } = receiver({
      subjectOf: async (sub: string) => subjects[sub],
    })
    const visitor = await signedIn('ada')
    clock.pass(1)
    expect((await post(await sign(claims({ sub: 'op|2' }), TYPE))).status).toBe(200)
    expect(state.writes).toBe(0)
    await post(await sign(claims({ sub: 'op|1' }), TYPE))
    expect(await live(visitor)).toEqual([false])
  })

  it.each([
    ['no type', {}],
    ['the type of plain JWTs', { typ: 'JWT' }],
    ['its type written in full', { typ: 'application/logout+JWT' }],
  ])('may have %s', async (_, header) => {
    const { claims, post } = receiver()
    expect((await post(await sign(claims(), header))).status).toBe(200)
  })

  it('may have several audiences, and a clock that is a minute ahead', async () => {
    const { clock, claims, post } = receiver()
    const iat = Math.floor(clock() / 1000) + 60
    const token = await sign(claims({ aud: ['x', AUDIENCE], iat }), TYPE)
    expect((await post(token)).status).toBe(200)
  })

  it('is answered with 503 when the list cannot be written, and then again with success', async () => {
    const { clock, claims, post, signedIn, state } = receiver()
    const visitor = await signedIn('ada')
    clock.pass(1)
    const token = await sign(claims(), TYPE)
    state.isAway = true
    const response = await post(token)
    expect(response.status).toBe(503)
    expect(response.headers.get('Retry-After')).toBe('5')
    expect(await live(visitor)).toEqual([true])
    state.isAway = false
    expect((await post(token)).status).toBe(200)
    expect(await live(visitor)).toEqual([false])
  })
})

describe('a logout token is refused', () => {
  type Make = (claims: (more?: Claims) => Claims, now: number) => Promise<string> | string
  const HOUR = 3_600
  const bad: [string, Make, string][] = [
    ['unsigned', (claims) => unsigned(claims()), 'the token could not be verified'],
    ['signed by another', (claims) => signByAnother(claims()), 'the token could not be verified'],
    [
      'damaged',
      async (claims) => `${await sign(claims(), TYPE)}x`,
      'the token could not be verified',
    ],
    ['empty', () => '', 'the token could not be verified'],
    [
      'of an unknown key',
      (claims) => sign(claims(), { ...TYPE, kid: 'two' }),
      'the token could not be verified',
    ],
    [
      'with critical members',
      (claims) => sign(claims(), { ...TYPE, crit: ['http://x/unknown'], 'http://x/unknown': 1 }),
      'the token could not be verified',
    ],
    [
      'for another app',
      (claims) => sign(claims({ aud: 'x' }), TYPE),
      'the claim "aud" of the token is wrong',
    ],
    [
      'for nobody',
      (claims) => sign(claims({ aud: undefined }), TYPE),
      'the claim "aud" of the token is wrong',
    ],
    [
      'of another issuer',
      (claims) => sign(claims({ iss: 'https://x' }), TYPE),
      'the claim "iss" of the token is wrong',
    ],
    [
      'past its exp',
      (claims, now) => sign(claims({ exp: now - 61 }), TYPE),
      'the token is too old',
    ],
    [
      'hours old, without exp',
      (claims, now) => sign(claims({ iat: now - 3 * HOUR, exp: undefined }), TYPE),
      'the token is too old',
    ],
    [
      'hours old, with exp',
      (claims, now) => sign(claims({ iat: now - 3 * HOUR, exp: now + HOUR }), TYPE),
      'the token is too old',
    ],
    [
      'from the future',
      (claims, now) => sign(claims({ iat: now + 62 }), TYPE),
      'the claim "iat" of the token is wrong',
    ],
    [
      'without iat',
      (claims) => sign(claims({ iat: undefined }), TYPE),
      'the claim "iat" of the token is wrong',
    ],
    [
      'of another type',
      (claims) => sign(claims(), { typ: 'at+jwt' }),
      'the token has another type',
    ],
    [
      'a security event',
      (claims) => sign(claims(), { typ: 'secevent+jwt' }),
      'the token has another type',
    ],
    ['with a nonce', (claims) => sign(claims({ nonce: 'n' }), TYPE), 'a logout token has no nonce'],
    [
      'without events',
      (claims) => sign(claims({ events: undefined }), TYPE),
      'the token has no events',
    ],
    [
      'with events that are a list',
      (claims) => sign(claims({ events: [] }), TYPE),
      'the token has no events',
    ],
    [
      'about something else',
      (claims) => sign(claims({ events: { x: {} } }), TYPE),
      'the token is not about a logout',
    ],
    [
      'with an event that is no object',
      (claims) => sign(claims({ events: { [Object.keys(EVENTS)[0] ?? '']: true } }), TYPE),
      'the token is not about a logout',
    ],
    [
      'about nobody',
      (claims) => sign(claims({ sub: undefined }), TYPE),
      'the token has no sub and no sid',
    ],
    [
      'about a number',
      (claims) => sign(claims({ sub: undefined, sid: 5 }), TYPE),
      'the token has no sub and no sid',
    ],
  ]
  it.each(bad)('%s', async (_, make, message) => {
    const { clock, claims, post, signedIn, state } = receiver()
    const visitor = await signedIn('ada', 's1')
    clock.pass(1)
    const response = await post(await make(claims, Math.floor(clock() / 1000)))
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: 'invalid_request', error_description: message },
    ])
    expect(state.writes).toBe(0)
    expect(await live(visitor)).toEqual([true])
  })

  it('in another request than the specification has', async () => {
    const { claims, post, logout, manager } = receiver()
    const token = await sign(claims(), TYPE)
    const json = await post(token, { 'Content-Type': 'application/json' })
    expect(json.status).toBe(400)
    const get = await logout(new Request(`https://app.example/?logout_token=${token}`), manager)
    expect(get.status).toBe(400)
    const put = new Request('https://app.example/', {
      method: 'PUT',
      body: new URLSearchParams({ logout_token: token }),
    })
    expect(await (await logout(put, manager)).json()).toMatchObject({
      error_description: 'the method must be POST',
    })
    const long = await post(`${token}${'x'.repeat(70_000)}`)
    expect(await long.json()).toMatchObject({ error_description: 'the body is too long' })
  })
})

describe('the keys of the provider', () => {
  it('are fetched, and 503 is the answer while that fails', async () => {
    let isAway = true
    const server = createServer((_, response) => {
      response.statusCode = isAway ? 500 : 200
      response.end(JSON.stringify(jwks))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      const { claims, post } = receiver({ jwks: `http://127.0.0.1:${port}/jwks` })
      const token = await sign(claims(), TYPE)
      expect((await post(token)).status).toBe(503)
      isAway = false
      expect((await post(token)).status).toBe(200)
    } finally {
      server.close()
    }
    const { claims, post } = receiver({ jwks: new URL(`http://127.0.0.1:${port}/jwks`) })
    expect((await post(await sign(claims(), TYPE))).status).toBe(503)
  })

  it('change: a token of a key that they had not a moment ago is to be sent again', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    let fetched = 0
    let keys: object[] = [{ ...jwks.keys[0], kid: 'old' }]
    const server = createServer((_, response) => {
      fetched++
      response.end(JSON.stringify({ keys }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      const { claims, post } = receiver({ jwks: `http://127.0.0.1:${port}/jwks` })
      const by = async (kid: string) => post(await sign(claims(), { ...TYPE, kid }))
      expect((await by('old')).status).toBe(200)
      keys = [...keys, ...jwks.keys]
      expect((await by('one')).status).toBe(503)
      vi.setSystemTime(Date.now() + 30_000)
      expect((await by('one')).status).toBe(200)
      // A key that is not among those just fetched is none of the provider's.
      vi.setSystemTime(Date.now() + 30_000)
      expect((await by('forged')).status).toBe(400)
      expect(fetched).toBe(3)
    } finally {
      vi.useRealTimers()
      server.close()
    }
  })
})

describe('mistakes', () => {
  const options = { issuer: ISSUER, audience: AUDIENCE, jwks }
  it.each([
    [{ ...options, issuer: undefined }, '"issuer" must be a non-empty string; got undefined'],
    [{ ...options, audience: ['x'] }, '"audience" must be a non-empty string; got an array'],
    [
      { ...options, jwks: 'jwks.json' },
      `"jwks" must be the URL of the provider's keys, or an object with "keys"; got a string`,
    ],
    [{ ...options, jwks: {} }, /"jwks" must be .*; got an object/],
    [{ ...options, subject: 'x' }, /no option "subject"/],
    [{ ...options, subjectOf: 'x' }, '"subjectOf" must be a function; got a string'],
  ])('are TypeErrors at set-up (%#)', (wrong, message) => {
    expect(() => backChannelLogout(wrong as never)).toThrow(message)
  })

  it('of the app while it serves are thrown', async () => {
    const failing = receiver({ subjectOf: () => Promise.reject(new Error('the database is away')) })
    const token = await sign(failing.claims(), TYPE)
    await expect(failing.post(token)).rejects.toThrow('the database is away')
  })
})
