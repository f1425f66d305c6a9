import { describe, expect, it } from 'vitest'
import { kvRevocationList } from '../../src/cloudflare.ts'
import {
  generateKey,
  memoryRevocationList,
  migratingRevocationList,
  once,
  type RevocationList,
  SessionError,
  seal,
  sign,
  unseal,
} from '../../src/index.ts'
import { testClock } from '../kit/visitor.ts'

const keys = generateKey()
const link = { keys, purpose: 'sign-in-link' }
const newToken = () => seal({ email: 'ada@site.example' }, { ...link, ttl: 900 })

const outcome = (use: Promise<void>) =>
  use.then(
    () => 'first',
    (error) => (error instanceof SessionError ? error.code : error),
  )

/** KV as one place sees it, or as several do: `shows` says whether this one sees a key yet. */
function kv(stored = new Map<string, string>(), shows: () => boolean = () => true) {
  const calls = { reads: 0, writes: 0, lives: [] as number[] }
  const namespace = {
    async get(names: string[]) {
      calls.reads++
      return new Map(names.map((key) => [key, (shows() && stored.get(key)) || null]))
    },
    async put(key: string, value: string, { expirationTtl }: { expirationTtl: number }) {
      calls.writes++
      calls.lives.push(expirationTtl)
      stored.set(key, value)
    },
  }
  return { stored, calls, list: kvRevocationList(namespace) }
}

describe.each<[string, () => RevocationList]>([
  ['a list with claim', () => memoryRevocationList({ now: Date.now })],
  ['a list without claim', () => kv().list],
])('with %s', (_, make) => {
  it('a token is used once', async () => {
    const list = make()
    const token = await newToken()
    await once(token, { list, ttl: 900 })
    await expect(once(token, { list, ttl: 900 })).rejects.toMatchObject({
      name: 'SessionError',
      code: 'used',
      message: 'the token has been used before',
    })
    // It still opens: what it says is not what was used.
    expect(await unseal(token, link)).toEqual({ email: 'ada@site.example' })
  })

  it('another token of the same value is another token, of seal and of sign', async () => {
    const list = make()
    const tokens = [await newToken(), await newToken(), await sign(1, { ...link, ttl: 900 })]
    for (const token of tokens) expect(await outcome(once(token, { list }))).toBe('first')
    for (const token of tokens) expect(await outcome(once(token, { list }))).toBe('used')
  })

  it('one of many uses at once is the first', async () => {
    const list = make()
    const token = await newToken()
    const uses = await Promise.all(Array.from({ length: 50 }, () => outcome(once(token, { list }))))
    expect(uses.filter((use) => use === 'first')).toHaveLength(1)
    expect(uses.filter((use) => use === 'used')).toHaveLength(49)
  })

  it('what is no text is no token', async () => {
    for (const token of [undefined, null, 7, {}]) {
      expect(await outcome(once(token as unknown as string, { list: make() }))).toBe('malformed')
    }
  })
})

describe('a list with claim', () => {
  it.each([
    [-1, 'used'],
    [0, 'first'],
  ])('keeps a use for the ttl and a minute: %i s after them', async (offset, expected) => {
    const now = testClock()
    const list = memoryRevocationList({ now })
    const token = await newToken()
    await once(token, { list, ttl: 900, now })
    now.pass(960 + offset)
    expect(await outcome(once(token, { list, ttl: 900, now }))).toBe(expected)
  })

  it('keeps a use for 400 days unless told otherwise', async () => {
    const claims: [string, number][] = []
    const list = {
      ...memoryRevocationList({ now: Date.now }),
      claim: async (name: string, until: number) => claims.push([name, until]) > 0,
    }
    const token = await newToken()
    await once(token, { list, now: () => 1_000 })
    const [[name, until] = ['', 0]] = claims
    expect(until).toBe(1_000 + 400 * 86_400_000 + 60_000)
    expect(name).toMatch(/^[\w-]{43}$/)
    expect(token).not.toContain(name)
  })

  it.each([
    ['fails', async () => Promise.reject(new Error('away')), 'revocation-unavailable'],
    ['hangs', () => new Promise<boolean>(() => {}), 'revocation-unavailable'],
    ['answers nothing', async () => undefined as unknown as boolean, 'used'],
    ['answers something else', async () => 'OK' as unknown as boolean, 'used'],
  ])('that %s lets nothing pass', async (_, claim, expected) => {
    const list = { ...memoryRevocationList({ now: Date.now }), claim }
    expect(await outcome(once(await newToken(), { list, timeout: 1 }))).toBe(expected)
  })
})

