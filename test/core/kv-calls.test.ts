import { describe, expect, it, vi } from 'vitest'
import { kvRevocationList, type RevocationNamespace } from '../../src/cloudflare.ts'

/** What the list asks of a namespace, which remembers nothing itself. */
function namespace(answer: (keys: string[]) => Map<string, string | null>) {
  return {
    get: vi.fn(async (keys: string[]) => answer(keys)),
    put: vi.fn(async () => {}),
  } satisfies RevocationNamespace
}

const nothing = (keys: string[]) => new Map(keys.map((key) => [key, null] as const))

describe('a namespace is asked', () => {
  it('for text, which KV may cache for 30 s and no longer', async () => {
    const kv = namespace(nothing)
    await kvRevocationList(kv).read([{ scope: 'all' }])
    expect(kv.get).toHaveBeenCalledExactlyOnceWith(['revoked/all'], { type: 'text', cacheTtl: 30 })
  })

  it('to keep an entry as long as the list was told, and at least 60 s', async () => {
    const kv = namespace(nothing)
    const list = kvRevocationList(kv)
    for (const seconds of [59, 60, 61, 3_600]) await list.write({ scope: 'all' }, 1, seconds)
    expect(kv.put.mock.calls).toEqual(
      [60, 60, 61, 3_600].map((expirationTtl) => ['revoked/all', '1', { expirationTtl }]),
    )
  })
})

describe('an answer', () => {
  it('that says nothing of a key is not taken for "nothing revoked"', async () => {
    const kv = namespace(([first = '']) => new Map([[first, null]]))
    const read = kvRevocationList(kv).read([{ scope: 'all' }, { scope: 'subject', subject: 'ada' }])
    await expect(read).rejects.toThrow(/KV answered/)
  })
})

describe('a subject', () => {
  it('cannot be named so that its key is that of a hashed one', async () => {
    const kv = namespace(nothing)
    const long = 'a'.repeat(401)
    await kvRevocationList(kv).write({ scope: 'subject', subject: long }, 1, 60)
    const [key = ''] = kv.put.mock.calls[0] as unknown as [string]
    const hash = key.slice(key.lastIndexOf('/') + 1)
    await kvRevocationList(kv).write({ scope: 'subject', subject: hash }, 1, 60)
    expect(kv.put.mock.calls[1]).not.toContain(key)
  })
})

describe('a mark of endOthers', () => {
  it('takes the place of an entry that cannot be read', async () => {
    const kv = namespace((keys) => new Map(keys.map((key) => [key, 'yesterday'] as const)))
    await kvRevocationList(kv).write({ scope: 'since', subject: 'ada' }, 5, 60)
    expect(kv.put.mock.calls).toEqual([['revoked/since/ada', '5', { expirationTtl: 60 }]])
  })
})
