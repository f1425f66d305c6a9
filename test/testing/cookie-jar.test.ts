/** A jar that keeps and sends the cookies that a browser would. */

import { describe, expect, it } from 'vitest'
import { CookieJar, testClock } from '../../src/testing.ts'

const SITE = 'https://app.site.example/account/page'

function jarWith(line: string, url = SITE) {
  const now = testClock()
  const jar = new CookieJar(now)
  jar.set(line, url)
  return { jar, now }
}

describe('a cookie is sent', () => {
  it.each([
    // [Set-Cookie, set by, asked for, sent]
    ['a=1', SITE, 'https://app.site.example/account', true],
    ['a=1', SITE, 'https://app.site.example/account/x/y', true],
    ['a=1', SITE, 'https://app.site.example/accounts', false],
    ['a=1', SITE, 'https://app.site.example/', false],
    ['a=1; Path=/', SITE, 'https://app.site.example/other', true],
    ['a=1; Path=/admin', SITE, 'https://app.site.example/admin/x', true],
    ['a=1; Path=/admin', SITE, 'https://app.site.example/administrator', false],
    ['a=1; Path=/', SITE, 'https://site.example/', false],
    ['a=1; Path=/', SITE, 'https://other.site.example/', false],
    ['a=1; Path=/; Domain=site.example', SITE, 'https://other.site.example/', true],
    ['a=1; Path=/; Domain=.site.example', SITE, 'https://site.example/', true],
    ['a=1; Path=/; Domain=site.example', SITE, 'https://notsite.example/', false],
    ['a=1; Path=/; Domain=other.example', SITE, 'https://other.example/', false],
    ['a=1; Path=/', 'https://site.example/', SITE, false],
    ['a=1; Path=/; Secure', SITE, 'http://app.site.example/', false],
    ['a=1; Path=/; Secure', 'http://app.site.example/', SITE, false],
    ['a=1; Path=/; Secure', 'http://localhost:8787/', 'http://localhost:8787/', true],
    ['a=1; Path=/; SameSite=None', SITE, SITE, false],
    ['__Host-a=1; Path=/; Secure', SITE, SITE, true],
    ['__Host-a=1; Path=/', SITE, SITE, false],
    ['__Host-a=1; Path=/account; Secure', SITE, SITE, false],
    ['__Host-a=1; Path=/; Secure; Domain=app.site.example', SITE, SITE, false],
    ['__host-Http-a=1; Path=/; Secure', SITE, SITE, false],
    ['__Host-Http-a=1; Path=/; Secure; HttpOnly', SITE, SITE, true],
    ['__Http-a=1; Path=/; Secure', SITE, SITE, false],
    ['__Secure-a=1; Path=/', SITE, SITE, false],
    ['a=(4095 bytes); Path=/', SITE, SITE, true],
    ['a=(4096 bytes); Path=/', SITE, SITE, false],
  ])('%s, set by %s, to %s: %s', (text, by, to, sent) => {
    const line = text.replace(/\((\d+) bytes\)/, (_, bytes) => 'x'.repeat(Number(bytes)))
    expect(jarWith(line, by).jar.headerFor(to) !== '').toBe(sent)
  })

  it.each([
    ['Strict', [true, false, false]],
    ['Lax', [true, true, false]],
    ['None; Secure', [true, true, true]],
  ])('SameSite=%s by the cause of the request', (sameSite, sent) => {
    const { jar } = jarWith(`a=1; Path=/; SameSite=${sameSite}`)
    const causes = [undefined, { from: 'link' }, { from: 'request' }] as const
    expect(causes.map((cause) => jar.headerFor(SITE, cause) !== '')).toEqual(sent)
  })

  it('is Lax without SameSite', () => {
    expect(jarWith('a=1').jar.headerFor(SITE, { from: 'request' })).toBe('')
    expect(jarWith('a=1').jar.headerFor(SITE, { from: 'link' })).toBe('a=1')
  })

  it('with the longest path first', () => {
    const { jar } = jarWith('a=1; Path=/')
    jar.set('a=2; Path=/account', SITE)
    expect(jar.headerFor(SITE)).toBe('a=2; a=1')
  })
})

describe('a cookie expires', () => {
  it.each([
    ['Max-Age=60', 60],
    ['Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 60],
    ['Expires=Sun, 01 Mar 2026 12:01:00 GMT', 60],
    ['Max-Age=99999999', 34_560_000],
  ])('with %s', (attributes, seconds) => {
    const { jar, now } = jarWith(`a=1; ${attributes}`)
    now.pass(seconds - 1)
    expect(jar.names()).toEqual(['a'])
    now.pass(1)
    expect(jar.names()).toEqual([])
    expect(jar.get('a')).toBeUndefined()
    expect(jar.headerFor(SITE)).toBe('')
  })

  it('at once with Max-Age=0, and with a time that is past', () => {
    const { jar } = jarWith('a=1')
    jar.set('a=; Max-Age=0', SITE)
    expect(jar.names()).toEqual([])
    jar.set('a=1', SITE)
    jar.set('a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT', SITE)
    expect(jar.names()).toEqual([])
  })

  it('when the browser closes, unless it has a time', () => {
    const { jar } = jarWith('a=1')
    jar.set('b=1; Max-Age=60', SITE)
    jar.close()
    expect(jar.names()).toEqual(['b'])
  })
})

it('sends a request with its cookies and takes those of the answer', async () => {
  const { jar } = jarWith('a=1; Path=/')
  const seen: string[] = []
  const app = async (request: Request) => {
    seen.push(`${request.method} ${request.headers.get('cookie')} ${await request.text()}`)
    const headers = new Headers([
      ['Set-Cookie', 'b=2; Path=/'],
      ['Set-Cookie', 'a=; Path=/; Max-Age=0'],
    ])
    return new Response('ok', { headers })
  }
  const response = await jar.send(new Request(SITE, { method: 'POST', body: 'x' }), app)
  expect(await response.text()).toBe('ok')
  await jar.send(new Request(SITE), app)
  await new CookieJar().send(new Request(SITE), app)
  expect(seen).toEqual(['POST a=1 x', 'GET b=2 ', 'GET null '])
})

it('has copies that go their own way', () => {
  const { jar } = jarWith('a=1')
  const copy = jar.clone()
  jar.clear()
  expect(jar.names()).toEqual([])
  expect(copy.get('a')).toBe('1')
})
