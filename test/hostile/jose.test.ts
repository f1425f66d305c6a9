/**
 * Seals are JWE that another implementation reads and writes: jose opens every seal of ours, and a seal
 * that jose makes under the same key is opened here. So neither the order of the steps nor what the tag
 * covers is ours alone.
 */

import { CompactEncrypt, compactDecrypt } from 'jose'
import { describe, expect, it } from 'vitest'
import { generateKey, seal, unseal } from '../../src/index.ts'
import { START } from '../kit/visitor.ts'
import golden from '../vectors/v2.json' with { type: 'json' }
import { decode, hourOf, kidOf, type Place, subKey } from './wire.ts'

const purpose = 'sign-in-link'

const VALUES = [null, 0, '', 'ü€𐍈', { email: 'ada@example.com' }, ['x'.repeat(3_000)]]

const placeOf = (key: string, name: string, hour: number): Place => ({
  key,
  use: { kind: 'seal', name },
  hour,
})

async function openWithJose(token: string, key: string, name: string): Promise<unknown> {
  const { kid } = JSON.parse(decode(token.split('.')[0] ?? ''))
  const place = placeOf(key, name, Number(kid.split('.')[1]))
  const { plaintext, protectedHeader } = await compactDecrypt(token, await subKey(place))
  expect(protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM', typ: 'sealed-v2', kid })
  return JSON.parse(new TextDecoder().decode(plaintext)).v
}

describe('jose', () => {
  it.each(VALUES)('opens what is sealed here: %j', async (value) => {
    const key = generateKey()
    const token = await seal(value, { keys: key, purpose, ttl: 60, now: () => START })
    expect(await openWithJose(token, key, purpose)).toEqual(value)
  })

  it.each(golden.seals.map((one) => [one.about, one] as const))(
    'opens the golden seal: %s',
    async (_, { token, purpose, value }) => {
      const opened = await Promise.any(golden.keys.map((key) => openWithJose(token, key, purpose)))
      expect(opened).toEqual(value)
    },
  )

  it.each(VALUES)('makes seals that open here: %j', async (value) => {
    const key = generateKey()
    const place = placeOf(key, purpose, hourOf(START))
    const payload = JSON.stringify({ exp: START / 1000 + 60, v: value })
    const token = await new CompactEncrypt(new TextEncoder().encode(payload))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: 'sealed-v2', kid: await kidOf(place) })
      .encrypt(await subKey(place))
    expect(await unseal(token, { keys: key, purpose, now: () => START })).toEqual(value)
  })
})
