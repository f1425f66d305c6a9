/**
 * What each revocation list is asked, with a simulated clock, and what that costs on Cloudflare:
 * `npm run bench:lists`. Counts operations, measures no time, and puts its tables into
 * `docs/performance.md`.
 */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BENCH, bundle, ROOT } from './bundles.mjs'
import { browser, measureKv, randomly } from './kv.mjs'
import { asText, costReport, kvReport, listsReport, withTables } from './report.mjs'

const KEY = 'a2V5IG9mIHRoZSBiZW5jaCBvZiBsaXN0cywgbm8gc2U'
const SECOND = 1000
const EVERY = 10
const SECONDS = 60

const LIBRARY = `
  export { createSessionManager } from 'sealed-session'
  export { kvRevocationList } from 'sealed-session/cloudflare'
  export { durableObjectRevocationList } from 'sealed-session/durable-object'`

/**
 * Active users ask every 10 s. A load is simulated at `1 / scale` of its size, with as many requests
 * for each isolate, and as many isolates in each data centre, as at full size.
 */
const LOADS = [
  { requestsPerSecond: 10, isolates: 20, dataCentres: 10, scale: 1 },
  { requestsPerSecond: 1_000, isolates: 300, dataCentres: 100, scale: 10 },
  { requestsPerSecond: 100_000, isolates: 10_000, dataCentres: 333, scale: 333.33 },
]

const LISTS = [
  { name: 'KV', recheckAfter: 60, make: ({ kvRevocationList }, { kv }) => kvRevocationList(kv) },
  {
    name: 'Durable Object, asked at each check',
    recheckAfter: 60,
    make({ durableObjectRevocationList }, { namespace }) {
      const { read, write } = durableObjectRevocationList(namespace)
      return { read, write }
    },
  },
  { name: 'Durable Object, not shared', recheckAfter: 10, make: objectList(false) },
  { name: 'Durable Object', recheckAfter: 10, make: objectList(true) },
  { name: 'Durable Object', recheckAfter: 1, make: objectList(true) },
]

function objectList(share) {
  return ({ durableObjectRevocationList }, { namespace }) =>
    durableObjectRevocationList(namespace, { share })
}

/** The servers behind the lists: they hold nothing, and count. */
function servers() {
  const counted = { keys: 0, calls: 0 }
  const call = (answer) => async (asked) => {
    counted.calls++
    return answer(asked)
  }
  const stub = {
    read: call((names) => names.map(() => null)),
    changes: call((since) => ({ now: Date.now(), from: since, names: [], marks: [] })),
  }
  const kv = {
    async get(keys) {
      counted.keys += keys.length
      return new Map(keys.map((key) => [key, null]))
    },
    put: async () => {},
  }
  return { counted, kv, namespace: { idFromName: () => 'object', get: () => stub } }
}

/** The Cache API of a data centre. */
function cacheOfDataCentre() {
  const entries = new Map()
  const cache = {
    async match(url) {
      const entry = entries.get(url)
      return entry === undefined || entry.until <= Date.now() ? undefined : entry.response.clone()
    },
    async put(url, response) {
      const [, life] = /max-age=(\d+)/.exec(response.headers.get('Cache-Control'))
      entries.set(url, { response, until: Date.now() + life * SECOND })
    },
  }
  return { open: async () => cache }
}

async function count(file, { requestsPerSecond, isolates, dataCentres, scale }, list) {
  const users = Math.round((requestsPerSecond * EVERY) / scale)
  const places = Math.max(1, Math.round(dataCentres / scale))
  const behind = servers()
  const caches = Array.from({ length: places }, cacheOfDataCentre)
  const managers = []
  for (let i = 0; i < Math.round(isolates / scale); i++) {
    const library = await import(`${pathToFileURL(file).href}?isolate=${i}`)
    managers.push({
      place: caches[i % places],
      manager: library.createSessionManager({
        keys: KEY,
        revocationList: list.make(library, behind),
        recheckAfter: list.recheckAfter,
        now: () => Date.now(),
      }),
    })
  }
  const pick = randomly(managers)
  const visit = async (send, work) => {
    const { manager, place } = pick()
    globalThis.caches = place
    await send(manager, work)
    // Lets what was begun in the background be done.
    await new Promise((resolve) => setImmediate(resolve))
  }
  const realNow = Date.now
  const start = Date.UTC(2026, 10, 21)
  let now = start
  Date.now = () => now
  try {
    const people = Array.from({ length: users }, browser)
    for (const [i, send] of people.entries()) {
      await visit(send, (session) => session.signIn(`subject ${i}`))
    }
    let requests = 0
    for (let tick = 0; tick * EVERY < SECONDS + 60; tick++) {
      for (const [i, send] of people.entries()) {
        now = start + tick * EVERY * SECOND + Math.round((EVERY * SECOND * (i + 1)) / users)
        if (now <= start + 60 * SECOND) Object.assign(behind.counted, { keys: 0, calls: 0 })
        else requests++
        await visit(send)
      }
    }
    return { requestsPerSecond, requests, ...behind.counted, scale, isolates, dataCentres }
  } finally {
    Date.now = realNow
  }
}

export async function measureLists() {
  const folder = await mkdtemp(join(tmpdir(), 'sealed-session-bench-'))
  try {
    const file = join(folder, 'library.mjs')
    const workers = join(ROOT, 'test/kit/cloudflare-workers.ts')
    await writeFile(
      file,
      await bundle({ contents: LIBRARY }, { alias: { 'cloudflare:workers': workers } }),
    )
    const measured = []
    for (const list of LISTS) {
      const loads = []
      for (const load of LOADS) {
        loads.push(await count(file, load, list))
        if (process.env.VERBOSE) console.log(list.name, loads.at(-1))
      }
      measured.push({ name: list.name, recheckAfter: list.recheckAfter, loads })
    }
    return measured
  } finally {
    await rm(folder, { recursive: true })
  }
}

if (import.meta.main) {
  const file = join(BENCH, 'results.json')
  const results = JSON.parse(await readFile(file, 'utf8'))
  results.lists = await measureLists()
  results.kv = await measureKv()
  const tables = {
    kv: kvReport(results.kv),
    cost: costReport(results),
    lists: listsReport(results.lists),
  }
  for (const report of Object.values(tables)) console.log(`\n${asText(report)}`)
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`)
  const document = join(ROOT, 'docs/performance.md')
  await writeFile(document, withTables(await readFile(document, 'utf8'), tables))
}
