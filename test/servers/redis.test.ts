/** The list on Redis against real servers: through each client, and with what goes wrong with servers. */

import { setTimeout as sleep } from 'node:timers/promises'
import { createCluster } from '@redis/client'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisRevocationList } from '../../src/redis.ts'
import { holdsToTheContract, holdsToTheContractOfClaim } from '../contracts/revocation-list.ts'
import { freePort } from '../outside/programs.ts'
import {
  CLIENTS,
  type Client,
  formCluster,
  RedisServer,
  startFailover,
  untilItWorks,
} from './redis-server.ts'

const MARK = Date.now()
const ALL = { scope: 'all' } as const
const sidOf = (n: number) => ({ scope: 'session', sid: String(n).padStart(22, '0') }) as const

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

    holdsToTheContract(async () => {
      await server.command('FLUSHALL')
      return redisRevocationList(client.send)
    })

    holdsToTheContractOfClaim(async () => {
      await server.command('FLUSHALL')
      return redisRevocationList(client.send)
    })

    it('keeps a claim as long as it was told', async () => {
      const until = Date.now() + 3_600_000
      await redisRevocationList(client.send).claim?.('name', until)
      const life = Number(await server.command('PTTL', 'revoked/claimed/name'))
      expect(Math.round(life / 60_000)).toBe(60)
    })

    it('keeps an entry as long as it was told, and then forgets it', async () => {
      const list = redisRevocationList(client.send)
      await list.write(ALL, MARK, 3_600)
      await list.write({ scope: 'since', subject: 'ada' }, MARK, 7_200)
      const life = async (key: string) =>
        Math.round(Number(await server.command('PTTL', key)) / 60_000)
      expect(await life('revoked/all')).toBe(60)
      expect(await life('revoked/since/ada')).toBe(120)
      await server.command('PEXPIRE', 'revoked/all', '1')
      await sleep(20)
      expect(await list.read([ALL])).toEqual([undefined])
    })

    it('keeps the newest of many `since` marks that are written at once', async () => {
      const list = redisRevocationList(client.send)
      const target = { scope: 'since', subject: `at once ${name}` } as const
      const marks = Array.from({ length: 200 }, (_, i) => MARK + ((i * 73) % 200))
      await Promise.all(marks.map((mark) => list.write(target, mark, 3_600)))
      expect(await list.read([target])).toEqual([MARK + 199])
    })

    it('rejects what the server refuses for want of memory, and goes on reading', async () => {
      const list = redisRevocationList(client.send)
      await list.write(ALL, MARK, 3_600)
      await server.command('CONFIG', 'SET', 'maxmemory', '1')
      try {
        await expect(list.write(ALL, MARK + 1, 3_600)).rejects.toThrow(/OOM/)
        await expect(list.write({ scope: 'since', subject: 'grace' }, MARK, 3_600)).rejects.toThrow(
          /OOM/,
        )
        expect(await list.read([ALL])).toEqual([MARK])
      } finally {
        await server.command('CONFIG', 'SET', 'maxmemory', '0')
      }
    })

    it('rejects what a replica refuses', async () => {
      const list = redisRevocationList(client.send)
      await server.command('REPLICAOF', '127.0.0.1', '1')
      try {
        await expect(list.write(ALL, MARK, 3_600)).rejects.toThrow(/READONLY/)
      } finally {
        await server.command('REPLICAOF', 'NO', 'ONE')
      }
    })
  })

  it('reads by hand what an operator wrote by hand', async () => {
    const list = redisRevocationList((command) => server.command(...command))
    await server.command('SET', 'revoked/subject/ada', '2026-01-01T00:00:00Z')
    await server.command('SET', 'revoked/since/ada', '2030-01-01')
    await server.command('SET', 'revoked/all', 'yesterday')
    const since = { scope: 'since', subject: 'ada' } as const
    const asked = [{ scope: 'subject', subject: 'ada' } as const, since, ALL]
    const expected = [Date.parse('2026-01-01'), Date.parse('2030-01-01'), Infinity]
    expect(await list.read(asked)).toEqual(expected)
    await list.write(since, MARK, 3_600)
    expect(await list.read(asked)).toEqual(expected)
  })
})

describe.each(Object.keys(CLIENTS))('a Redis server that is killed, through %s', (name) => {
  it('has every mark that was acknowledged when it is back, and none that was begun while it was down', {
    timeout: 60_000,
  }, async () => {
    const server = await RedisServer.start()
    const client = await (CLIENTS[name] as (port: number) => Promise<Client>)(server.port)
    const list = redisRevocationList(client.send)
    try {
      const acknowledged: number[] = []
      const refused: number[] = []
      let isDead = false
      let next = 0
      const writers = Array.from({ length: 8 }, async () => {
        while (!isDead) {
          const mine = next++
          await list.write(sidOf(mine), MARK, 3_600).then(
            () => acknowledged.push(mine),
            // A client that is offline refuses at once, which would keep everything else from going on.
            () => sleep(5).then(() => refused.push(mine)),
          )
        }
      })
      await until(() => acknowledged.length >= 50)
      await server.kill()
      // Nothing that is begun now may be acknowledged, or be done later on.
      await expect(list.write(ALL, MARK, 3_600)).rejects.toThrow()
      isDead = true
      await Promise.all(writers)
      await server.restart()
      await untilItWorks(client.send)
      const marks = await list.read(acknowledged.map(sidOf))
      expect(marks.filter((mark) => mark !== MARK)).toEqual([])
      expect(await list.read([ALL])).toEqual([undefined])
      console.log(
        `redis killed, through ${name}: ${acknowledged.length} acknowledged, 0 lost, ` +
          `${refused.length} refused`,
      )
    } finally {
      await client.close()
      await server.end()
    }
  })
})

