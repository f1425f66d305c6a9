/**
 * What the lists hold and how fast they are, in real time: `npm run soak:lists`. `KILLS` sets how often
 * workerd and redis-server are killed in the middle of writes, `MARKS` how many marks the object holds.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSessionManager } from '../../src/index.ts'
import { redisRevocationList } from '../../src/redis.ts'
import { CookieJar } from '../kit/cookie-jar.ts'
import { ListWithChanges } from '../kit/list-with-changes.ts'
import { startObjectSite } from '../servers/object-host.ts'
import { killDuringWrites, measureNotice } from '../servers/object-measures.ts'
import { CLIENTS, RedisServer } from '../servers/redis-server.ts'

const KILLS = Number(process.env.KILLS ?? 5)
const MARKS = Number(process.env.MARKS ?? 1_000_000)
/** A part of the name of those that are to run: `npm run soak:lists -- checks`. */
const [, , ONLY = ''] = process.argv
const faults = []

await fresh('checks for a second of CPU, with 20,000 marks in the journal', checksWithFullJournal)
await fresh(`${MARKS.toLocaleString('en')} marks in the object`, manyMarks)
await fresh(`workerd killed ${KILLS} times during writes`, workerdKilled)
await fresh(`redis-server killed ${KILLS} times during writes`, redisKilled)
for (const share of [false, true]) {
  for (const recheckAfter of [1, 5, 10]) {
    await fresh(`four isolates, recheckAfter ${recheckAfter}, shared ${share}`, () =>
      notice(recheckAfter, share),
    )
  }
}
if (faults.length > 0) {
  console.error(faults)
  process.exitCode = 1
}

async function fresh(what, work) {
  if (!what.includes(ONLY)) return
  console.log(`${what}:`, await work())
}

function expectTrue(what, isTrue) {
  if (!isTrue) faults.push(what)
}

async function notice(recheckAfter, share) {
  const found = await measureNotice({ recheckAfter, share, rounds: 3 })
  expectTrue(`noticed in time: ${recheckAfter}`, found.worst <= recheckAfter * 1_000 + 500)
  expectTrue(`calls: ${recheckAfter}`, found.callsPerRecheck <= 2)
  return found
}

async function workerdKilled() {
  const folder = mkdtempSync(join(tmpdir(), 'sealed-session-object-'))
  try {
    const found = await killDuringWrites(folder, KILLS)
    expectTrue('nothing lost by workerd', found.lost === 0 && found.acknowledged > 0)
    return found
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function redisKilled() {
  const server = await RedisServer.start()
  const client = await CLIENTS['node-redis'](server.port)
  const list = redisRevocationList(client.send)
  const acknowledged = []
  const sidOf = (n) => ({ scope: 'session', sid: String(n).padStart(22, '0') })
  let next = 0
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      let isDead = false
      const writers = Array.from({ length: 16 }, async () => {
        while (!isDead) {
          const mine = next++
          await list.write(sidOf(mine), 1, 3_600).then(
            () => acknowledged.push(mine),
            () => sleep(5),
          )
        }
      })
      await sleep(500 + Math.random() * 1_000)
      await server.kill()
      isDead = true
      await Promise.all(writers)
      await server.restart()
      while ((await client.send(['PING']).catch(() => '')) !== 'PONG') await sleep(50)
    }
    let lost = 0
    for (let at = 0; at < acknowledged.length; at += 1_000) {
      const marks = await list.read(acknowledged.slice(at, at + 1_000).map(sidOf))
      lost += marks.filter((mark) => mark === undefined).length
    }
    expectTrue('nothing lost by Redis', lost === 0 && acknowledged.length > 0)
    return { acknowledged: acknowledged.length, lost }
  } finally {
    await client.close()
    await server.end()
  }
}

/** Reads and writes a second, and bytes a mark. */
async function manyMarks() {
  const folder = mkdtempSync(join(tmpdir(), 'sealed-session-object-'))
  const site = await startObjectSite({ isolates: 1, recheckAfter: 10, persist: folder })
  const [address] = site.addresses
  const post = async (path) => (await fetch(address + path, { method: 'POST' })).text()
  const rate = async (path, method, each, calls) => {
    const began = performance.now()
    await Promise.all(
      Array.from({ length: 16 }, async (_, worker) => {
        for (let call = 0; call < calls; call++) {
          const first = MARKS + (worker * calls + call) * each
          await (await fetch(`${address}${path}/${first}/${each}`, { method })).text()
        }
      }),
    )
    return Math.round((16 * calls * each) / ((performance.now() - began) / 1_000))
  }
  try {
    const BATCH = 100_000
    let bytes = 0
    for (let first = 0; first < MARKS; first += BATCH) {
      bytes = Number(await post(`/fill/${first}/${Math.min(BATCH, MARKS - first)}`))
    }
    return {
      bytesEach: Math.round(bytes / MARKS),
      writesPerSecond: await rate('/write', 'POST', 50, 10),
      readsOfFivePerSecond: await rate('/read', 'GET', 100, 20),
    }
  } finally {
    await site.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Requests of a known session that slides nothing, by CPU time: without a list, and with journals. */
async function checksWithFullJournal() {
  const [empty, full] = [new ListWithChanges(Date.now), new ListWithChanges(Date.now)]
  for (let n = 0; n < 20_000; n++) {
    await full.write({ scope: 'replaced', sid: String(n).padStart(22, '0') }, Date.now(), 3_600)
  }
  const contenders = Object.entries({ withoutList: 'none', emptyJournal: empty, fullJournal: full })
  const visits = []
  for (const [name, list] of contenders) visits.push([name, await visitorOf(list), []])
  const count = 10_000
  // They take turns, and the first rounds warm up.
  for (let round = -2; round < 7; round++) {
    for (const [, visit, rates] of visits) {
      const before = process.cpuUsage()
      for (let n = 0; n < count; n++) await visit()
      const { user, system } = process.cpuUsage(before)
      if (round >= 0) rates.push(Math.round(count / ((user + system) / 1e6)))
    }
  }
  expectTrue('a check with a fresh journal reads nothing', full.counted.reads === 0)
  const medians = visits.map(([name, , rates]) => [name, rates.sort((a, b) => a - b)[3]])
  return {
    ...Object.fromEntries(medians),
    reads: full.counted.reads,
    changes: full.counted.changes,
  }
}

async function visitorOf(revocationList) {
  const site = 'https://site.example/'
  const manager = createSessionManager({
    keys: 'a2V5IG9mIHRoZSBsaXN0cycgdGVzdCwgbm90IHNlY3I',
    revocationList,
    touchAfter: 600,
  })
  const jar = new CookieJar()
  const visit = async (work = () => {}) => {
    const request = new Request(site, { headers: { cookie: jar.headerFor(site) } })
    const session = await manager.load(request)
    await work(session)
    jar.store(await manager.commit(session, new Response()), site)
  }
  await visit((session) => session.signIn('ada'))
  await visit()
  await sleep(50)
  return visit
}
