/**
 * Counts what the revocation list reads on KV, with a simulated clock: operations and keys.
 *
 * Each isolate here is its own instance of the whole library, so that two of them share no memory
 * that real isolates would not share.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle } from './bundles.mjs'
import { KEY, SUBJECT } from './contenders/app.mjs'

const LIBRARY = `
  export { createSessionManager } from 'sealed-session'
  export { kvRevocationList } from 'sealed-session/cloudflare'`

const SECOND = 1000

/**
 * One KV namespace for all isolates, with a number of ended sessions in it. It counts its reads.
 */
function namespace(revoked) {
  const entries = new Map(
    Array.from({ length: revoked }, (_, i) => [
      `revoked/session/${String(i).padStart(22, '0')}`,
      '1',
    ]),
  )
  const counted = { reads: 0, keysRead: 0, writes: 0 }
  return {
    counted,
    async get(keys) {
      const asked = typeof keys === 'string' ? [keys] : keys
      counted.reads += 1
      counted.keysRead += asked.length
      if (typeof keys === 'string') return entries.get(keys) ?? null
      return new Map(keys.map((key) => [key, entries.get(key) ?? null]))
    },
    async put(key, value) {
      counted.writes += 1
      entries.set(key, value)
    },
  }
}

/** A browser: its cookies, and its requests. */
export function browser() {
  const jar = new Map()
  return async (manager, work = () => {}) => {
    const headers = jar.size === 0 ? {} : { cookie: [...jar.values()].join('; ') }
    const session = await manager.load(new Request('https://example.com/', { headers }))
    await work(session)
    if (session.subject === undefined) throw new Error(`signed out: ${session.ended}`)
    const { headers: answer } = await manager.commit(session, new Response('ok'))
    for (const line of answer.getSetCookie()) {
      const [pair] = line.split(';', 1)
      jar.set(pair.split('=', 1)[0], pair)
    }
  }
}

/** A number of instances of the library, one for each isolate. */
async function withIsolates(count, work) {
  const folder = await mkdtemp(join(tmpdir(), 'sealed-session-bench-'))
  try {
    const file = join(folder, 'library.mjs')
    await writeFile(file, await bundle({ contents: LIBRARY }))
    const { href } = pathToFileURL(file)
    return await work(
      await Promise.all(Array.from({ length: count }, (_, i) => import(`${href}?isolate=${i}`))),
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}

/**
 * `users` browsers, each with a request every `every` seconds, for `seconds`. The first minute is
 * not counted, because a session needs no check for a minute after its sign-in. Each request goes
 * to a random isolate, which is the worst that a network can do.
 */
export function countKv({ users, every, seconds, isolates: count, revoked = 0, options = {} }) {
  return withIsolates(count, async (instances) => {
    let now = Date.UTC(2026, 10, 21)
    const kv = namespace(revoked)
    const managers = instances.map(({ createSessionManager, kvRevocationList }) =>
      createSessionManager({
        keys: KEY,
        revocationList: kvRevocationList(kv),
        now: () => now,
        ...options,
      }),
    )
    const pick = randomly(managers)
    const people = Array.from({ length: users }, (_, i) => ({
      send: browser(),
      subject: `${SUBJECT.slice(0, -4)}${String(i).padStart(4, '0')}`,
    }))
    for (const { send, subject } of people) await send(pick(), (session) => session.signIn(subject))

    const start = now
    const counting = start + 60 * SECOND
    let requests = 0
    for (let tick = 0; tick * every < seconds + 60; tick++) {
      for (const [i, { send }] of people.entries()) {
        // Users do not move in step: each has its own place within the interval.
        now = start + tick * every * SECOND + Math.round((every * SECOND * (i + 1)) / users)
        if (now <= counting) Object.assign(kv.counted, { reads: 0, keysRead: 0, writes: 0 })
        else requests += 1
        await send(pick())
      }
    }
    return { users, every, isolates: count, revoked, requests, ...kv.counted }
  })
}

/** A generator that makes the same choices in every run (linear congruential). */
export function randomly(values) {
  let state = 1
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return values[Math.floor((state / 2 ** 32) * values.length)]
  }
}

/** One user, one request a second, for an hour: the budget. */
export const oneUser = () => countKv({ users: 1, every: 1, seconds: 3600, isolates: 1 })

export async function measureKv() {
  return [
    await oneUser(),
    await countKv({ users: 1, every: 1, seconds: 3600, isolates: 20 }),
    await countKv({ users: 1, every: 1, seconds: 3600, isolates: 1, revoked: 100_000 }),
    await countKv({ users: 1000, every: 10, seconds: 120, isolates: 20 }),
    await countKv({ users: 1000, every: 30, seconds: 240, isolates: 20 }),
  ]
}
