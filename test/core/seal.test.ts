import { describe, expect, it } from 'vitest'
import { generateKey, SessionError, seal, unseal } from '../../src/index.ts'
import { START, testClock } from '../kit/visitor.ts'

const keys = generateKey()
const purpose = 'sign-in-link'

describe('seal and unseal', () => {
  it.each([
    [{ email: 'ada@example.com', list: [1, null, true] }],
    ['text'],
    [0],
    [false],
    [null],
    [[]],
    [JSON.parse('{"__proto__":1}')],
  ])('give back an equal value: %j', async (value) => {
    const token = await seal(value, { keys, purpose, ttl: 60 })
    expect(await unseal(token, { keys, purpose })).toEqual(value)
  })

  it('take another IV every time, because two seals under one IV reveal the key of their tags', async () => {
    const options = { keys, purpose, ttl: 60, now: testClock() }
    const ivs = new Set<string | undefined>()
    for (let i = 0; i < 100; i++) ivs.add((await seal(1, options)).split('.')[2])
    expect(ivs.size).toBe(100)
  })

  it('work for two apps with keys of their own in turn, and over a change of the hour', async () => {
    const now = testClock()
    const both = [generateKey(), generateKey()]
    for (let hour = 0; hour < 3; hour++) {
      for (const own of both) {
        const token = await seal(hour, { keys: own, purpose, ttl: 60, now })
        expect(await unseal(token, { keys: own, purpose, now })).toBe(hour)
      }
      now.pass(3_600)
    }
  })

  it.each([
    [-1, undefined],
    [0, 'expired'],
    [1, 'expired'],
  ])('open until the ttl has passed: %i s after it', async (offset, code) => {
    const now = testClock()
    const token = await seal('x', { keys, purpose, ttl: 900, now })
    now.pass(900 + offset)
    const opened = unseal(token, { keys, purpose, now })
    if (code === undefined) expect(await opened).toBe('x')
    else await expect(opened).rejects.toMatchObject({ code })
  })

  it('open for 400 days, and no longer', async () => {
    const now = testClock()
    const ttl = 400 * 86_400
    const token = await seal('x', { keys, purpose, ttl, now })
    now.pass(ttl - 1)
    expect(await unseal(token, { keys, purpose, now })).toBe('x')
    now.pass(7_200)
    await expect(unseal(token, { keys, purpose, now })).rejects.toMatchObject({ code: 'expired' })
  })

  it.each([
    ['another purpose', { purpose: 'other' }, 'invalid'],
    ['another key', { keys: generateKey() }, 'unknown-key'],
    ['another key in a ring', { keys: [generateKey(), generateKey()] }, 'unknown-key'],
  ])('do not open with %s', async (_, options, code) => {
    const token = await seal('x', { keys, purpose, ttl: 60 })
    await expect(unseal(token, { keys, purpose, ...options })).rejects.toMatchObject({ code })
  })

  it('refuse a token from over an hour ahead', async () => {
    const now = testClock()
    const token = await seal('x', { keys, purpose, ttl: 60, now: () => START + 2 * 3_600_000 })
    await expect(unseal(token, { keys, purpose, now })).rejects.toMatchObject({ code: 'invalid' })
  })

  it.each([[''], ['a.b.c'], [undefined], [null], [{}], ['x'.repeat(10_000)]])(
    'call %j malformed',
    async (token) => {
      const error = await unseal(token as string, { keys, purpose }).catch((error) => error)
      expect(error).toBeInstanceOf(SessionError)
      expect(error).toMatchObject({
        code: 'malformed',
        message: 'the token does not have the form of a seal',
      })
    },
  )

  it('refuse a value that JSON cannot represent exactly', async () => {
    const sealing = seal({ at: new Date(0) }, { keys, purpose, ttl: 60 })
    await expect(sealing).rejects.toMatchObject({
      code: 'not-json',
      message: /^value\.at is an instance of Date/,
    })
    await expect(seal(undefined, { keys, purpose, ttl: 60 })).rejects.toMatchObject({
      code: 'not-json',
    })
  })

  it.each([
    [
      'a missing ttl',
      { ttl: undefined },
      '"ttl" must be a whole number of seconds from 1 to 34560000; got undefined',
    ],
    ['a ttl of nothing', { ttl: 0 }, /"ttl" must be/],
    ['an endless ttl', { ttl: Infinity }, /"ttl" must be/],
    ['a ttl beyond 400 days', { ttl: 34_560_001 }, /"ttl" must be/],
    [
      'no purpose',
      { purpose: undefined },
      '"purpose" must be 1 to 64 of the characters a-z, 0-9 and "-"',
    ],
    ['a purpose with other characters', { purpose: 'Mail' }, /"purpose" must be/],
    ['a purpose too long', { purpose: 'x'.repeat(65) }, /"purpose" must be/],
    ['no keys', { keys: undefined }, /"keys" must be a string/],
    ['a misspelt option', { expires: 1 }, /no option "expires"/],
  ])('call %s a TypeError', async (_, options, message) => {
    const given = { keys, purpose, ttl: 60, ...options } as never
    await expect(seal('x', given)).rejects.toThrow(TypeError)
    await expect(seal('x', given)).rejects.toThrow(message)
  })
})

