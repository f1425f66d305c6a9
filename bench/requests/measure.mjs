/**
 * Whole requests in workerd: the time that a contender adds to its bare framework, and the bytes
 * that it sends.
 */

import { aliasFor, bundle } from '../bundles.mjs'
import { CONTENDERS } from '../contenders/index.mjs'
import { cpuClock, cpuTime, interleave, median, summary } from '../measure.mjs'
import { startWorkerd } from '../workerd.mjs'

const SIZES = [100, 2000]
// ms of work in one measurement: long enough that each holds its share of garbage collection.
const BLOCK = 150
const MOST = { strangers: 1000, other: 8000 } // requests in one measurement
const WARM_UP = 2500 // ms: until the heap has grown and the code is compiled

const SLIDE = 'verify, slide, answer'
export const ROWS = [
  ...SIZES.map((bytes) => ({
    id: `known-${bytes}`,
    what: SLIDE,
    where: 'session known to the isolate',
    bytes,
    path: '/slide',
    known: true,
  })),
  ...SIZES.map((bytes) => ({
    id: `unseen-${bytes}`,
    what: SLIDE,
    where: 'session new to the isolate',
    bytes,
    path: '/slide',
    strangers: true,
  })),
  ...SIZES.map((bytes) => ({
    id: `read-${bytes}`,
    what: 'verify, answer (no slide)',
    where: 'session known to the isolate',
    bytes,
    path: '/read',
    known: true,
  })),
  { id: 'sign-in-100', what: 'first sign-in', where: '', bytes: 100, command: 'signIns' },
  { id: 'visitor', what: 'no cookie, session not used', where: '', bytes: 0, command: 'visitors' },
]

/** The rows that are measured in one workerd as well. */
export const SLIDING_ROWS = ROWS.filter(({ what }) => what === SLIDE)

/**
 * Starts a workerd for every contender, so that none pays for the garbage of another, and measures
 * the CPU time of its process.
 */
export async function startApart(contenders = CONTENDERS) {
  const scripts = await driversOf(contenders)
  const measured = new Map()
  for (const [name, script] of scripts)
    measured.set(name, await startWorkerd(new Map([[name, script]])))
  const time = (name) => cpuTime(measured.get(name).pid)
  return contendersIn(measured, scripts, { clock: cpuClock, time })
}

/**
 * Starts one workerd with a Worker for each contender, and takes the wall time: what a client waits
 * for, with the collector, the compiler and the threads of the runtime shared by all.
 */
export async function startTogether() {
  const scripts = await driversOf(CONTENDERS)
  const workerd = await startWorkerd(scripts)
  const measured = new Map([...scripts.keys()].map((name) => [name, workerd]))
  return contendersIn(measured, scripts, { clock: 'wall time', time: () => performance.now() })
}

/**
 * The driver with a contender in it, for each and for its bare framework. `app` is the file in
 * `contenders/`, when it is not called as the contender is, and `checkout` where our sources are.
 */
async function driversOf(contenders) {
  const scripts = new Map()
  const add = async (name, app, options) =>
    scripts.set(name, await bundle('requests/driver.mjs', { alias: aliasFor(app), ...options }))
  for (const { name, bare, app = name, checkout } of contenders) {
    if (!scripts.has(bare)) await add(bare, bare)
    await add(name, app, { checkout })
  }
  return scripts
}

/**
 * How to reach the contenders, and how their time is taken. One more workerd makes sessions that the
 * measured isolates have never seen.
 */
async function contendersIn(measured, scripts, { clock, time }) {
  const makers = await startWorkerd(scripts)
  const send = async (url, name, command, args) => {
    const body = JSON.stringify({ command, ...args })
    const response = await fetch(url, { method: 'POST', body })
    if (!response.ok) throw new Error(`${name} ${command}: ${await response.text()}`)
    return response.json()
  }
  const all = new Set([makers, ...measured.values()])
  return {
    clock,
    time,
    send: (name, command, args = {}) =>
      send(measured.get(name).urls.get(name), name, command, args),
    make: (name, args) => send(makers.urls.get(name), name, 'make', args),
    stop: () => Promise.all([...all].map(({ miniflare }) => miniflare.dispose())),
  }
}

/**
 * Checks that each contender does the same work. Its answer names the subject and the data on every
 * route. After `/slide` it has set a cookie, and that cookie is still honoured when the previous
 * one is past its idle timeout, so the timeout slid. (The clock is ours, so a week passes at once.)
 */
