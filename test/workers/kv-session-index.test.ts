import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { kvSessionIndexStore } from '../../src/cloudflare/kv-session-index.ts'
import { kvRevocationList, kvSessionIndex } from '../../src/cloudflare.ts'
import { createSessionManager, generateKey } from '../../src/index.ts'
import { holdsToTheIndexContract } from '../contracts/session-index.ts'
import { Visitor } from '../kit/visitor.ts'

// The local KV takes a few milliseconds for each of a thousand writes.
vi.setConfig({ testTimeout: 60_000 })

const { REVOCATIONS } = env as unknown as { REVOCATIONS: KVNamespace }

async function empty(): Promise<void> {
  let isComplete = false
  while (!isComplete) {
    const { keys, list_complete } = await REVOCATIONS.list()
    await Promise.all(keys.map(({ name }) => REVOCATIONS.delete(name)))
    isComplete = list_complete
  }
}

const hex = (index: number) => index.toString(16).padStart(64, '0')
const sid = (index: number) => String(index).padStart(22, 'x')

describe('the session index on KV', () => {
  holdsToTheIndexContract(async () => {
    await empty()
    return kvSessionIndexStore(REVOCATIONS)
  })

  it('writes keys that are found by the hash of a subject, and keeps them to the limit of the session', async () => {
    await empty()
    const manager = createSessionManager({
      keys: generateKey(),
      revocationList: kvRevocationList(REVOCATIONS),
      sessionIndex: kvSessionIndex(REVOCATIONS),
    })
    const session = await manager.load(new Request('https://site.example/'))
    await session.signIn('ada')
    await manager.commit(session, new Response())
    const { keys } = await REVOCATIONS.list<{ began: number }>()
    // printf %s ada | sha256sum
    const ada = 'fdee430d40bd57deeac186cd9790033d0f06f909a8806e7ce6e717ab7c7d5029'
    expect(keys).toEqual([
      {
        name: `sessions/${ada}/${session.family}`,
        expiration: expect.any(Number),
        metadata: expect.objectContaining({ began: session.createdAt?.getTime() }),
      },
    ])
    const life = (keys[0]?.expiration ?? 0) - Date.now() / 1000
    expect(Math.round(life / 60)).toBe(12 * 60 + 1)
    expect(await manager.listSessions('ada')).toHaveLength(1)
  })

  it('lists one of three sessions under one name, and ends it also after it regenerated', async () => {
    await empty()
    const manager = createSessionManager({
      keys: generateKey(),
      revocationList: kvRevocationList(REVOCATIONS),
      sessionIndex: kvSessionIndex(REVOCATIONS),
    })
    const visitors = [1, 2, 3].map(() => new Visitor(manager, Date.now))
    for (const visitor of visitors) await visitor.visit((session) => session.signIn('ada'))
    const [regenerated, ...others] = visitors as [Visitor, Visitor, Visitor]
    await regenerated.visit((session) => session.regenerate())
    expect(await manager.listSessions('ada')).toHaveLength(3)
    await manager.revokeSession(await regenerated.see(({ family }) => family ?? ''))
    expect(await manager.listSessions('ada')).toHaveLength(2)
    expect(await regenerated.see(({ ended }) => ended)).toBe('revoked')
    for (const other of others) expect(await other.see(({ subject }) => subject)).toBe('ada')
  })

  it('goes on behind the answer', async () => {
    const store = kvSessionIndexStore(REVOCATIONS)
    let isDone = false
    const work = (async () => {
      await store.write(hex(1), sid(1), { began: 1 }, 60)
      isDone = true
    })()
    store.background?.(work)
    await work
    expect(isDone).toBe(true)
  })

  it('says so when the binding is missing', () => {
    expect(() => kvSessionIndex(undefined as never)).toThrow(
      'kvSessionIndex() takes a KV namespace; is its binding in wrangler.toml, and of the same name?',
    )
    expect(() => kvSessionIndex(REVOCATIONS, { ttl: 1 } as never)).toThrow(/no option "ttl"/)
  })
})