describe('the wire form', () => {
  it('is a compact JWE with the header that the documentation shows', async () => {
    const token = await seal('x', { keys, purpose, ttl: 60, now: () => START })
    const parts = token.split('.')
    expect(parts.map(({ length }) => length)).toEqual([95, 0, 16, expect.any(Number), 22])
    const hour = Math.floor(START / 3_600_000)
    expect(Buffer.from(parts[0] ?? '', 'base64url').toString()).toMatch(
      new RegExp(`^{"alg":"dir","enc":"A256GCM","typ":"sealed-v2","kid":"[\\w-]{8}\\.${hour}"}$`),
    )
  })

  it('is sealed under HKDF-SHA-256 of the key over version, kind, purpose and hour', async () => {
    const token = await seal('x', { keys, purpose, ttl: 60, now: () => START })
    const { subtle } = crypto
    const material = await subtle.importKey('raw', Buffer.from(keys, 'base64url'), 'HKDF', false, [
      'deriveKey',
    ])
    const info = `sealed-session/1\0seal\0${purpose}\0${Math.floor(START / 3_600_000)}`
    const key = await subtle.deriveKey(
      { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: Buffer.from(info) },
      material,
      { name: 'AES-GCM', length: 256 },
      false,
      ['decrypt'],
    )
    const [header = '', , iv = '', ciphertext = '', tag = ''] = token.split('.')
    const bytes = (text: string) => Buffer.from(text, 'base64url')
    const plaintext = await subtle.decrypt(
      { name: 'AES-GCM', iv: bytes(iv), additionalData: Buffer.from(header) },
      key,
      Buffer.concat([bytes(ciphertext), bytes(tag)]),
    )
    expect(JSON.parse(Buffer.from(plaintext).toString())).toEqual({
      exp: START / 1000 + 60,
      v: 'x',
    })
  })
})

describe('the key ring', () => {
  const [older, newer] = [generateKey(), generateKey()]
  const options = { purpose, ttl: 60 }

  it('seals under the first key and opens with all', async () => {
    const old = await seal('old', { keys: older, ...options })
    const fresh = await seal('new', { keys: [newer, older], ...options })
    const ring = { keys: `${newer}, ${older}`, purpose }
    expect([await unseal(old, ring), await unseal(fresh, ring)]).toEqual(['old', 'new'])
    await expect(unseal(fresh, { keys: older, purpose })).rejects.toMatchObject({
      code: 'unknown-key',
    })
  })

  it('takes base64url, base64 with padding, and space around', async () => {
    const base64 = Buffer.from(older, 'base64url').toString('base64')
    const token = await seal('x', { keys: ` ${base64}\n`, ...options })
    expect(await unseal(token, { keys: older, purpose })).toBe('x')
  })

  it('asks a function at most once a minute', async () => {
    const { createSessionManager } = await import('../../src/index.ts')
    const now = testClock()
    let asked = 0
    const manager = createSessionManager({
      keys: async () => {
        asked++
        return [older]
      },
      revocationList: 'none',
      now,
    })
    const use = async () => {
      const session = await manager.load(new Request('https://site.example/'))
      await session.signIn('ada')
      await manager.commit(session, new Response())
    }
    await use()
    now.pass(59)
    await use()
    expect(asked).toBe(1)
    now.pass(1)
    await use()
    expect(asked).toBe(2)
  })

  it('gives keys-unavailable when the function fails, with the reason as the cause only', async () => {
    const cause = new Error('no route to the secrets store')
    const failing = () => Promise.reject(cause)
    await expect(seal('x', { keys: failing, ...options })).rejects.toMatchObject({
      code: 'keys-unavailable',
      cause,
    })
  })

  const bad = 'c2hvcnQga2V5'
  it.each([
    [
      'a short key',
      bad,
      '"keys" must hold keys of 32 random bytes as base64url; key 1 of 1 is 12 characters long; make one with generateKey() or `openssl rand -base64 32`',
    ],
    ['a short key among good ones', [older, bad], /key 2 of 2 is 12 characters long/],
    ['a malformed key of the right length', `${'!'.repeat(43)}`, /key 1 of 1 is not base64url/],
    ['a non-canonical key', `${'A'.repeat(42)}B`, /key 1 of 1 is not base64url/],
    [
      'hex',
      Buffer.from('a 32-byte key of our own tests !').toString('hex'),
      /key 1 of 1 looks like hex/,
    ],
    ['a key in quotes', `"${older}"`, /key 1 of 1 is in quotes or brackets/],
    ['a JSON array', `["${older}","${older}"]`, /key 1 of 2 is in quotes or brackets/],
    ['keys with a space between', `${older} ${older}`, /key 1 of 1 has white space in it/],
    ['a promise', Promise.resolve(older), /got a promise: await it first$/],
    ['an empty string', '', /"keys" holds no key; make one with generateKey\(\)/],
    ['an empty array', [], /"keys" holds no key/],
    ['a number', 7, /"keys" must be a string.*; got a number/],
    ['bytes', [new Uint8Array(32)], /"keys" must be a string/],
  ])('refuses %s and never prints it', async (_, given, message) => {
    const error = await seal('x', { keys: given as string, ...options }).catch((error) => error)
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toMatch(message)
    for (const key of [bad, older]) expect(String(error.stack)).not.toContain(key)
    if (typeof given === 'string' && given !== '') expect(error.message).not.toContain(given)
  })

  it('makes keys of 32 random bytes', () => {
    expect(Buffer.from(generateKey(), 'base64url')).toHaveLength(32)
    expect(generateKey()).not.toBe(generateKey())
  })
})
