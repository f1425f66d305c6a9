/**
 * Whole requests in workerd: what a contender adds to its bare framework, and the bytes it moves.
 */

import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { contenderBundle } from './bundles.mjs'
import { childrenNamed, cpuTime, interleave, median, summary } from './measure.mjs'

/** Who runs, and what is subtracted from each. */
export const CONTENDERS = [
  { name: 'sealed-session', bare: 'bare-hono' },
  { name: 'hono-session', label: '@hono/session', bare: 'bare-hono' },
  { name: 'iron-session', bare: 'bare-hono' },
  { name: 'hono-sessions', bare: 'bare-hono' },
  { name: 'h3', label: 'h3 useSession', bare: 'bare-h3' },
]
const NAMES = [...new Set(CONTENDERS.flatMap(({ name, bare }) => [bare, name]))]
const SIZES = [100, 2000]
// ms of work in one measurement: long enough that each holds its share of garbage collection.
const BLOCK = 200
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

/**
 * Starts workerd for every contender, so that none pays for another's garbage, and one more for
 * the isolates in which sessions are made that the measured isolate has never seen.
 */
export async function startContenders(names = NAMES) {
  const scripts = new Map()
  for (const name of names) scripts.set(name, await contenderBundle(name))
  const makers = await startWorkerd(scripts)
  const measured = new Map()
  for (const [name, script] of scripts)
    measured.set(name, await startWorkerd(new Map([[name, script]])))

  const send = async (url, name, command, args) => {
    const body = JSON.stringify({ command, ...args })
    const response = await fetch(url, { method: 'POST', body })
    if (!response.ok) throw new Error(`${name} ${command}: ${await response.text()}`)
    return response.json()
  }
  return {
    cpu: (name) => cpuTime(measured.get(name).pid),
    send: (name, command, args = {}) =>
      send(measured.get(name).urls.get(name), name, command, args),
    make: (name, args) => send(makers.urls.get(name), name, 'make', args),
    stop: () =>
      Promise.all([makers, ...measured.values()].map(({ miniflare }) => miniflare.dispose())),
  }
}

/** One workerd with a Worker for each script. */
export async function startWorkerd(scripts) {
  const before = childrenNamed('workerd')
  const workers = [...scripts].map(([name, contents]) => ({
    name,
    modules: [{ type: 'ESModule', path: 'driver.mjs', contents }],
    compatibilityDate: '2026-10-01',
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  }))
  const miniflare = new Miniflare(convertV4MiniflareOptions({ workers }))
  await miniflare.ready
  const urls = new Map()
  for (const { name } of workers) urls.set(name, await miniflare.unsafeGetDirectURL(name))
  const [pid] = childrenNamed('workerd').filter((child) => !before.includes(child))
  return { miniflare, urls, pid }
}

/**
 * That each contender does the same work. Its answer names the subject and the data on every route;
 * after `/slide` it has set a cookie, and that cookie is still honoured when the one before it is
 * past its idle timeout: it slid. (The clock is ours, so a week passes at once.)
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

/** One row of one contender: finds how many requests fill a block, then measures blocks. */
async function prepare(contenders, row, name) {
  const { cpu, send } = contenders
  const { bytes, path } = row
  let now = Date.UTC(2026, 10, 21)
  if (row.known) await send(name, 'start', { now, bytes })

  const block = async (n) => {
    if (row.strangers) {
      const cookies = await contenders.make(name, { now, n, bytes })
      await send(name, 'take', { cookies })
    }
    const command = row.command ?? (row.known ? 'known' : 'strangers')
    const before = cpu(name)
    await send(name, command, { now: now + 1000, n, bytes, path })
    const spent = cpu(name) - before
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
export async function* measureRequests(contenders, { rounds, rows = ROWS, only = CONTENDERS }) {
  const names = [...new Set(only.flatMap(({ name, bare }) => [bare, name]))]
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
    const ours = added(only[0])
    yield {
      ...row,
      bare: median(samples['bare-hono']) * 1000,
      contenders: only.map((contender) => {
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