describe('a cluster of three', () => {
  const servers: RedisServer[] = []
  beforeAll(async () => {
    for (let n = 0; n < 3; n++) {
      const bus = await freePort()
      servers.push(
        await RedisServer.start(
          '--cluster-enabled',
          'yes',
          '--cluster-port',
          String(bus),
          '--cluster-node-timeout',
          '1000',
        ),
      )
    }
    await formCluster(servers)
  }, 60_000)
  afterAll(async () => {
    for (const server of servers) await server.end()
  })

  const flush = () => Promise.all(servers.map((server) => server.command('FLUSHALL')))
  const startup = () => servers.map(({ port }) => ({ host: '127.0.0.1', port }))
  const clients: Record<string, () => Promise<Client>> = {
    async ioredis() {
      const cluster = new Redis.Cluster(startup(), {
        enableOfflineQueue: false,
        lazyConnect: true,
        redisOptions: { maxRetriesPerRequest: 1 },
      })
      cluster.on('error', () => {})
      await cluster.connect()
      return {
        send: ([name = '', ...args]) => cluster.call(name, args) as Promise<unknown>,
        close: () => cluster.disconnect(),
      }
    },
    async 'node-redis'() {
      const cluster = createCluster({
        rootNodes: startup().map((socket) => ({ socket })),
        defaults: { disableOfflineQueue: true },
      })
      cluster.on('error', () => {})
      await cluster.connect()
      return {
        // The cluster client is told which key decides: the third word of EVAL's, else the first.
        send: (command) =>
          cluster.sendCommand(command[command[0] === 'EVAL' ? 3 : 1], false, command),
        close: () => cluster.destroy(),
      }
    },
  }

  describe.each(Object.keys(clients))('through %s', (name) => {
    let client: Client
    beforeAll(async () => {
      client = await (clients[name] as () => Promise<Client>)()
    })
    afterAll(() => client.close())

    describe('with a GET for each key', () => {
      holdsToTheContract(async () => {
        await flush()
        return redisRevocationList(client.send, { cluster: true })
      })
    })

    describe('with a hash tag in the prefix', () => {
      holdsToTheContract(async () => {
        await flush()
        return redisRevocationList(client.send, { prefix: '{revoked}/' })
      })
    })
  })

  it('rejects without either, because an MGET across slots fails', async () => {
    const list = redisRevocationList((command) => (servers[0] as RedisServer).command(...command))
    await expect(list.read([sidOf(1), sidOf(2), sidOf(3)])).rejects.toThrow(/CROSSSLOT/)
  })

  it('rejects a read when one of its nodes is down: half an answer is none', {
    timeout: 60_000,
  }, async () => {
    const client = await (clients['node-redis'] as () => Promise<Client>)()
    const list = redisRevocationList(client.send, { cluster: true })
    const many = Array.from({ length: 40 }, (_, n) => sidOf(n))
    try {
      for (const target of many) await list.write(target, MARK, 3_600)
      await servers[2]?.kill()
      await expect(list.read(many)).rejects.toThrow()
      await servers[2]?.restart()
      await untilItWorks(async () => list.read(many))
      expect(await list.read(many)).toEqual(many.map(() => MARK))
    } finally {
      await client.close()
    }
  })
})

describe('a failover by Sentinel', () => {
  it('keeps what was acknowledged with WAIT 1, and refuses what no replica has', {
    timeout: 120_000,
  }, async () => {
    const redis = await startFailover()
    const list = redisRevocationList(redis.send)
    try {
      const acknowledged: number[] = []
      let isOver = false
      let next = 0
      const writers = Array.from({ length: 4 }, async () => {
        while (!isOver) {
          const mine = next++
          await list.write(sidOf(mine), MARK, 3_600).then(
            () => acknowledged.push(mine),
            () => sleep(20),
          )
        }
      })
      await until(() => acknowledged.length >= 100)
      // The replica that takes its place has no replica of its own, so that WAIT 1 refuses.
      await redis.failOver()
      isOver = true
      await Promise.all(writers)
      await untilItWorks(() => list.read([ALL]))
      const lost = (await list.read(acknowledged.map(sidOf))).filter((mark) => mark !== MARK)
      console.log(`redis failover: ${acknowledged.length} acknowledged, ${lost.length} lost`)
      expect(lost).toEqual([])
      await expect(list.write(ALL, MARK, 3_600)).rejects.toThrow('no replica has it')
    } finally {
      await redis.end()
    }
  })
})

/** Waits for it, however slow the machine is. */
async function until(isSo: () => boolean): Promise<void> {
  await expect.poll(isSo, { timeout: 30_000, interval: 5 }).toBe(true)
}
