/** Security events of CAEP: what they end, and which are refused. */

import { describe, expect, it } from 'vitest'
import { securityEvents } from '../../src/logout.ts'
import { AUDIENCE, app, type Claims, ISSUER, jwks, live, sign, unsigned } from './provider.ts'

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type'
const REVOKED = `${CAEP}/session-revoked`
const CHANGED = `${CAEP}/credential-change`
const TYPE = { typ: 'secevent+jwt' }
const ADA = { format: 'iss_sub', iss: ISSUER, sub: 'ada' }

function receiver(options: object = {}) {
  const { clock, ...rest } = app()
  const receive = securityEvents({
    issuer: ISSUER,
    audience: AUDIENCE,
    jwks,
    now: clock,
    ...options,
  })
  const now = () => Math.floor(clock() / 1000)
  const event = (events: object, more: Claims = {}): Claims => ({
    iss: ISSUER,
    aud: AUDIENCE,
    iat: now(),
    jti: 'j1',
    sub_id: ADA,
    events,
    ...more,
  })
  const post = (body: string, contentType = 'application/secevent+jwt') =>
    receive(
      new Request('https://app.example/events', {
        method: 'POST',
        headers: { 'Content-Type': contentType, Accept: 'application/json' },
        body,
      }),
      rest.manager,
    )
  return { ...rest, clock, now, event, post }
}

describe('a security event', () => {
  it('session-revoked ends the sessions of the user', async () => {
    const { clock, event, post, signedIn } = receiver()
    const visitors = [await signedIn('ada'), await signedIn('grace')]
    clock.pass(1)
    const response = await post(await sign(event({ [REVOKED]: {} }), TYPE))
    expect([response.status, await response.text()]).toEqual([202, ''])
    expect(await live(...visitors)).toEqual([false, true])
  })

  it('session-revoked ends one session of the provider, if it names one', async () => {
    const { clock, event, post, signedIn } = receiver()
    const visitors = [await signedIn('ada', 's1'), await signedIn('ada', 's2')]
    clock.pass(1)
    const sub_id = { format: 'complex', user: ADA, session: { format: 'opaque', id: 's1' } }
    expect((await post(await sign(event({ [REVOKED]: {} }, { sub_id }), TYPE))).status).toBe(202)
    expect(await live(...visitors)).toEqual([false, true])
  })

  it.each([
    ['create', true],
    ['update', false],
    ['revoke', false],
    ['delete', false],
  ])('credential-change (%s) leaves the session: %s', async (change_type, isLive) => {
    const { clock, event, post, signedIn } = receiver()
    const visitor = await signedIn('ada')
    clock.pass(1)
    const events = { [CHANGED]: { change_type, credential_type: 'password' } }
    expect((await post(await sign(event(events), TYPE))).status).toBe(202)
    expect(await live(visitor)).toEqual([isLive])
  })

  it.each([
    ['in seconds', (now: number) => ({ event_timestamp: now }), {}],
    ['in milliseconds', (now: number) => ({ event_timestamp: now * 1000 + 999 }), {}],
    ['as toe', () => ({}), 'toe'],
  ])('ends what began until the instant of the event, %s', async (_, members, toe) => {
    const { clock, now, event, post, signedIn } = receiver()
    const before = await signedIn('ada')
    const instant = now()
    clock.pass(1_200)
    const after = await signedIn('ada')
    const claims = event({ [REVOKED]: members(instant) }, toe === 'toe' ? { toe: instant } : {})
    clock.pass(1_200)
    for (let i = 0; i < 2; i++) expect((await post(await sign(claims, TYPE))).status).toBe(202)
    expect(await live(before, after)).toEqual([false, true])
  })

  it('has its subject in the event in older transmitters, and subjectOf reads other formats', async () => {
    const { clock, event, post, signedIn } = receiver({
      subjectOf: ({ format, email }: Record<string, unknown>) =>
        format === 'email' && email === 'ada@example.com' ? 'ada' : undefined,
    })
    const visitor = await signedIn('ada')
    clock.pass(1)
    const subject = { format: 'email', email: 'ada@example.com' }
    const claims = event({ [REVOKED]: { subject } }, { sub_id: undefined })
    await post(await sign(claims, TYPE))
    expect(await live(visitor)).toEqual([false])
  })

  it.each([
    ['a verification', { 'https://schemas.openid.net/secevent/ssf/event-type/verification': {} }],
    ['another event', { [`${CAEP}/assurance-level-change`]: {} }],
  ])('that is %s is acknowledged, and ends nothing', async (_, events) => {
    const { event, post, state } = receiver()
    expect((await post(await sign(event(events), TYPE))).status).toBe(202)
    expect(state.writes).toBe(0)
  })

  it('about a user of another issuer, or an unknown one, ends nothing', async () => {
    const { event, post, state } = receiver()
    const sub_id = { ...ADA, iss: 'https://x' }
    expect((await post(await sign(event({ [REVOKED]: {} }, { sub_id }), TYPE))).status).toBe(202)
    expect(state.writes).toBe(0)
  })

  it('is answered with 503 when the list cannot be written', async () => {
    const { event, post, state } = receiver()
    state.isAway = true
    const response = await post(await sign(event({ [REVOKED]: {} }), TYPE))
    expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '5'])
  })

  it.each<
    [
      string,
      (event: (events: object, more?: Claims) => Claims, now: number) => Promise<string> | string,
    ]
  >([
    ['unsigned', (event) => unsigned(event({ [REVOKED]: {} }))],
    ['of another type', (event) => sign(event({ [REVOKED]: {} }), { typ: 'logout+jwt' })],
    ['without a type', (event) => sign(event({ [REVOKED]: {} }))],
    ['for another app', (event) => sign(event({ [REVOKED]: {} }, { aud: 'x' }), TYPE)],
    ['of another issuer', (event) => sign(event({ [REVOKED]: {} }, { iss: 'https://x' }), TYPE)],
    [
      'over a week old',
      (event, now) => sign(event({ [REVOKED]: {} }, { iat: now - 8 * 86_400 }), TYPE),
    ],
    ['from the future', (event, now) => sign(event({ [REVOKED]: {} }, { iat: now + 62 }), TYPE)],
    ['without events', (event) => sign({ ...event({}), events: undefined }, TYPE)],
    ['without a subject', (event) => sign(event({ [REVOKED]: {} }, { sub_id: undefined }), TYPE)],
  ])('is refused %s', async (_, make) => {
    const { event, now, post, signedIn, clock, state } = receiver()
    await signedIn('ada')
    clock.pass(1)
    const response = await post(await make(event, now()))
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      err: 'invalid_request',
      description: expect.any(String),
    })
    expect(state.writes).toBe(0)
  })

  it('is refused as a form', async () => {
    const { event, post } = receiver()
    const token = await sign(event({ [REVOKED]: {} }), TYPE)
    const response = await post(token, 'application/x-www-form-urlencoded')
    expect(await response.json()).toMatchObject({
      description: 'the content type must be application/secevent+jwt',
    })
  })
})
