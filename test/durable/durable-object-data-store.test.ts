/** The data store on Durable Objects, in workerd. */

import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { type DataObject, durableObjectDataStore } from '../../src/durable-object.ts'
import { connect, holdsToTheContract } from '../contracts/data-store.ts'

const { SESSION_DATA } = env as unknown as { SESSION_DATA: DurableObjectNamespace<DataObject> }

const HOUR = 3_600_000

describe('the data store on Durable Objects', () => {
  holdsToTheContract(() => () => durableObjectDataStore(SESSION_DATA))

  it('takes a megabyte and a third, and is told so when more is asked for', async () => {
    const make = () => durableObjectDataStore(SESSION_DATA, { maxData: 1_400_000 })
    const json = JSON.stringify('x'.repeat(1_399_998))
    const reference = await connect(make(), Date.now).write(json, Date.now() + HOUR)
    expect(await connect(make(), Date.now).read(reference)).toBe(json)
    expect(() => durableObjectDataStore(SESSION_DATA, { maxData: 1_400_001 })).toThrow(
      new TypeError('"maxData" can be at most 1400000 on Durable Objects'),
    )
  })

  it('spreads entries over many objects', async () => {
    const names = new Set<string>()
    const namespace = {
      idFromName(name: string) {
        names.add(name)
        return SESSION_DATA.idFromName(name)
      },
      get: (id: DurableObjectId, options?: DurableObjectNamespaceGetDurableObjectOptions) =>
        SESSION_DATA.get(id, options),
    }
    const store = connect(durableObjectDataStore(namespace as never), Date.now)
    for (let i = 0; i < 40; i++) await store.write('{"a":1}', Date.now() + HOUR)
    expect(names.size).toBeGreaterThan(10)
    for (const name of names) expect(name).toMatch(/^session-data-[\w-]$/)
  })

  it('asks once more when the object has moved, and not when it is overloaded', async () => {
    let calls = 0
    const failing = (properties: object) => ({
      idFromName: (name: string) => name,
      get: () => ({
        async read() {
          calls++
          if (calls === 1) throw Object.assign(new Error('moved'), properties)
          return null
        },
        async write() {},
      }),
    })
    const reference = `${'A'.repeat(22)}.${'A'.repeat(43)}.${Math.floor(Date.now() / 1000) - 500}`
    const read = (properties: object) =>
      connect(durableObjectDataStore(failing(properties)), Date.now).read(reference)
    expect(await read({ retryable: true })).toBeUndefined()
    expect(calls).toBe(2)
    calls = 0
    expect(await read({ retryable: true, overloaded: true })).toMatchObject({
      code: 'data-unavailable',
    })
    expect(calls).toBe(1)
  })

  it('deletes entries whose time is over, and comes again while there is something', async () => {
    const object = SESSION_DATA.get(SESSION_DATA.newUniqueId())
    const keys = () =>
      runInDurableObject(object, (_: DataObject, { storage: { sql } }) =>
        sql.exec('SELECT key FROM entries ORDER BY key').toArray(),
      )
    await object.write('over', 'x', 0)
    await object.write('alive', 'y', 3_600)
    expect([await object.read('over'), await object.read('alive')]).toEqual([null, 'y'])
    expect(await runDurableObjectAlarm(object)).toBe(true)
    expect(await keys()).toEqual([{ key: 'alive' }])
    await runInDurableObject(object, (_: DataObject, { storage: { sql } }) => {
      sql.exec('UPDATE entries SET until = 0')
    })
    expect(await runDurableObjectAlarm(object)).toBe(true)
    expect(await keys()).toEqual([])
    expect(await runDurableObjectAlarm(object)).toBe(false)
    await object.write('again', 'z', 3_600)
    expect(await runDurableObjectAlarm(object)).toBe(true)
  })

  it('says so when the binding is missing', () => {
    expect(() => durableObjectDataStore(undefined as never)).toThrow(
      /takes a Durable Object namespace; is its binding in wrangler.toml/,
    )
    expect(() => durableObjectDataStore(SESSION_DATA, { keeps: 'always' } as object)).toThrow(
      /no option "keeps" in .*; did you mean "keep"/,
    )
  })
})
