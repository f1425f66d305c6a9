/** Real Redis servers on ports of this machine, each with a folder of its own, and the clients of our users. */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createClient } from '@redis/client'
import { Redis } from 'ioredis'
import type { SendCommand } from '../../src/redis.ts'
import { freePort } from '../outside/programs.ts'

const PATIENCE = 20_000

/** The settings that lose nothing, as the guide gives them. */
const SAFE = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction']

export class RedisServer {
  readonly port: number
  readonly #folder = mkdtempSync(join(tmpdir(), 'sealed-session-redis-'))
  readonly #command: string[]
  #process: ChildProcess | undefined

  private constructor(port: number, settings: readonly string[]) {
    this.port = port
    const own = ['--port', String(port), '--bind', '127.0.0.1', '--dir', this.#folder]
    this.#command = [...own, '--save', '', ...settings]
  }

  static async start(...settings: string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), [...SAFE, ...settings])
    await server.restart()
    return server
  }

  /** A Sentinel, with the lines of its file. */
  static async startSentinel(...lines: string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), ['--sentinel'])
    const file = join(server.#folder, 'sentinel.conf')
    writeFileSync(file, `${lines.join('\n')}\n`)
    server.#command.unshift(file)
    await server.restart()
    return server
  }

  /** Starts it again, with what it has on disk. */
  async restart(): Promise<void> {
    this.#process = spawn('redis-server', this.#command, { stdio: 'ignore' })
    await untilItAnswers(this.port)
  }

  /** SIGKILL: nothing is written any more. */
  async kill(): Promise<void> {
    const child = this.#process
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }

  async end(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** One command by a connection of its own, as with `redis-cli`. */
  command(...command: string[]): Promise<unknown> {
    return commandOf(this.port, command)
  }
}

/** A client with how to send a command through it, and how to close it. */
export interface Client {
  readonly send: SendCommand
  close(): void | Promise<void>
}

/** The three clients, each as the guide says: none queues commands while it is offline. */
export const CLIENTS: Readonly<Record<string, (port: number) => Promise<Client>>> = {
  async 'node-redis'(port) {
    const client = createClient({
      socket: { host: '127.0.0.1', port, reconnectStrategy: 100 },
      disableOfflineQueue: true,
    })
    client.on('error', () => {})
    await client.connect()
    return { send: (command) => client.sendCommand(command), close: () => client.destroy() }
  },
  async ioredis(port) {
    const client = new Redis({
      port,
      enableOfflineQueue: false,
      // Otherwise what was under way when the connection broke is sent again later on.
      maxRetriesPerRequest: 0,
      lazyConnect: true,
    })
    client.on('error', () => {})
    await client.connect()
    return {
      send: ([name = '', ...args]) => client.call(name, ...args),
      close: () => client.disconnect(),
    }
  },
  Bun: throughBun,
}

/** Bun's own client, in a Bun of its own that is sent commands line by line. */
async function throughBun(port: number): Promise<Client> {
  const bun = fileURLToPath(new URL('../../node_modules/.bin/bun', import.meta.url))
  const program = fileURLToPath(new URL('redis-through-bun.mjs', import.meta.url))
  const child = spawn(bun, [program, String(port)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting: { resolve(answer: unknown): void; reject(error: Error): void }[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { answer, error } = JSON.parse(line) as { answer?: unknown; error?: string }
    const next = waiting.shift()
    if (error === undefined) next?.resolve(answer)
    else next?.reject(new Error(error))
  })
  return {
    send: (command) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        child.stdin.write(`${JSON.stringify(command)}\n`)
      }),
    close: () => void child.kill(),
  }
}

async function untilItAnswers(port: number): Promise<void> {
  const until = Date.now() + PATIENCE
  while ((await commandOf(port, ['PING']).catch(() => 'not yet')) !== 'PONG') {
    if (Date.now() > until) throw new Error(`no Redis answers on port ${port}`)
    await sleep(20)
  }
}

