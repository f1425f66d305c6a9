import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { kvDataStore } from '../../src/cloudflare.ts'
import { connect, holdsToTheContract } from '../contracts/data-store.ts'

const { REVOCATIONS: SESSION_DATA } = env as unknown as { REVOCATIONS: KVNamespace }

describe('the data store on KV', () => {
  holdsToTheContract(() => () => kvDataStore(SESSION_DATA))

  it('writes under keys of its own, for as long as the session lives and a minute', async () => {
    const written: unknown[] = []
    const namespace = {
      get: async () => null,
      put: async (...args: unknown[]) => void written.push(args),
    }
    const store = connect(kvDataStore(namespace), () => 1_000_000)
    const reference = await store.write('{"a":1}', 1_000_000 + 3_600_000)
    const [key = ''] = reference.split('.')
    expect(written).toEqual([[`session-data/${key}`, btoa('{"a":1}'), { expirationTtl: 3_660 }]])
  })

  it('never asks KV for less than it takes', async () => {
    const store = connect(kvDataStore(SESSION_DATA), () => Date.now())
    const reference = await store.write('{"a":1}', Date.now() - 30_000)
    expect(await connect(kvDataStore(SESSION_DATA), Date.now).read(reference)).toBe('{"a":1}')
  })

  it('is a mistake without a namespace', () => {
    expect(() => kvDataStore(undefined as never)).toThrow(/takes a KV namespace; is its binding/)
  })
})
