import { describe, expect, it } from 'vitest'
import type { SessionOptions } from '../../src/index.ts'
import { ACTIVITY, type AnyData, cookiesSet, setUp } from '../kit/visitor.ts'

const CROSS_SITE = { 'Sec-Fetch-Site': 'cross-site' }
const IMAGE = { ...CROSS_SITE, 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' }
const LINK = { ...CROSS_SITE, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' }
const FRAME = { ...LINK, 'Sec-Fetch-Dest': 'iframe' }
const FETCH = {
  ...CROSS_SITE,
  'Sec-Fetch-Mode': 'cors',
  'Sec-Fetch-Dest': 'empty',
  Origin: 'https://app.example',
}

/** What a request with these headers, 1,000 s after the sign-in, leaves of the idle timeout. */
async function slide(headers: Record<string, string>, options: Partial<SessionOptions<AnyData>>) {
  const { clock, visitor } = setUp({ recheckAfter: 3_600, ...options })
  await visitor.visit((session) => session.signIn('ada'))
  clock.pass(1_000)
  const answer = await visitor.visit(undefined, headers)
  const { subject, idleExpiresAt } = await visitor.see((session) => {
    session.skipTouch()
    return session
  })
  expect(subject).toBe('ada')
  const left = (Number(idleExpiresAt) - clock()) / 1000
  expect(cookiesSet(answer)).toEqual(left === 1_800 ? [ACTIVITY] : [])
  return left
}

const NONE = { cookie: { sameSite: 'none' } } as const

describe("with SameSite=None, a request of another site's page", () => {
  it.each([
    ['an image', IMAGE],
    ['a frame', FRAME],
    ['a document that is no navigation', { ...LINK, 'Sec-Fetch-Mode': 'no-cors' }],
    ['a fetch of a page that is not named', FETCH],
    ['a fetch of a page without an origin', { ...FETCH, Origin: 'null' }],
    ['a request that says nothing more', CROSS_SITE],
  ])('%s is verified and slides nothing', async (_, headers) => {
    expect(await slide(headers, NONE)).toBe(800)
  })

  it.each([
    ['a link', LINK],
    ['a form', { ...LINK, Origin: 'https://identity.example' }],
    ['a request of this site', { ...IMAGE, 'Sec-Fetch-Site': 'same-origin' }],
    ['a request of a neighbour', { ...FETCH, 'Sec-Fetch-Site': 'same-site' }],
    ['an address typed in', { ...LINK, 'Sec-Fetch-Site': 'none' }],
    ['a browser without these headers', {}],
  ])('%s counts', async (_, headers) => {
    expect(await slide(headers, NONE)).toBe(1_800)
  })

  it('counts from an origin that is named, and from no other', async () => {
    const options = { ...NONE, activityOrigins: ['https://b.example', 'https://app.example'] }
    expect(await slide(FETCH, options)).toBe(1_800)
    expect(await slide({ ...FETCH, Origin: 'https://app.example.evil.example' }, options)).toBe(800)
    expect(await slide(IMAGE, options)).toBe(800)
    expect(await slide({ ...FETCH, 'Session-Activity': 'passive' }, options)).toBe(800)
  })

  it('counts when the handler says so, and a sign-in always does', async () => {
    const { clock, visitor } = setUp(NONE)
    await visitor.visit((session) => session.signIn('ada'), LINK)
    clock.pass(1_000)
    await visitor.visit((session) => session.touch(), IMAGE)
    clock.pass(1_799)
    expect(await visitor.see(({ subject }) => subject)).toBe('ada')
  })

  it('does not depend on isActivity alone', async () => {
    expect(await slide(IMAGE, { ...NONE, isActivity: () => true })).toBe(800)
    expect(await slide(LINK, { ...NONE, isActivity: () => false })).toBe(800)
  })
})

describe('with any other SameSite', () => {
  it.each([['lax'], ['strict']] as const)(
    '%s, browsers decide what carries the cookies',
    async (sameSite) => {
      expect(await slide(IMAGE, { cookie: { sameSite } })).toBe(1_800)
    },
  )
})
