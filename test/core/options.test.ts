import { describe, expect, it } from 'vitest'
import { createSessionManager, generateKey, memoryRevocationList } from '../../src/index.ts'

const create = (options: object) =>
  createSessionManager({
    keys: generateKey(),
    revocationList: memoryRevocationList({ now: Date.now }),
    now: Date.now,
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
      /no option "days" in "remembered"; there are idleTimeout, absoluteTimeout/,
    ],
    [
      { touchAfter: 1800, idleTimeout: 1800 },
      '"touchAfter" must be less than the idle timeout of 1800 seconds',
    ],
    [
      { idleTimeout: 1_800_000 },
      'seconds from 1 to 34560000; got 1800000, which looks like milliseconds: for 30 minutes give 1800',
    ],
    [
      { absoluteTimeout: 43_200_000 },
      'got 43200000, which looks like milliseconds: for 720 minutes give 43200',
    ],
    [
      { remembered: { idleTimeout: 900_000 } },
      /"remembered.idleTimeout" must .* got 900000, which looks like milliseconds: .* give 900$/,
    ],
    [{ recheckAfter: 300_000 }, /"recheckAfter" must .* looks like milliseconds/],
    [
      { absoluteTimeout: 600 },
      '"idleTimeout" (1800 by default) must be at most "absoluteTimeout" (600)',
    ],
    [
      { idleTimeout: 43_201 },
      '"idleTimeout" (43201) must be at most "absoluteTimeout" (43200 by default)',
    ],
    [
      { idleTimeout: 601, absoluteTimeout: 600 },
      '"idleTimeout" (601) must be at most "absoluteTimeout" (600)',
    ],
    [
      { remembered: { absoluteTimeout: 604_799 } },
      '"remembered.idleTimeout" (604800 by default) must be at most "remembered.absoluteTimeout" (604799)',
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
      { revocationList: { get() {}, put() {}, list() {}, delete() {} } },
      /"revocationList" must be .*; got a KV namespace: wrap it in kvRevocationList\(...\)$/,
    ],
    [
      { revocationList: Promise.resolve({}) },
      /"revocationList" must be .*; got a promise: await it first$/,
    ],
    [{ revocationList: memoryRevocationList }, /"revocationList" must be .*; got a function$/],
    [
      { keys: undefined },
      /"keys" must be a string, an array of strings or a function that returns one; got undefined/,
    ],
    [{ schema: {} }, /"schema" must be a Standard Schema/],
    [{ isActivity: true }, '"isActivity" must be a function; got a boolean'],
    [{ onEvent: 1 }, /"onEvent" must be a function/],
    [{ now: 0 }, /"now" must be a function/],
    [
      { maxAge: 3600 },
      /no option "maxAge" in the options of createSessionManager; there are keys, revocationList/,
    ],
    [
      { idletimeout: 60 },
      /no option "idletimeout" in .*; did you mean "idleTimeout"\?; there are keys/,
    ],
    [{ cookies: {} }, /no option "cookies" in .*; did you mean "cookie"\?/],
    [{ absoluteTimout: 60 }, /did you mean "absoluteTimeout"\?/],
    [{ key: 'x' }, /did you mean "keys"\?/],
    [{ cookie: { sameSight: 'lax' } }, /no option "sameSight" in "cookie"; there are name/],
    [
      { activityOrigins: ['https://a.example'] },
      /"activityOrigins" needs "cookie.sameSite" 'none'/,
    ],
    [
      { activityOrigins: 'https://a.example', cookie: { sameSite: 'none' } },
      /"activityOrigins" must be an array of origins; got a string/,
    ],
  ])('%j', (options, message) => {
    expect(() => create(options)).toThrow(TypeError)
    expect(() => create(options)).toThrow(message)
  })

  it.each([
    ['https://a.example/'],
    ['https://a.example/path'],
    ['a.example'],
    ['https://A.example'],
    ['https://a.example:443'],
    ['null'],
    ['*'],
    [7],
  ])('%j as an origin whose requests count', (origin) => {
    const options = { activityOrigins: ['https://b.example', origin], cookie: { sameSite: 'none' } }
    expect(() => create(options)).toThrow(
      '"activityOrigins" must hold origins, such as "https://app.example"; item 2 is none',
    )
  })

  it.each([
    [{ idleTimeout: 600, absoluteTimeout: 600 }],
    [{ idleTimeout: 299_999, absoluteTimeout: 864_000 }],
    [{ idleTimeout: 240_000, absoluteTimeout: 300_001 }],
    [{ absoluteTimeout: 400 * 86_400, remembered: { absoluteTimeout: 250 * 86_400 } }],
  ])('none of these timeouts: %j', (options) => {
    expect(() => create(options)).not.toThrow()
  })

  it('values that are not options', () => {
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
    [{ path: '/a;b', name: 's' }, /"cookie.path" must begin with "\/", in ASCII and without ";"/],
    [{ path: '/a\r\nSet-Cookie: x', name: 's' }, /"cookie.path" must begin with "\/", in ASCII/],
    [{ maxAge: 1 }, /no option "maxAge" in "cookie"/],
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