/** Sends one command with the inline form of the protocol; enough for an administrator. */
async function commandOf(port: number, command: readonly string[]): Promise<unknown> {
  const reachable = await new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
  if (!reachable) throw new Error(`nothing listens on port ${port}`)
  const client = new Redis({
    port,
    maxRetriesPerRequest: 0,
    lazyConnect: true,
    retryStrategy: null,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const [name = '', ...args] = command
    return await client.call(name, ...args)
  } finally {
    client.disconnect()
  }
}

/** Gives each server a third of the slots, and introduces them. */
export async function formCluster(servers: readonly RedisServer[]): Promise<void> {
  const SLOTS = 16_384
  for (const [n, server] of servers.entries()) {
    const [first, after] = [n, n + 1].map((part) => Math.floor((part * SLOTS) / servers.length))
    await server.command('CLUSTER', 'ADDSLOTSRANGE', String(first), String((after ?? 0) - 1))
  }
  const [one, ...others] = servers
  for (const other of others) {
    const bus = /^cluster-port\s+(\d+)/m.exec(String(await configOf(other)))?.[1] ?? ''
    await one?.command('CLUSTER', 'MEET', '127.0.0.1', String(other.port), bus)
  }
  for (const server of servers) {
    await untilItWorks(async () => {
      const info = String(await server.command('CLUSTER', 'INFO'))
      if (!info.includes('cluster_state:ok') || !info.includes('cluster_known_nodes:3')) {
        throw new Error(info)
      }
    })
  }
}

async function configOf(server: RedisServer): Promise<string> {
  const pairs = (await server.command('CONFIG', 'GET', 'cluster-port')) as string[]
  return pairs.join(' ')
}

/** As the guide has it: a write is acknowledged when a replica has it, too. */
export const afterWait =
  (send: SendCommand): SendCommand =>
  async (command) => {
    const answer = await send(command)
    if (command[0] !== 'SET' && command[0] !== 'EVAL') return answer
    if ((await send(['WAIT', '1', '1000'])) === 0) throw new Error('no replica has it')
    return answer
  }

/** A primary and its replica, watched by a Sentinel, with a client that finds the primary through it. */
export interface Failover {
  /** Commands that a replica has acknowledged. */
  readonly send: SendCommand
  /** SIGKILL to the primary; resolves when the replica has taken its place. */
  failOver(): Promise<void>
  end(): Promise<void>
}

export async function startFailover(): Promise<Failover> {
  const primary = await RedisServer.start()
  const replica = await RedisServer.start('--replicaof', '127.0.0.1', String(primary.port))
  await untilItWorks(async () => {
    const info = String(await replica.command('INFO', 'replication'))
    if (!info.includes('master_link_status:up')) throw new Error(info)
  })
  const sentinel = await RedisServer.startSentinel(
    `sentinel monitor revocations 127.0.0.1 ${primary.port} 1`,
    'sentinel down-after-milliseconds revocations 500',
    'sentinel failover-timeout revocations 2000',
  )
  const client = new Redis({
    sentinels: [{ host: '127.0.0.1', port: sentinel.port }],
    name: 'revocations',
    enableOfflineQueue: false,
    lazyConnect: true,
    maxRetriesPerRequest: 0,
  })
  client.on('error', () => {})
  await client.connect()
  return {
    send: afterWait(([name = '', ...args]) => client.call(name, ...args)),
    async failOver() {
      await primary.kill()
      await untilItWorks(async () => {
        if (!String(await replica.command('ROLE')).startsWith('master')) throw new Error('not yet')
      })
    },
    async end() {
      client.disconnect()
      for (const server of [sentinel, replica, primary]) await server.end()
    },
  }
}

/** Tries until it works, for half a minute. */
export async function untilItWorks(work: SendCommand | (() => Promise<unknown>)): Promise<void> {
  const until = Date.now() + 30_000
  for (;;) {
    try {
      await work(['PING'])
      return
    } catch (error) {
      if (Date.now() > until) throw error
      await sleep(50)
    }
  }
}
