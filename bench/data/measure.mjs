/**
 * What data costs that outgrows a cookie, beside the peers that keep data in a store:
 * `npm run bench:data`. Puts its tables into `docs/performance.md`.
 *
 * All run on Node, because express-session does, each in a process of its own.
 */

import { fork } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BENCH, bundle, ROOT } from '../bundles.mjs'
import { cpuTime, interleave, median, summary } from '../measure.mjs'
import { asText, dataReport, storeReport, withTables } from '../report.mjs'
import { CONTENDERS, NAMES } from './contenders/index.mjs'

const SIZES = [10_000, 100_000]
const ROUNDS = 9
// ms of work in one measurement.
const BLOCK = 150
const MOST = { strangers: 300, other: 4000 } // requests in one measurement
const WARM_UP = 1500 // ms
const START = Date.UTC(2026, 10, 21)
const DAY = 24 * 60 * 60 * 1000

const KINDS = [
  { id: 'slide', what: 'verify, slide, answer', path: '/slide', where: 'known' },
  { id: 'unseen', what: 'verify, slide, answer', path: '/slide', where: 'new' },
  { id: 'read', what: 'verify, answer (no slide)', path: '/read', where: 'known' },
  { id: 'change', what: 'change one member', path: '/change', where: 'known', method: 'POST' },
]
const ROWS = SIZES.flatMap((bytes) => KINDS.map((kind) => ({ ...kind, bytes })))

/** A process for each contender. */
async function start(folder) {
  const processes = new Map()
  const driver = await built(folder, 'driver', 'data/driver.mjs')
  for (const name of NAMES) {
    const app = await built(folder, name, `data/contenders/${name}.mjs`)
    const child = fork(driver, {
      execArgv: ['--expose-gc'],
      env: { ...process.env, CONTENDER: pathToFileURL(app).href, NODE_ENV: 'production' },
    })
    await answerOf(child)
    processes.set(name, child)
  }
  return {
    time: (name) => cpuTime(processes.get(name).pid),
    send(name, command, args = {}) {
      const child = processes.get(name)
      child.send({ command, ...args })
      return answerOf(child)
    },
    stop() {
      for (const child of processes.values()) child.kill()
    },
  }
}

/** The next message of a process. */
const answerOf = (child) =>
  new Promise((resolve, reject) => {
    const onExit = () => reject(new Error('the process of a contender ended'))
    child.once('exit', onExit)
    child.once('message', ({ error, result }) => {
      child.off('exit', onExit)
      if (error === undefined) resolve(result)
      else reject(new Error(error))
    })
  })

// The clock and the place are one module for the driver and both instances of the contender.
const SHARED = ['place.mjs', 'clock.mjs']

