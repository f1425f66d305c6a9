/**
 * What only the real thing can show: the example under `wrangler dev`, with its KV on disk, across
 * restarts and changes of keys.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateKey } from '../../src/index.ts'
import { WranglerDev } from './programs.ts'
import { Visitor } from './visitor.ts'

const SESSION = '__Host-Http-session'
const ACTIVITY = '__Host-Http-session-activity'
const REVOKED = [401, { ended: 'revoked' }]

const example = new WranglerDev()
const visitor = () => new Visitor(() => example.origin)
const older = generateKey()
const newer = generateKey()

/** The header of a seal names its key. */
function keyOf(token: string | undefined): string {
  const [header = ''] = (token ?? '').split('.')
  return JSON.parse(Buffer.from(header, 'base64url').toString()).kid.split('.')[0]
}

afterAll(() => example.end())

describe('the example under wrangler dev', () => {
  beforeAll(() => example.start(older))

  it('refuses a copy of signed-out cookies at once', async () => {
    const ada = await visitor().signIn('ada')
    const copy = ada.copy()
    expect(await copy.me()).toMatchObject([200, { subject: 'ada' }])
    expect((await ada.post('/sign-out')).status).toBe(303)
    expect(await copy.me()).toEqual(REVOKED)
  })

  it('forces a user out of three browsers, and the user can sign in again at once', async () => {
    const graces = [visitor(), visitor(), visitor()]
    for (const grace of graces) await grace.signIn('grace')
    const ada = await visitor().signIn('ada')
    expect((await ada.post('/admin/sign-out-subject', { subject: 'grace' })).status).toBe(303)
    for (const grace of graces) expect(await grace.me()).toEqual(REVOKED)
    expect(await ada.me()).toMatchObject([200, { subject: 'ada' }])
    const again = await visitor().signIn('grace')
    expect(await again.me()).toMatchObject([200, { subject: 'grace' }])
  })

  it('forces everybody out, the administrator included', async () => {
    const ada = await visitor().signIn('ada')
    const grace = await visitor().signIn('grace')
    expect((await ada.post('/admin/sign-out-all')).status).toBe(303)
    expect(await ada.me()).toEqual(REVOKED)
    expect(await grace.me()).toEqual(REVOKED)
    await ada.signIn('ada')
    expect(await ada.me()).toMatchObject([200, { subject: 'ada' }])
  })

  it('treats any cookie as a visitor with a reason, and never fails', async () => {
    const ada = await visitor().signIn('ada')
    const token = ada.jar.get(SESSION) ?? ''
    const foreign = [older, newer, token.slice(0, -20), `${token}x`, '%', '..', 'eyJ.a.b.c.d', '"']
    for (const value of [...foreign, 'x'.repeat(8000), '\u00ff']) {
      const headers = { cookie: `${SESSION}=${value}` }
      const response = await fetch(`${example.origin}/me`, { headers })
      expect(response.status).toBe(401)
      expect(await response.json()).toEqual({ ended: expect.any(String) })
    }
  })
})

describe('a restart', () => {
  it('loses no revocation and ends no session', async () => {
    const grace = await visitor().signIn('grace')
    const ada = await visitor().signIn('ada')
    const copy = ada.copy()
    await ada.post('/sign-out')
    await grace.post('/note', { note: 'still here' })

    // The copy's own last check is younger than RECHECK_AFTER.
    await example.start(older)
    expect(await grace.me()).toMatchObject([200, { data: { note: 'still here' } }])
    expect((await copy.copy().me())[0]).toBe(200)

    await example.start(older, { RECHECK_AFTER: '0' })
    expect(await grace.me()).toMatchObject([200, { data: { note: 'still here' } }])
    expect(await copy.me()).toEqual(REVOKED)
  })

  it('with a newer key goes on with the older ones until the key is gone', async () => {
    const idle = await visitor().signIn('grace')
    const busy = await visitor().signIn('ada')
    const olderId = keyOf(idle.jar.get(SESSION))

    await example.start(`${newer},${older}`)
    expect(await idle.me()).toMatchObject([200, { subject: 'grace' }])
    expect(keyOf(idle.jar.get(SESSION))).toBe(olderId)
    const newerId = keyOf(idle.jar.get(ACTIVITY))
    expect(newerId).not.toBe(olderId)
    await busy.post('/note', { note: 'a write' })
    expect(keyOf(busy.jar.get(SESSION))).toBe(newerId)

    await example.start(newer)
    expect(await idle.me()).toEqual([401, { ended: 'unknown-key' }])
    expect(await busy.me()).toMatchObject([200, { subject: 'ada' }])
  })

  it('with a bad key answers 500, and the log says what to do without printing it', async () => {
    await example.start(newer.slice(1))
    for (const path of ['/', '/me', '/nowhere']) {
      expect((await fetch(example.origin + path)).status).toBe(500)
    }
    await example.printed('"keys" must hold keys of 32 random bytes')
    await example.printed('generateKey()')
    expect(example.output).not.toContain(newer.slice(1))
  })
})
