/** The data store on Redis against real servers: through each client, in a cluster, through a failover. */

import { setTimeout as sleep } from 'node:timers/promises'
import { createCluster } from '@redis/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSessionManager, generateKey, memoryRevocationList } from '../../src/index.ts'
import { redisDataStore, type SendCommand } from '../../src/redis.ts'
import { connect, holdsToTheContract } from '../contracts/data-store.ts'
import { type AnyData, Visitor } from '../kit/visitor.ts'
import { freePort } from '../outside/programs.ts'
import {
  CLIENTS,
  type Client,
  formCluster,
  RedisServer,
  startFailover,
  untilItWorks,
} from './redis-server.ts'

const HOUR = 3_600_000

describe('a Redis server', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await RedisServer.start()
  })
  afterAll(() => server.end())

  describe.each(Object.keys(CLIENTS))('through %s', (name) => {
    let client: Client
    beforeAll(async () => {
      client = await (CLIENTS[name] as (port: number) => Promise<Client>)(server.port)
    })
    afterAll(() => client.close())

    holdsToTheContract(() => () => redisDataStore(client.send))

    it('keeps an entry a minute longer than the session', async () => {
      const reference = await connect(redisDataStore(client.send), Date.now).write(
        '{"a":1}',
        Date.now() + HOUR,
      )
      const [key] = reference.split('.')
      expect(await server.command('TTL', `session-data/${key}`)).toBeGreaterThan(3_650)
      expect(await server.command('TTL', `session-data/${key}`)).toBeLessThanOrEqual(3_660)
    })

    it('rejects what the server refuses', async () => {
      const store = connect(redisDataStore(client.send), Date.now)
      await server.command('REPLICAOF', '127.0.0.1', '1')
      try {
        await expect(store.write('{"a":1}', Date.now() + HOUR)).rejects.toMatchObject({
          code: 'data-unavailable',
          cause: { message: expect.stringMatching(/READONLY/) },
        })
      } finally {
        await server.command('REPLICAOF', 'NO', 'ONE')
      }
    })
  })

  it('rejects an answer that is no answer to the command', async () => {
    const queued = connect(
      redisDataStore(async () => 'QUEUED'),
      Date.now,
    )
    await expect(queued.write('{"a":1}', Date.now() + HOUR)).rejects.toMatchObject({
      code: 'data-unavailable',
    })
    const reference = `${'A'.repeat(22)}.${'A'.repeat(43)}.1`
    expect(await queued.read(reference)).toBeUndefined()
    const numbers = connect(
      redisDataStore(async () => 1),
      Date.now,
    )
    expect(await numbers.read(reference)).toMatchObject({ code: 'data-unavailable' })
  })

  it('is a mistake without a function', () => {
    expect(() => redisDataStore({} as SendCommand)).toThrow(/takes a function that sends a command/)
  })
})

describe('a cluster of three', () => {
  const servers: RedisServer[] = []
  beforeAll(async () => {
    for (let n = 0; n < 3; n++) {
      const settings = ['--cluster-enabled', 'yes', '--cluster-port', String(await freePort())]
      servers.push(await RedisServer.start(...settings, '--cluster-node-timeout', '1000'))
    }
    await formCluster(servers)
  }, 60_000)
  afterAll(async () => {
    for (const server of servers) await server.end()
  })

  describe('through node-redis', () => {
    let send: SendCommand
    let close: () => void
    beforeAll(async () => {
      const cluster = createCluster({
        rootNodes: servers.map(({ port }) => ({ socket: { host: '127.0.0.1', port } })),
        defaults: { disableOfflineQueue: true },
      })
      cluster.on('error', () => {})
      await cluster.connect()
      send = (command) => cluster.sendCommand(command[1], false, command)
      close = () => cluster.destroy()
    })
    afterAll(() => close())

    holdsToTheContract(() => () => redisDataStore(send))

    it('spreads entries over all nodes', async () => {
      const store = connect(redisDataStore(send), Date.now)
      for (let n = 0; n < 30; n++) await store.write('{"a":1}', Date.now() + HOUR)
      for (const server of servers) expect(await server.command('DBSIZE')).toBeGreaterThan(0)
    })
  })
})

describe('a failover by Sentinel', () => {
  it('loses no session with 64 kB of data that was acknowledged, and invents none', {
    timeout: 120_000,
  }, async () => {
    const redis = await startFailover()
    const keys = generateKey()
    const list = memoryRevocationList({ now: Date.now })
    /** A server that remembers nothing of data. */
    const isolate = () =>
      createSessionManager<AnyData>({
        keys,
        revocationList: list,
        dataStore: redisDataStore(redis.send),
      })
    try {
      const acknowledged: { visitor: Visitor; note: string }[] = []
      let isOver = false
      let next = 0
      let refused = 0
      const writers = Array.from({ length: 4 }, async () => {
        while (!isOver) {
          const note = String(next++).padEnd(65_000, '.')
          const visitor = new Visitor(isolate(), Date.now)
          try {
            await visitor.visit((session) => {
              session.data.note = note
            })
            acknowledged.push({ visitor, note })
          } catch (error) {
            expect(error).toMatchObject({ code: 'data-unavailable' })
            // No cookie without its data.
            expect(visitor.jar.names()).toEqual([])
            refused++
            await sleep(20)
          }
        }
      })
      await sleep(1_000)
      expect(acknowledged.length).toBeGreaterThan(20)
      await redis.failOver()
      isOver = true
      await Promise.all(writers)
      await untilItWorks(() => redis.send(['GET', 'x']))
      let lost = 0
      for (const { visitor, note } of acknowledged) {
        const found = await visitor.copy(isolate()).see(({ data }) => data.note)
        if (found !== note) lost++
      }
      console.log(
        `redis failover: ${acknowledged.length} sessions with 64 kB acknowledged, ${lost} lost; ${refused} refused`,
      )
      expect(lost).toBe(0)
      expect(refused).toBeGreaterThan(0)
    } finally {
      await redis.end()
    }
  })
})
