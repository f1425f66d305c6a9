/** What `seal` and `unseal` do, wherever there is Web Crypto. */

import { equal, matches, mistake, rejects } from './assert.ts'
import { clockFrom } from './browser-like.ts'
import type { Case } from './suite.ts'

const KEY = 'Y29uZm9ybWFuY2Uta2V5LW51bWJlci1vbmUtb2YtMyE'
const OTHER_KEY = 'Y29uZm9ybWFuY2Uta2V5LW51bWJlci10d28tb2YtMyE'
const START = Date.parse('2026-03-01T12:00:00.123Z')
const DAY = 86_400
const now = () => START
const options = { keys: KEY, purpose: 'sign-in-link', ttl: 900, now }

export const sealCases: readonly Case[] = [
  {
    name: 'a seal gives back any JSON value',
    async run({ seal, unseal }) {
      const values = [
        null,
        true,
        0,
        -0.5,
        1e21,
        '',
        'text',
        'žluťoučký 🍪 \u2028\0',
        '\ud800',
        [],
        [1, [2, [3]]],
        {},
        { a: { b: [null, { c: '' }] }, '': 1 },
        JSON.parse('{"__proto__":{"admin":true}}'),
      ]
      for (const value of values) {
        const token = await seal(value, options)
        equal(await unseal(token, options), value)
        equal(Object.hasOwn(Object.prototype, 'admin'), false)
      }
    },
  },
  {
    name: 'a seal is a compact JWE with a header of ours and an IV of its own',
    async run({ seal }) {
      const [one, two] = [await seal('x', options), await seal('x', options)]
      matches(one, /^[\w-]+\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/)
      equal(one === two, false, 'whether two seals are equal')
      const header = atob((one.split('.')[0] ?? '').replaceAll('-', '+').replaceAll('_', '/'))
      const hour = Math.floor(START / 3_600_000)
      matches(
        header,
        new RegExp(`^{"alg":"dir","enc":"A256GCM","typ":"sealed-v2","kid":"[\\w-]{8}\\.${hour}"}$`),
      )
    },
  },
  {
    name: 'a seal opens until its ttl is over',
    async run({ seal, unseal }) {
      const token = await seal('x', options)
      const at = (seconds: number) =>
        unseal(token, { ...options, now: () => START + seconds * 1000 })
      equal(await at(899), 'x')
      equal(await at(899.999), 'x')
      await rejects(at(900), 'expired')
      await rejects(at(901), 'expired')
    },
  },
  {
    name: 'a seal opens for 400 days, and not from more than an hour ahead',
    async run({ seal, unseal }) {
      const token = await seal('x', { ...options, ttl: 400 * DAY })
      const at = (seconds: number) =>
        unseal(token, { ...options, now: () => START + seconds * 1000 })
      equal(await at(400 * DAY - 1), 'x')
      await rejects(at(400 * DAY), 'expired')
      await rejects(at(500 * DAY), 'expired')
      equal(await at(-3_600), 'x')
      await rejects(at(-7_200), 'invalid')
    },
  },
  {
    name: 'a seal opens under its purpose and key only',
    async run({ seal, unseal }) {
      const token = await seal('x', options)
      await rejects(unseal(token, { ...options, purpose: 'invitation' }), 'invalid')
      await rejects(unseal(token, { ...options, keys: OTHER_KEY }), 'unknown-key')
    },
  },
  {
    name: 'a damaged seal is rejected with codes of ours',
    async run({ seal, unseal }) {
      const token = await seal({ email: 'ada@site.example' }, options)
      const [header, , iv, ciphertext = '', tag] = token.split('.')
      const other = ciphertext.startsWith('A') ? 'B' : 'A'
      const flipped = [header, '', iv, other + ciphertext.slice(1), tag].join('.')
      await rejects(unseal(flipped, options), 'invalid')
      for (const odd of [
        '',
        'x',
        '....',
        `${token}.`,
        `${token}A`,
        token.slice(0, -1),
        `${token}\n`,
      ]) {
        await rejects(unseal(odd, options), 'malformed')
      }
      await rejects(unseal(undefined as unknown as string, options), 'malformed')
    },
  },
  {
    name: 'keys come as base64url, base64, an array, a list in one string, or a function',
    async run({ seal, unseal }) {
      const token = await seal('x', options)
      const base64 = `${KEY.replaceAll('-', '+').replaceAll('_', '/')}=`
      const rings = [
        base64,
        [KEY],
        [OTHER_KEY, KEY],
        `${OTHER_KEY}, ${base64}`,
        () => KEY,
        async () => [OTHER_KEY, KEY],
      ]
      for (const keys of rings) equal(await unseal(token, { ...options, keys }), 'x')
      const away = () => Promise.reject(new Error('no secrets store'))
      await rejects(unseal(token, { ...options, keys: away }), 'keys-unavailable')
      await rejects(seal('x', { ...options, keys: away }), 'keys-unavailable')
    },
  },
  {
    name: 'rotation: the first key seals, all unseal, one that left does not',
    async run({ seal, unseal }) {
      const old = await seal('x', options)
      const ring = [OTHER_KEY, KEY]
      const fresh = await seal('y', { ...options, keys: ring })
      equal(await unseal(old, { ...options, keys: ring }), 'x')
      equal(await unseal(fresh, { ...options, keys: OTHER_KEY }), 'y')
      await rejects(unseal(fresh, { ...options, keys: KEY }), 'unknown-key')
      await rejects(unseal(old, { ...options, keys: OTHER_KEY }), 'unknown-key')
    },
  },
  {
    name: 'what would not come back equal is not sealed',
    async run({ seal }) {
      class Cart {}
      const values = [
        new Date(0),
        new Map(),
        new Set(),
        Number.NaN,
        Infinity,
        1n,
        () => 1,
        Symbol('x'),
        new Uint8Array(1),
        new Cart(),
        [undefined],
      ]
      for (const value of values) {
        const error = await rejects(seal({ cart: [{ item: value }] }, options), 'not-json')
        matches(error.message, /^value\.cart\[0\]\.item/)
      }
      await rejects(seal(undefined, options), 'not-json')
      const circle: Record<string, unknown> = {}
      circle.self = circle
      await rejects(seal(circle, options), 'not-json')
    },
  },
  {
    name: 'a megabyte is sealed and opened',
    async run({ seal, unseal }) {
      const value = '🍪'.repeat(250_000)
      equal((await unseal<string>(await seal(value, options), options)) === value, true)
    },
  },
  {
    name: 'a mistake in the options is a TypeError',
    async run({ seal, unseal }) {
      const wrong = [
        { keys: 'short' },
        { keys: '' },
        { keys: [] },
        { keys: KEY.replace('Y', '!') },
        { purpose: 'Sign in' },
        { purpose: '' },
        { ttl: 0 },
        { ttl: 1.5 },
        { ttl: 400 * DAY + 1 },
        { now: 1 },
        { tll: 900 },
      ]
      for (const own of wrong) {
        await mistake(() => seal('x', { ...options, ...(own as object) }))
      }
      await mistake(() => unseal('x', { keys: KEY } as Parameters<typeof unseal>[1]))
    },
  },
  {
    name: 'generated keys have 32 bytes, work, and differ',
    async run({ generateKey, seal, unseal }) {
      const [one, two] = [generateKey(), generateKey()]
      matches(one, /^[\w-]{43}$/)
      equal(one === two, false, 'whether two keys are equal')
      equal(await unseal(await seal(1, { ...options, keys: one }), { ...options, keys: one }), 1)
    },
  },
  {
    name: 'seals made at once do not get in each other’s way',
    async run({ seal, unseal }) {
      const clock = clockFrom(START)
      const numbers = Array.from({ length: 200 }, (_, number) => number)
      const made = await Promise.all(
        numbers.map((number) => {
          clock.pass(120)
          return seal(number, { ...options, ttl: DAY, now: clock })
        }),
      )
      const opened = made.map((token) => unseal(token, { ...options, now: clock }))
      equal(await Promise.all(opened), numbers)
    },
  },
  {
    name: 'a signed value gives back any JSON value, which anyone can read and nobody can change',
    async run({ sign, verify }) {
      for (const value of [null, 0, '', 'žluťoučký 🍪', [1, [2]], { a: { b: [null] } }]) {
        const token = await sign(value, options)
        equal(await verify(token, options), value)
        const [header = '', payload = '', signature = ''] = token.split('.')
        const text = atob(payload.replaceAll('-', '+').replaceAll('_', '/'))
        const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
        equal(JSON.parse(new TextDecoder().decode(bytes)).v, value)
        const other = btoa('{"exp":99999999999,"v":1}').replaceAll('=', '')
        await rejects(verify(`${header}.${other}.${signature}`, options), 'invalid')
      }
    },
  },
  {
    name: 'a signed value holds until its ttl is over, for its purpose and under its keys',
    async run({ sign, verify, seal, unseal }) {
      const token = await sign('x', options)
      const at = (seconds: number) =>
        verify(token, { ...options, now: () => START + seconds * 1000 })
      equal(await at(899.999), 'x')
      await rejects(at(900), 'expired')
      await rejects(verify(token, { ...options, purpose: 'other' }), 'invalid')
      await rejects(verify(token, { ...options, keys: OTHER_KEY }), 'unknown-key')
      await rejects(verify(await seal('x', options), options), 'malformed')
      await rejects(unseal(token, options), 'malformed')
    },
  },
]