describe('a list without claim', () => {
  it('records a use for as long as the token can live, under a name that is no sid of a session', async () => {
    const { list, calls, stored } = kv()
    const token = await newToken()
    await once(token, { list, ttl: 900 })
    expect(calls).toEqual({ reads: 1, writes: 1, lives: [960] })
    const [key = ''] = stored.keys()
    expect(key).toMatch(/^revoked\/session\/[\w-]{22}$/)
    expect(token).not.toContain(key.slice(-22))
  })

  it('is exact within an isolate, though KV shows nothing yet', async () => {
    const { list } = kv(new Map(), () => false)
    const token = await newToken()
    expect(await outcome(once(token, { list }))).toBe('first')
    expect(await outcome(once(token, { list }))).toBe('used')
  })

  it('refuses the second of two uses while it still asks about the first', async () => {
    const { list } = kv()
    let answer = () => {}
    const answered = new Promise<void>((resolve) => {
      answer = resolve
    })
    const slow: RevocationList = {
      write: list.write,
      read: async (targets) => {
        await answered
        return list.read(targets)
      },
    }
    const token = await newToken()
    const uses = [1, 2].map(() => outcome(once(token, { list: slow, timeout: 1 })))
    expect(await Promise.race(uses)).toBe('used')
    answer()
    expect((await Promise.all(uses)).sort()).toEqual(['first', 'used'])
  })

  it('refuses a use in another isolate once KV shows the first there, and not before', async () => {
    const { list, stored } = kv()
    const token = await newToken()
    await once(token, { list })
    let isShown = false
    const there = () => kv(stored, () => isShown).list
    expect(await outcome(once(token, { list: there() }))).toBe('first')
    isShown = true
    expect(await outcome(once(token, { list: there() }))).toBe('used')
  })

  it.each([['get'], ['put']])(
    'that fails on %s lets nothing pass, and may be asked again',
    async (call) => {
      let isAway = true
      const { list, stored } = kv()
      const fails = async () => Promise.reject(new Error('away'))
      const flaky: RevocationList = {
        read: (targets) => (isAway && call === 'get' ? fails() : list.read(targets)),
        write: (...args) => (isAway && call === 'put' ? fails() : list.write(...args)),
      }
      const token = await newToken()
      await expect(once(token, { list: flaky })).rejects.toMatchObject({
        code: 'revocation-unavailable',
        cause: { message: 'away' },
      })
      expect(stored.size).toBe(0)
      isAway = false
      expect(await outcome(once(token, { list: flaky }))).toBe('first')
      expect(await outcome(once(token, { list: flaky }))).toBe('used')
    },
  )
})

describe('a list that moves', () => {
  const memory = () => memoryRevocationList({ now: Date.now })

  it('is exact when both have claim, also beside servers that know only one of them', async () => {
    const [older, newer] = [memory(), memory()]
    const moving = migratingRevocationList(older, newer)
    const [one, two, three] = [await newToken(), await newToken(), await newToken()]
    await once(one, { list: older })
    expect(await outcome(once(one, { list: moving }))).toBe('used')
    await once(two, { list: moving })
    expect(await outcome(once(two, { list: older }))).toBe('used')
    expect(await outcome(once(two, { list: newer }))).toBe('used')
    await once(three, { list: newer })
    expect(await outcome(once(three, { list: moving }))).toBe('used')
  })

  /** A move from KV or to it: the pair, and each list as a server sees it that knows only that one. */
  function move(which: 'from KV' | 'to KV') {
    const claims = memory()
    const place = kv()
    const onKv = () => kv(place.stored).list
    const [older, newer] = which === 'from KV' ? [onKv, () => claims] : [() => claims, onKv]
    return { older, newer, moving: () => migratingRevocationList(older(), newer()) }
  }

  it.each(['from KV', 'to KV'] as const)(
    '%s refuses what was used on the older list, and both refuse what was used on the pair',
    async (which) => {
      const { older, newer, moving } = move(which)
      const [one, two] = [await newToken(), await newToken()]
      await once(one, { list: older() })
      expect(await outcome(once(one, { list: moving() }))).toBe('used')
      await once(two, { list: moving() })
      expect(await outcome(once(two, { list: moving() }))).toBe('used')
      expect(await outcome(once(two, { list: older() }))).toBe('used')
      // The move is over.
      expect(await outcome(once(two, { list: newer() }))).toBe('used')
    },
  )

  it.each(['from KV', 'to KV'] as const)('%s lets one of many uses at once pass', async (which) => {
    const { moving } = move(which)
    const token = await newToken()
    const uses = Array.from({ length: 20 }, () => outcome(once(token, { list: moving() })))
    expect((await Promise.all(uses)).filter((use) => use === 'first')).toHaveLength(1)
  })

  it('keeps a use on KV for as long as any token can live', async () => {
    const { list, calls } = kv()
    await once(await newToken(), { list: migratingRevocationList(list, memory()), ttl: 900 })
    expect(calls).toEqual({ reads: 1, writes: 1, lives: [400 * 86_400 + 60] })
  })

  it('is best effort when neither has claim', async () => {
    expect(migratingRevocationList(kv().list, kv().list).claim).toBeUndefined()
  })
})

it.each([
  [
    {},
    '"list" must be a revocation list, such as kvRevocationList(env.REVOCATIONS); got undefined',
  ],
  [
    { list: 'none' },
    '"list" must be a revocation list, such as kvRevocationList(env.REVOCATIONS); got a string',
  ],
  [
    { list: kv().list, ttl: 0 },
    '"ttl" must be a whole number of seconds from 1 to 34560000; got 0',
  ],
  [
    { list: kv().list, timeout: 0 },
    '"timeout" must be a whole number of seconds from 1 to 60; got 0',
  ],
  [{ list: kv().list, tll: 9 }, 'no option "tll" in the options of once; did you mean "ttl"?'],
])('the options %o are a mistake', async (options, message) => {
  const use = once('token', options as never)
  await expect(use).rejects.toThrow(TypeError)
  await expect(use).rejects.toThrow(message)
})