async function built(folder, name, entry) {
  const file = join(folder, `${name}.mjs`)
  const text = await bundle(entry, {
    platform: 'node',
    conditions: ['node'],
    // Express is CommonJS and requires the modules of Node.
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
    external: SHARED.map((shared) => `*/${shared}`),
  })
  const local = text.replaceAll(
    /(["'])[./\w-]*\/(place|clock)\.mjs\1/g,
    (_, _quote, shared) => `'./${shared}.mjs'`,
  )
  await writeFile(file, local)
  return file
}

/**
 * Checks that each contender does the same work: every route answers with the subject and all of the
 * data, a change is seen by the next request, and a session of another instance is read. Gives what
 * the store was asked.
 */
async function look(contenders, name, bytes) {
  const send = (command, args) => contenders.send(name, command, { bytes, ...args })
  let now = START
  const { cookie: signedIn } = await send('start', { now })
  const ask = (path, cookie, method) => {
    now += 1000
    return send('look', { now, path, cookie, method })
  }
  const slid = await ask('/slide', signedIn)
  const read = await ask('/read', slid.cookie)
  const changed = await ask('/change', read.cookie, 'POST')
  const after = await ask('/read', changed.cookie)
  await send('make', { now, n: 1 })
  const unseen = await ask('/slide')
  const fails = []
  for (const [what, { body }] of Object.entries({ slid, read, changed, after, unseen })) {
    if (body.subject === null || body.last === null) fails.push(`${what}: did not read`)
  }
  if (read.body.visits !== 0 || changed.body.visits !== 1 || after.body.visits !== 1) {
    fails.push('did not keep the change')
  }
  if (slid.body.items < bytes / 120) fails.push('did not keep all of the data')
  if (fails.length > 0) throw new Error(`${name}: ${fails.join(', ')}`)
  const sum = (lines) => lines.reduce((total, line) => total + Buffer.byteLength(line), 0)
  return {
    bytes,
    asked: { slide: slid.asked, unseen: unseen.asked, read: read.asked, change: changed.asked },
    setCookie: { slide: sum(slid.setCookie), change: sum(changed.setCookie) },
    cookie: Buffer.byteLength(slid.cookie),
    ...(await timeoutsOf(send)),
  }
}

/**
 * Whether a session is over when it was not used for longer than its idle timeout, and whether it goes
 * on when it was.
 */
async function timeoutsOf(send) {
  const { cookie } = await send('start', { now: START })
  const ask = (days, path, held) => send('look', { now: START + days * DAY, path, cookie: held })
  const late = await ask(8, '/read', cookie)
  const used = await send('start', { now: START })
  const slid = await ask(4, '/slide', used.cookie)
  const after = await ask(8, '/read', slid.cookie)
  return { isChecked: late.body.subject === null, slides: after.body.subject !== null }
}

async function prepare({ time, send }, row, name) {
  const { bytes, path, method } = row
  let now = START
  const isKnown = row.where === 'known'
  if (isKnown) await send(name, 'start', { now, bytes })
  const block = async (n) => {
    if (!isKnown) await send(name, 'make', { now, n, bytes })
    const before = time(name)
    await send(name, isKnown ? 'known' : 'strangers', { now: now + 1000, n, path, method })
    const spent = time(name) - before
    now += (n + 1) * 1000
    return spent / n
  }
  const most = isKnown ? MOST.other : MOST.strangers
  let n = 4
  for (let i = 0; i < 3; i++)
    n = Math.round(Math.min(most, n * 20, Math.max(4, BLOCK / (await block(n)))))
  await block(n)
  const samples = []
  return { name, samples, measure: async () => samples.push(await block(n)) }
}

async function warmUp({ send }, name) {
  let now = START
  const end = performance.now() + WARM_UP
  await send(name, 'start', { now, bytes: 10_000 })
  while (performance.now() < end) {
    await send(name, 'known', { now, n: 50, path: '/slide' })
    await send(name, 'known', { now: now + 50_000, n: 50, path: '/change', method: 'POST' })
    now += 101_000
  }
}

/** Every row: µs added per request, and how many times ours that is, both per round. */
async function* measureRows(contenders, rounds) {
  for (const name of NAMES) await warmUp(contenders, name)
  for (const row of ROWS) {
    const jobs = []
    for (const name of NAMES) jobs.push(await prepare(contenders, row, name))
    await interleave(
      jobs.map(({ measure }) => measure),
      rounds,
    )
    const samples = Object.fromEntries(jobs.map((job) => [job.name, job.samples]))
    const added = ({ name, bare }) =>
      samples[name].map((time, i) => (time - samples[bare][i]) * 1000)
    const ours = added(CONTENDERS[0])
    yield {
      ...row,
      bare: Object.fromEntries(
        NAMES.filter((name) => name.startsWith('bare-')).map((name) => [
          name,
          median(samples[name]) * 1000,
        ]),
      ),
      contenders: CONTENDERS.map((contender) => {
        const times = added(contender)
        return {
          name: contender.label ?? contender.name,
          microseconds: summary(times),
          ratio: summary(times.map((time, i) => time / ours[i])),
        }
      }),
    }
  }
}

export async function measureData({ rounds = ROUNDS } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'sealed-session-bench-'))
  for (const [name, source] of [
    ['place', 'data/place.mjs'],
    ['clock', 'requests/clock.mjs'],
  ]) {
    await writeFile(join(folder, `${name}.mjs`), await readFile(join(BENCH, source)))
  }
  const contenders = await start(folder)
  try {
    const store = []
    for (const { name, label = name } of CONTENDERS) {
      for (const bytes of SIZES) {
        store.push({ name: label, ...(await look(contenders, name, bytes)) })
      }
    }
    const rows = []
    for await (const row of measureRows(contenders, rounds)) {
      rows.push(row)
      if (process.env.VERBOSE) console.log(asText(dataReport([row])))
    }
    return { versions: await versionsInUse(), store, rows }
  } finally {
    contenders.stop()
    await rm(folder, { recursive: true })
  }
}

async function versionsInUse() {
  const found = { node: process.versions.node }
  for (const name of [
    '@hono/session',
    'hono-sessions',
    'express',
    'express-session',
    'connect-redis',
  ]) {
    const manifest = join(BENCH, 'node_modules', name, 'package.json')
    found[name] = JSON.parse(await readFile(manifest, 'utf8')).version
  }
  return found
}

if (import.meta.main) {
  const file = join(BENCH, 'results.json')
  const data = await measureData()
  const tables = { data: dataReport(data.rows), 'data-store': storeReport(data.store) }
  for (const report of Object.values(tables)) console.log(`\n${asText(report)}`)
  const results = { ...JSON.parse(await readFile(file, 'utf8')), data }
  const rounded = (_key, value) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value
  await writeFile(file, `${JSON.stringify(results, rounded, 2)}\n`)
  const document = join(ROOT, 'docs/performance.md')
  await writeFile(document, withTables(await readFile(document, 'utf8'), tables))
}
