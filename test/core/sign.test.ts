import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { CompactSign, decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { generateKey, SessionError, seal, sign, unseal, verify } from '../../src/index.ts'
import { START, testClock } from '../kit/visitor.ts'

const keys = generateKey()
const purpose = 'entitlement'
const options = { keys, purpose, ttl: 900, now: () => START }

// The hour in a damaged `kid` may lie in the past.
const REFUSED = /^(malformed|invalid|unknown-key|expired)$/

const encode = (text: string) => Buffer.from(text).toString('base64url')
const decode = (text = '') => Buffer.from(text, 'base64url').toString()
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error) => (error instanceof SessionError ? error.code : error),
  )

/** The sub-key, derived as the documentation says. */
async function subKey(kind: string, name = purpose, instant = START): Promise<Buffer> {
  const { subtle } = crypto
  const material = await subtle.importKey('raw', Buffer.from(keys, 'base64url'), 'HKDF', false, [
    'deriveBits',
  ])
  const info = `sealed-session/1\0${kind}\0${name}\0${Math.floor(instant / 3_600_000)}`
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: Buffer.from(info) }
  return Buffer.from(await subtle.deriveBits(hkdf, material, 256))
}

const hmac = (key: Buffer, input: string) =>
  createHmac('sha256', key).update(input).digest('base64url')

describe('sign and verify', () => {
  it.each([
    [{ plan: 'pro', seats: [1, null, true] }],
    ['text'],
    [0],
    [false],
    [null],
    [[]],
    [JSON.parse('{"__proto__":1}')],
  ])('give back an equal value: %j', async (value) => {
    expect(await verify(await sign(value, options), options)).toEqual(value)
  })

  it('let anyone read the value', async () => {
    const token = await sign({ plan: 'pro', name: 'Žluťoučký' }, options)
    expect(decodeJwt(token)).toEqual({
      exp: START / 1000 + 900,
      v: { plan: 'pro', name: 'Žluťoučký' },
    })
  })

  it.each([
    [-1, 'accepted'],
    [0, 'expired'],
    [1, 'expired'],
  ])('hold until the ttl has passed: %i s after it', async (offset, expected) => {
    const now = testClock()
    const token = await sign('x', { ...options, now })
    now.pass(900 + offset)
    expect(await code(verify(token, { ...options, now }))).toBe(expected)
  })

  it.each([
    ['another purpose', { purpose: 'other' }, 'invalid'],
    ['another key', { keys: generateKey() }, 'unknown-key'],
    ['a server whose clock is hours behind', { now: () => START - 2 * 3_600_000 }, 'invalid'],
  ])('do not hold under %s', async (_, other, expected) => {
    const token = await sign('x', options)
    const error = await verify(token, { ...options, ...other }).catch((error: Error) => error)
    expect(error).toMatchObject({ code: expected })
    expect(String(error)).not.toContain(token.slice(-20))
  })

  it('say what the token is not', async () => {
    await expect(verify('x', options)).rejects.toThrow(
      'the token does not have the form of a signed value',
    )
  })

  it('hold under every key of the ring, and sign under the first', async () => {
    const newer = generateKey()
    const old = await sign('old', options)
    const ring = { ...options, keys: [newer, keys] }
    expect(await verify(old, ring)).toBe('old')
    expect(await code(verify(await sign('new', ring), options))).toBe('unknown-key')
  })

  it('call what would not come back equal not-json', async () => {
    expect(await code(sign({ at: new Date(0) }, options))).toBe('not-json')
  })

  it('call a misspelt option a TypeError', async () => {
    const given = { ...options, expires: 1 } as never
    await expect(sign('x', given)).rejects.toThrow(/^no option .* in the options of a signed value/)
  })
})

describe('the wire form of a signed value', () => {
  it('is a compact JWS under a sub-key of a kind of its own', async () => {
    const token = await sign('x', options)
    const [header = '', payload = '', signature] = token.split('.')
    const hour = Math.floor(START / 3_600_000)
    expect(decode(header)).toMatch(
      new RegExp(`^{"alg":"HS256","typ":"signed-v1","kid":"[\\w-]{8}\\.${hour}"}$`),
    )
    expect(JSON.parse(decode(payload))).toEqual({ exp: START / 1000 + 900, v: 'x' })
    expect(signature).toBe(hmac(await subKey('sign'), `${header}.${payload}`))
  })

  it('has one text for each value: what differs in any character is refused', async () => {
    const token = await sign({ plan: 'free' }, options)
    for (let at = 0; at < token.length; at++) {
      for (const other of ['A', 'z', '-', '.', '=', ' ', '']) {
        if (other === token[at]) continue
        const changed = token.slice(0, at) + other + token.slice(at + 1)
        expect(await code(verify(changed, options))).toMatch(REFUSED)
      }
    }
  })

  it('has one text for each signature, though a decoder would take others', async () => {
    const token = await sign({ plan: 'free' }, options)
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const lastChanged = [...alphabet].map((last) => token.slice(0, -1) + last)
    const signature = token.lastIndexOf('.')
    const plain =
      token.slice(0, signature) + token.slice(signature).replaceAll('-', '+').replaceAll('_', '/')
    const others = [...lastChanged, plain, `${token}=`, `${token} `, `${token}\n`, `${token}.`]
    for (const other of others) {
      if (other === token) continue
      expect(await code(verify(other, options))).toMatch(/^(malformed|invalid)$/)
    }
  })
})

