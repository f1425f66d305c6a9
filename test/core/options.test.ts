import { describe, expect, it } from 'vitest'
import { createSessionManager, generateKey, memoryRevocationList } from '../../src/index.ts'

const create = (options: object) =>
  createSessionManager({
    keys: generateKey(),
    revocationList: memoryRevocationList(),
    ...options,
  } as never)

describe('createSessionManager refuses', () => {
  it.each([
    [
      { idleTimeout: 0 },
      '"idleTimeout" must be a whole number of seconds from 1 to 34560000; got 0',
    ],
    [
      { idleTimeout: '30' },
      '"idleTimeout" must be a whole number of seconds from 1 to 34560000; got a string',
    ],
    [{ idleTimeout: 1.5 }, /"idleTimeout" must be .*; got (1.5|Infinity)/],
    [{ idleTimeout: null }, /"idleTimeout" must be .*; got null/],
    [{ idleTimeout: Infinity }, /"idleTimeout" must be .*; got (1.5|Infinity)/],
    [{ absoluteTimeout: -1 }, /"absoluteTimeout" must be/],
    [{ absoluteTimeout: 34_560_001 }, /"absoluteTimeout" must be/],
    [{ remembered: { idleTimeout: 0 } }, /"remembered.idleTimeout" must be/],
    [
      { remembered: { days: 1 } },
      /"remembered" has no option "days"; there are idleTimeout, absoluteTimeout/,
    ],
    [
      { touchAfter: 1800 },
      '"touchAfter" must be less than the idle timeout, 1800 seconds, or no request could slide it',
    ],
    [{ recheckAfter: -1 }, /"recheckAfter" must be a whole number of seconds from 0/],
    [{ staleIfError: 'no' }, /"staleIfError" must be/],
    [
      { revocationTimeout: 0 },
      /"revocationTimeout" must be a whole number of seconds from 1 to 60/,
    ],
    [{ revocationList: undefined }, /"revocationList" must be a revocation list, .* or 'none'/],
    [{ revocationList: {} }, /"revocationList" must be .*; got an object/],
    [
      { keys: undefined },
      /"keys" must be a string, an array of strings or a function that gives one; got undefined/,
    ],
    [{ schema: {} }, /"schema" must be a Standard Schema/],
    [{ isActivity: true }, '"isActivity" must be a function; got a boolean'],
    [{ onEvent: 1 }, /"onEvent" must be a function/],
    [{ now: 0 }, /"now" must be a function/],
    [
      { maxAge: 3600 },
      /createSessionManager has no option "maxAge"; there are keys, revocationList/,
    ],
  ])('%j', (options, message) => {
    expect(() => create(options)).toThrow(TypeError)
    expect(() => create(options)).toThrow(message)
  })

  it('options that are none', () => {
    expect(() => createSessionManager(undefined as never)).toThrow(
      /must be an object; got undefined/,
    )
  })
})

describe('cookies that a browser would drop', () => {
  it.each([
    [
      { domain: 'example.com' },
      /"cookie.domain" and "cookie.path" need a "cookie.name" without "__Host-", such as "__Secure-session"/,
    ],
    [{ path: '/app' }, /need a "cookie.name" without "__Host-"/],
    [{ name: '__HOST-x', path: '/app' }, /need a "cookie.name" without "__Host-"/],
    [
      { secure: false, name: '__Secure-x' },
      /"cookie.secure" false needs a "cookie.name" without a prefix/,
    ],
    [{ secure: false, sameSite: 'none' }, /"cookie.sameSite" 'none' needs "cookie.secure"/],
    [{ secure: false, partitioned: true }, /"cookie.partitioned" needs "cookie.secure"/],
    [{ path: 'app', name: 's' }, /"cookie.path" must begin with "\/"/],
    [{ name: 'a b' }, /"cookie.name" must be/],
    [{ name: '' }, /"cookie.name" must be/],
    [{ sameSite: 'Lax' }, /"cookie.sameSite" must be 'lax', 'strict' or 'none'/],
    [{ domain: 'a;b', name: 's' }, /"cookie.domain" must be a host name/],
    [{ domain: 'a\n.b', name: 's' }, /"cookie.domain" must be a host name/],
    [{ path: '/a;b', name: 's' }, /"cookie.path" has a character that a header cannot hold/],
    [{ path: '/a\r\nSet-Cookie: x', name: 's' }, /"cookie.path" has a character/],
    [{ maxAge: 1 }, /"cookie" has no option "maxAge"/],
  ])('are refused: %j', (cookie, message) => {
    expect(() => create({ cookie })).toThrow(TypeError)
    expect(() => create({ cookie })).toThrow(message)
  })
})

describe('cookie attributes', () => {
  const setCookies = async (cookie: object) => {
    const manager = create({ cookie })
    const session = await manager.load(new Request('https://site.example/'))
    await session.signIn('ada')
    const answer = await manager.commit(session, new Response())
    return answer.headers.getSetCookie().map((line) => line.replace(/=[^;]+/, '=…'))
  }

  it.each([
    [{}, '__Host-Http-session', 'Path=/; HttpOnly; Secure; SameSite=Lax'],
    [{ secure: false }, 'session', 'Path=/; HttpOnly; SameSite=Lax'],
    [{ name: 'app' }, 'app', 'Path=/; HttpOnly; Secure; SameSite=Lax'],
    [
      { name: '__Secure-app', domain: 'example.com', path: '/a', sameSite: 'strict' },
      '__Secure-app',
      'Domain=example.com; Path=/a; HttpOnly; Secure; SameSite=Strict',
    ],
    [
      { sameSite: 'none', partitioned: true },
      '__Host-Http-session',
      'Path=/; HttpOnly; Secure; SameSite=None; Partitioned',
    ],
  ])('are as configured: %j', async (cookie, name, attributes) => {
    const sort = (line: string) => line.split('; ').sort()
    const lines = await setCookies(cookie)
    expect(lines.map(sort)).toEqual([
      sort(`${name}=…; ${attributes}`),
      sort(`${name}-activity=…; ${attributes}`),
    ])
  })
})

describe('the options', () => {
  it('are read once and never changed', () => {
    const options = Object.freeze({
      keys: Object.freeze([generateKey()]),
      revocationList: 'none' as const,
      cookie: Object.freeze({}),
      remembered: Object.freeze({}),
    })
    expect(() => createSessionManager(options)).not.toThrow()
  })
})
