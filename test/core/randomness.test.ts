/** What must be random is, in every bit; and keys stay where they are. */

import { describe, expect, it, vi } from 'vitest'
import { generateKey, seal, unseal } from '../../src/index.ts'
import { setUp } from '../kit/visitor.ts'

/** How many of the bits are not the same in all of the texts, which are base64url. */
function bitsThatChange(texts: readonly string[]): number {
  const bits = texts.map((text) =>
    [...Buffer.from(text, 'base64url')].flatMap((byte) =>
      Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1),
    ),
  )
  const [first = []] = bits
  return first.filter((bit, index) => bits.some((other) => other[index] !== bit)).length
}

// That one bit is the same in all of 64 happens once in 2^63.
const MANY = 64

describe('every bit is random', () => {
  it('of the 256 of a key', () => {
    expect(bitsThatChange(Array.from({ length: MANY }, generateKey))).toBe(256)
  })

  it('of the 128 of a sid, at a sign-in, a regenerate and an anonymous first write', async () => {
    const sids: Record<string, string[]> = { signIn: [], regenerate: [], write: [] }
    for (let left = MANY; left > 0; left--) {
      const { manager } = setUp()
      const session = await manager.load(new Request('https://site.example/'))
      session.data.step = 1
      await session.save()
      sids.write?.push(session.sid ?? '')
      await session.signIn('ada')
      sids.signIn?.push(session.sid ?? '')
      await session.regenerate()
      sids.regenerate?.push(session.sid ?? '')
    }
    for (const some of Object.values(sids)) expect(bitsThatChange(some)).toBe(128)
  })
})

describe('keys', () => {
  it('are 256 bits for AES-GCM, and cannot be taken out', async () => {
    const importKey = vi.spyOn(crypto.subtle, 'importKey')
    const deriveKey = vi.spyOn(crypto.subtle, 'deriveKey')
    await seal(1, { keys: generateKey(), purpose: 'test', ttl: 60 })
    const made = [...importKey.mock.results, ...deriveKey.mock.results]
    const keys: CryptoKey[] = await Promise.all(made.map(({ value }) => value))
    expect(keys.map(({ extractable }) => extractable)).toEqual([false, false])
    expect(keys[1]?.algorithm).toEqual({ name: 'AES-GCM', length: 256 })
    vi.restoreAllMocks()
  })

  it('have ids of 48 bits', async () => {
    const token = await seal(1, { keys: generateKey(), purpose: 'test', ttl: 60 })
    const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())
    expect(Buffer.from(header.kid.split('.')[0], 'base64url')).toHaveLength(6)
  })
})

describe('the sub-key of an hour', () => {
  const HOUR = 3_600_000
  const DAY = 24 * HOUR
  // In the middle of an hour, so that 400 days later the oldest hour is still needed.
  const start = Date.parse('2026-03-01T12:30:00Z')

  it('opens what it sealed until the last second of the longest life', async () => {
    const keys = generateKey()
    const at = (now: number) => ({ keys, purpose: 'test', now: () => now })
    const token = await seal('x', { ...at(start), ttl: 400 * 86_400 })
    expect(await unseal(token, at(start + 400 * DAY - 1))).toBe('x')
    await expect(unseal(token, at(start + 400 * DAY))).rejects.toMatchObject({ code: 'expired' })
  })

  it('is derived once while anything that it sealed may be alive, and then dropped', async () => {
    const keys = generateKey()
    const at = (now: number) => ({ keys, purpose: 'test', now: () => now })
    const old = await seal('old', { ...at(start), ttl: 400 * 86_400 })
    const derive = vi.spyOn(crypto.subtle, 'deriveKey')
    const openAt = async (now: number) => {
      const fresh = await seal('fresh', { ...at(now), ttl: 60 })
      await unseal(fresh, at(now))
    }
    // The isolate that opens a new hour still needs the oldest.
    await openAt(start + 400 * DAY - 1)
    expect(await unseal(old, at(start + 400 * DAY - 1))).toBe('old')
    expect(derive).toHaveBeenCalledTimes(1)
    const next = await seal('next', { ...at(start + HOUR), ttl: 60 })
    expect(derive).toHaveBeenCalledTimes(2)
    await unseal(next, at(start + HOUR))
    expect(derive).toHaveBeenCalledTimes(2)
    // What is opened from a new hour drops what is older than the longest life.
    const late = start + 402 * DAY
    const foreign = await seal('late', { ...at(late), ttl: 60 })
    expect(derive).toHaveBeenCalledTimes(3)
    expect(await unseal(foreign, at(late))).toBe('late')
    derive.mockRestore()
  })
})