it.each([
  ['a truncated signature', (token: string) => token.slice(0, -4)],
  ['a signature that is too long', (token: string) => `${token}AAAA`],
  ['a part more', (token: string) => `${token}.AAAA`],
  ['an empty part more', (token: string) => `${token}.`],
  ['no payload', (token: string) => token.replace(/\..*\./, '..')],
  ['no signature', (token: string) => token.replace(/[^.]*$/, '')],
])('%s is not the form of a signed value', async (_, change) => {
  expect(await code(verify(change(await sign('x', options)), options))).toBe('malformed')
})

describe('forgeries of a signed value', () => {
  const payload = encode(JSON.stringify({ exp: START / 1000 + 900, v: { plan: 'pro' } }))
  const kid = async () => JSON.parse(decode((await sign('x', options)).split('.')[0])).kid

  it('are refused when the header is not ours, though the signature is right', async () => {
    const key = await subKey('sign')
    const ours = { alg: 'HS256', typ: 'signed-v1', kid: await kid() }
    const { alg, typ } = ours
    const headers = [
      { ...ours, alg: 'none' },
      { ...ours, alg: 'HS512' },
      { ...ours, typ: 'JWT' },
      { ...ours, typ: 'sealed-v2' },
      { ...ours, crit: ['exp'] },
      { ...ours, b64: false, crit: ['b64'] },
      { ...ours, jwk: { kty: 'oct', k: 'AAAA' } },
      { ...ours, jku: 'https://attacker.example/keys' },
      { typ, alg, kid: ours.kid },
      { alg, typ },
      { alg, typ, kid: `${ours.kid}0` },
      { alg, typ, kid: `../../${ours.kid}` },
    ]
    for (const header of headers) {
      const input = `${encode(JSON.stringify(header))}.${payload}`
      expect(await code(verify(`${input}.${hmac(key, input)}`, options))).toMatch(
        /malformed|invalid/,
      )
    }
    const spaced = `${encode(JSON.stringify(ours).replace(',', ', '))}.${payload}`
    expect(await code(verify(`${spaced}.${hmac(key, spaced)}`, options))).toBe('malformed')
    // The proof that what these lack is the header.
    const good = `${encode(JSON.stringify(ours))}.${payload}`
    expect(await verify(`${good}.${hmac(key, good)}`, options)).toEqual({ plan: 'pro' })
  })

  it.each([
    ['seal', purpose],
    ['cookie', purpose],
    ['data', purpose],
    ['sign', 'other'],
  ])('are refused under the sub-key of kind %s and name %s', async (kind, name) => {
    const header = { alg: 'HS256' as const, typ: 'signed-v1', kid: await kid() }
    const token = await new CompactSign(Buffer.from(decode(payload)))
      .setProtectedHeader(header)
      .sign(await subKey(kind, name))
    expect(await code(verify(token, options))).toBe('invalid')
  })

  it('are refused when a seal is given for a signed value, or the other way round', async () => {
    expect(await code(verify(await seal('x', options), options))).toBe('malformed')
    expect(await code(unseal(await sign('x', options), options))).toBe('malformed')
  })

  it('are refused when the payload is signed but not of our form', async () => {
    const key = await subKey('sign')
    const header = encode(JSON.stringify({ alg: 'HS256', typ: 'signed-v1', kid: await kid() }))
    const withoutValue = `{"exp":${START / 1000 + 900}}`
    const texts = ['null', '[]', '{}', '{"exp":"9999999999","v":1}', '{"v":1}', '{', '"x"']
    for (const text of [...texts, withoutValue]) {
      const input = `${header}.${encode(text)}`
      expect(await code(verify(`${input}.${hmac(key, input)}`, options))).toBe('invalid')
    }
  })

  it('are never accepted and never anything but a SessionError, for random damage', async () => {
    const token = await sign({ plan: 'free' }, options)
    const damage = fc.array(fc.tuple(fc.nat(token.length), fc.string({ maxLength: 4 })), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const damaged = changes.reduce(
          (text, [at, piece]) => text.slice(0, at) + piece + text.slice(at + piece.length),
          token,
        )
        if (damaged === token) return
        expect(await code(verify(damaged, options))).toMatch(REFUSED)
      }),
      { numRuns: 500 },
    )
  })
})
