/** What must be random is, in every bit; and keys stay where they are. */

import { describe, expect, it, vi } from 'vitest'
import { generateKey, seal, unseal } from '../../src/index.ts'
import { setUp } from '../kit/visitor.ts'
import { graphOf } from '../races/isolates.ts'

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

  it.each([1, 16, 24, 31, 33, 64])('of %i bytes are refused', async (bytes) => {
    // Ends like a key of the right length: only the length is wrong.
    const keys = 'A'.repeat(Math.ceil((bytes * 8) / 6))
    const sealing = seal(1, { keys, purpose: 'test', ttl: 60 })
    await expect(sealing).rejects.toThrow(/"keys" must hold .*32 random bytes/)
  })

  it('have ids of 48 bits', async () => {
    const token = await seal(1, { keys: generateKey(), purpose: 'test', ttl: 60 })
    const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())
    expect(Buffer.from(header.kid.split('.')[0], 'base64url')).toHaveLength(6)
  })
})

describe('the sub-key of an hour', () => {
  const DAY = 86_400_000
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
    const [soon, late, tooLate] = [start, start + 400 * DAY - 1, start + 402 * DAY] as const
    // Sealed elsewhere, so that nothing is derived here before it is opened.
    const elsewhere = (
      await graphOf<{ seal: typeof seal }>(`export { seal } from './src/index.ts'`)
    )({
      now: () => start,
    })
    const sealAt = (now: number) => elsewhere.seal(now, { ...at(now), ttl: 400 * 86_400 })
    const [old, newer, newest] = [await sealAt(soon), await sealAt(late), await sealAt(tooLate)]
    const derive = vi.spyOn(crypto.subtle, 'deriveKey')
    const derivations = async (token: string, now: number) => {
      await unseal(token, at(now))
      return derive.mock.calls.length
    }
    expect(await derivations(old, soon)).toBe(1)
    expect(await derivations(newer, late)).toBe(2)
    // The oldest hour that counts is still there when a new one has come,
    expect(await derivations(old, late)).toBe(2)
    expect(await derivations(newest, tooLate)).toBe(3)
    // and is gone when it counts no more.
    expect(await derivations(old, soon)).toBe(4)
    derive.mockRestore()
  })
})
