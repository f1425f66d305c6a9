/** The session index on Durable Objects, in workerd. */

import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { durableObjectSessionIndexStore } from '../../src/durable-object/durable-object-session-index.ts'
import { durableObjectSessionIndex, type SessionIndexObject } from '../../src/durable-object.ts'
import { createSessionManager, generateKey, memoryRevocationList } from '../../src/index.ts'
import { holdsToTheIndexContract } from '../contracts/session-index.ts'

const { SESSIONS } = env as unknown as { SESSIONS: DurableObjectNamespace<SessionIndexObject> }

/** A namespace whose objects no other test has met. */
function namespace() {
  const ids = new Map<string, DurableObjectId>()
  return {
    idFromName(name: string) {
      const id = ids.get(name) ?? SESSIONS.newUniqueId()
      ids.set(name, id)
      return id
    },
    get: (id: { toString(): string }) => SESSIONS.get(id as DurableObjectId),
  }
}

const sid = (text: string) => text.padEnd(22, '_')
const RECORD = { began: 1, seen: 2, until: 3 }

describe('the session index on Durable Objects', () => {
  holdsToTheIndexContract(() => durableObjectSessionIndexStore(namespace()))

  it('gives a damaged record as it is', async () => {
    const space = namespace()
    const store = durableObjectSessionIndexStore(space)
    await store.write('ada', sid('one'), RECORD, 60)
    const object = SESSIONS.get(space.idFromName('ada'))
    await runInDurableObject(object, (_: SessionIndexObject, { storage }) => {
      storage.sql.exec(`UPDATE sessions SET record = '{'`)
    })
    expect(await store.list('ada')).toEqual([{ family: sid('one'), record: '{' }])
  })

  it('forgets a record when its time is over, and its storage with the last one', async () => {
    const space = namespace()
    const store = durableObjectSessionIndexStore(space)
    await store.write('ada', sid('one'), RECORD, 3_600)
    await store.write('ada', sid('two'), RECORD, 3_600)
    const object = SESSIONS.get(space.idFromName('ada'))
    const expire = (family: string) =>
      runInDurableObject(object, (_: SessionIndexObject, { storage }) => {
        storage.sql.exec('UPDATE sessions SET until = 1 WHERE family = ?', family)
      })
    const tables = () =>
      runInDurableObject(object, (_: SessionIndexObject, { storage }) =>
        storage.sql.exec(`SELECT name FROM sqlite_master WHERE name = 'sessions'`).toArray(),
      )
    await expire(sid('one'))
    expect(await store.read('ada', sid('one'))).toBeUndefined()
    expect(await store.list('ada')).toHaveLength(1)
    expect(await runDurableObjectAlarm(object)).toBe(true)
    expect(await tables()).toHaveLength(1)
    await expire(sid('two'))
    expect(await runDurableObjectAlarm(object)).toBe(true)
    expect(await tables()).toHaveLength(0)
    await store.write('ada', sid('three'), RECORD, 3_600)
    expect(await store.list('ada')).toEqual([{ family: sid('three'), record: RECORD }])
    expect(await runDurableObjectAlarm(object)).toBe(true)
  })

  it('serves a manager', async () => {
    const manager = createSessionManager({
      keys: generateKey(),
      revocationList: memoryRevocationList({ now: Date.now }),
      sessionIndex: durableObjectSessionIndex(SESSIONS, { describe: () => ({ a: 'b' }) }),
    })
    const session = await manager.load(new Request('https://site.example/'))
    await session.signIn('ada')
    await manager.commit(session, new Response())
    expect(await manager.listSessions('ada')).toMatchObject([
      { family: session.family, description: { a: 'b' } },
    ])
  })

  it('says so when the binding is missing', () => {
    expect(() => durableObjectSessionIndex(undefined as never)).toThrow(
      'durableObjectSessionIndex() takes a Durable Object namespace; does wrangler.toml have a binding ' +
        'of the same name?',
    )
  })
})