export async function look(contenders, { name }, bytes) {
  const start = Date.UTC(2026, 10, 21)
  const day = 24 * 60 * 60 * 1000
  const signedIn = await contenders.send(name, 'start', { now: start, bytes })
  const ask = (days, path, cookie) =>
    contenders.send(name, 'look', { now: start + days * day, path, cookie, method: 'GET' })
  const slid = await ask(4, '/slide', signedIn.cookie)
  const again = await ask(8, '/slide', slid.cookie)
  const left = await ask(8, '/slide', signedIn.cookie)
  const read = await ask(8, '/read', slid.cookie)
  const fails = []
  if (slid.body.subject === null || slid.body.theme !== 'dark') fails.push('did not verify')
  if (slid.setCookie.length === 0) fails.push('did not slide')
  if (again.body.subject === null) fails.push('slid nothing: ended after 8 days')
  if (read.body.subject === null) fails.push('did not read')
  if (left.body.subject !== null) fails.push('does not enforce the idle timeout')
  if (fails.length > 0) throw new Error(`${name}: ${fails.join(', ')}`)
  const sum = (lines) => lines.reduce((total, line) => total + Buffer.byteLength(line), 0)
  return {
    data: bytes,
    setCookie: sum(slid.setCookie),
    setCookieHeaders: slid.setCookie.length,
    cookie: Buffer.byteLength(slid.cookie),
    signIn: sum(signedIn.setCookie),
  }
}

/** Calls of crypto.subtle by one request, after the isolate has warmed up. */
export async function cryptoCalls(contenders, name) {
  let now = Date.UTC(2026, 11, 21)
  const bytes = 2000
  let { cookie } = await contenders.send(name, 'start', { now, bytes })
  await contenders.send(name, 'look', { now, path: '/slide', cookie, method: 'GET' })
  const [stranger] = await contenders.make(name, { now, n: 1, bytes })
  now += 2000
  const unseen = await contenders.send(name, 'look', {
    now,
    path: '/slide',
    cookie: stranger,
    method: 'GET',
  })
  cookie = unseen.cookie
  const known = await contenders.send(name, 'look', {
    now: now + 1000,
    path: '/slide',
    cookie,
    method: 'GET',
  })
  return { known: known.calls, unseen: unseen.calls }
}

/** Runs a contender until it is as fast as it gets. */
async function warmUp(contenders, name) {
  let now = Date.UTC(2026, 10, 1)
  const end = performance.now() + WARM_UP
  await contenders.send(name, 'start', { now, bytes: 2000 })
  while (performance.now() < end) {
    await contenders.send(name, 'known', { now, n: 50, path: '/slide' })
    now += 51_000
  }
}

/**
 * One row of one contender: finds the number of requests that fill a block, then measures blocks.
 */
async function prepare(contenders, row, name) {
  const { time, send } = contenders
  const { bytes, path } = row
  let now = Date.UTC(2026, 10, 21)
  if (row.known) await send(name, 'start', { now, bytes })

  const block = async (n) => {
    if (row.strangers) {
      const cookies = await contenders.make(name, { now, n, bytes })
      await send(name, 'take', { cookies })
    }
    const command = row.command ?? (row.known ? 'known' : 'strangers')
    const before = time(name)
    await send(name, command, { now: now + 1000, n, bytes, path })
    const spent = time(name) - before
    now += (n + 1) * 1000
    return spent / n
  }

  const most = row.strangers ? MOST.strangers : MOST.other
  let n = 4
  for (let i = 0; i < 3; i++)
    n = Math.round(Math.min(most, n * 20, Math.max(4, BLOCK / (await block(n)))))
  await block(n)
  const samples = []
  const measure = async () => {
    samples.push(await block(n))
  }
  return { name, samples, measure }
}

/** Every row: µs added per request, and how many times ours that is, both per round. */
export async function* measureRequests(contenders, { rounds, rows = ROWS, compared = CONTENDERS }) {
  const names = [...new Set(compared.flatMap(({ name, bare }) => [bare, name]))]
  for (const name of names) await warmUp(contenders, name)
  for (const row of rows) {
    const jobs = []
    for (const name of names) jobs.push(await prepare(contenders, row, name))
    await interleave(
      jobs.map((job) => job.measure),
      rounds,
    )
    const samples = Object.fromEntries(jobs.map((job) => [job.name, job.samples]))
    const added = ({ name, bare }) =>
      samples[name].map((time, i) => (time - samples[bare][i]) * 1000)
    const ours = added(compared[0])
    yield {
      ...row,
      clock: contenders.clock,
      bare: median(samples['bare-hono']) * 1000,
      contenders: compared.map((contender) => {
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
