/**
 * Everything in one run, side by side: prints tables, writes `results.json` and `chart.svg`, and puts
 * the tables into `docs/performance.md`.
 *
 * Machines are noisy. So contenders take turns, round after round; every ratio is taken within a
 * round; and the median is reported, with the quartiles around it. The ratios are the result.
 */

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BENCH, ROOT } from './bundles.mjs'
import { chart } from './chart.mjs'
import { measureColdStarts } from './cold-start.mjs'
import { measureKv, PRICES } from './kv.mjs'
import { clockName, table } from './measure.mjs'
import { measureSeals } from './measure-seals.mjs'
import { CONTENDERS, cryptoCalls, look, measureRequests, startContenders } from './requests.mjs'
import { budgetedSizes, measureSizes } from './sizes.mjs'

const started = performance.now()
const labelOf = ({ name, label = name }) => label

/** The tables that `docs/performance.md` shows, by the name that it has for them. */
const shown = new Map()

function say(title, head, rows, { name, note = '' } = {}) {
  const text = table(head, rows)
  if (name !== undefined) shown.set(name, text)
  console.log(`\n## ${title}\n\n${text}${note === '' ? '' : `\n\n${note}`}`)
}

const versions = await versionsInUse()
console.log(
  `# Bench: ${Object.entries(versions)
    .map((pair) => pair.join(' '))
    .join(', ')}`,
)

const sizes = await measureSizes()
const budgets = await budgetedSizes()
say(
  'Bundle, minified and gzipped (Hono is external)',
  ['import', 'bytes', 'without jose'],
  sizes.map(({ name, gzipped, withoutJose }) => [name, gzipped, withoutJose]),
)

const contenders = await startContenders()
let bytes, calls, requests
try {
  bytes = []
  calls = []
  for (const contender of CONTENDERS) {
    const name = labelOf(contender)
    for (const size of [100, 2000])
      bytes.push({ name, ...(await look(contenders, contender, size)) })
    calls.push({ name, ...(await cryptoCalls(contenders, contender.name)) })
  }
  say(
    'Bytes of a request that reads and slides',
    ['', 'data', 'Set-Cookie', 'Cookie'],
    bytes.map(({ name, data, setCookie, cookie }) => [name, data, setCookie, cookie]),
  )
  const total = (counted) => Object.values(counted).reduce((sum, n) => sum + n, 0)
  const list = (counted) =>
    Object.entries(counted)
      .map(([name, n]) => (n === 1 ? name : `${n} ${name}`))
      .join(', ')
  say(
    'Calls of crypto.subtle by a request that slides',
    ['', 'session known to the isolate', '', 'new to it', ''],
    calls.map(({ name, known, unseen }) => [
      name,
      total(known),
      list(known),
      total(unseen),
      list(unseen),
    ]),
  )
  requests = await measureRequests(contenders, { rounds: 7 })
} finally {
  await contenders.stop()
}
for (const { what, where, bytes: size, bare, contenders: measured } of requests) {
  say(
    `${what}${where === '' ? '' : `, ${where}`}${size === 0 ? '' : `, ${size} bytes of data`}`,
    ['', 'µs added', 'quartiles', 'times ours', 'quartiles'],
    measured.map(({ name, microseconds, ratio }) => [
      name,
      ...spread(microseconds, 1),
      ...spread(ratio, 2),
    ]),
    `${clockName} per request over the bare framework; bare Hono itself: ${bare.toFixed(1)} µs.`,
  )
}

const coldStarts = await measureColdStarts({ rounds: 21 })
say(
  'Fresh isolate: from nothing to its first answer (2 kB of data, a session that lives)',
  ['', 'ms', 'ms added', 'quartiles', 'times ours'],
  coldStarts.map(({ name, milliseconds, added, ratio }) => [
    name,
    milliseconds.median.toFixed(1),
    ...(added === undefined ? ['', '', ''] : [...spread(added, 1), ratio.median.toFixed(2)]),
  ]),
)

const seals = await measureSeals({ rounds: 7 })
say(
  'Sealing alone, µs',
  ['', 'data', ...seals[0].ways.map(({ way }) => way)],
  seals.map(({ runtime, operation, bytes: size, ways }) => [
    `${runtime} ${operation}`,
    size,
    ...ways.map(
      ({ microseconds, ratio }) => `${microseconds.median.toFixed(1)} (${ratio.median.toFixed(2)})`,
    ),
  ]),
  'In brackets: times ours.',
)

const kv = await measureKv()
say(
  'Revocation list on KV',
  [
    'users',
    'a request every',
    'isolates',
    'entries',
    'requests',
    'reads',
    'keys read',
    'USD per million requests',
  ],
  kv.map(
    ({ users, every, isolates, revoked, requests: sent, reads, keysRead, dollarsPerMillion }) => [
      users,
      `${every} s`,
      isolates,
      revoked,
      sent,
      reads,
      keysRead,
      dollarsPerMillion.toFixed(3),
    ],
  ),
  `A read is one bulk get; KV bills each of its keys, at $${PRICES.keysRead} per million.`,
)

// The budgets of docs/design.md

const row = (id) => requests.find((one) => one.id === id)
const best = (id) => {
  const [ours, ...peers] = row(id).contenders
  const fastest = peers.toSorted((a, b) => a.ratio.median - b.ratio.median)[0]
  return { ours, fastest }
}
const cold = coldStarts.filter(({ added }) => added !== undefined)
const bestCold = cold.slice(1).toSorted((a, b) => a.ratio.median - b.ratio.median)[0]
const share = (id) => {
  const { fastest } = best(id)
  return {
    value: 1 / fastest.ratio.median,
    text: `${(1 / fastest.ratio.median).toFixed(2)} of ${fastest.name}`,
  }
}
const checks = [
  ...[100, 2000].map((size) => ({
    what: `CPU added, known session, ${size} B`,
    limit: 0.5,
    ...share(`known-${size}`),
  })),
  ...[100, 2000].map((size) => ({
    what: `CPU added, new session, ${size} B`,
    limit: 1,
    ...share(`unseen-${size}`),
  })),
  {
    what: 'CPU added, first request of a fresh isolate',
    limit: 1,
    value: 1 / bestCold.ratio.median,
    text: `${(1 / bestCold.ratio.median).toFixed(2)} of ${bestCold.name}`,
  },
  { what: 'bytes set by a read, 2 kB of data', limit: 400, value: bytes[1].setCookie },
  { what: 'KV reads, one user, one hour', limit: 70, value: kv[0].reads },
  { what: 'our code without jose, bytes', limit: 5000, value: budgets.ours },
  { what: 'middleware with jose and KV list, bytes', limit: 15_000, value: budgets.withJose },
]
say(
  'Budgets',
  ['', 'measured', 'limit', 'met'],
  checks.map(({ what, limit, value, text }) => [
    what,
    text ?? value,
    limit,
    value <= limit ? 'yes' : 'no',
  ]),
)

const results = {
  date: new Date().toISOString(),
  versions,
  clock: clockName,
  prices: PRICES,
  sizes,
  bytes,
  calls,
  requests,
  coldStarts,
  seals,
  kv,
  budgets: checks,
}
await writeFile(join(BENCH, 'results.json'), `${JSON.stringify(results, rounded, 2)}\n`)
await writeFile(join(BENCH, 'chart.svg'), draw())
console.log(
  `\n${((performance.now() - started) / 1000).toFixed(0)} s; see bench/results.json and bench/chart.svg`,
)

function draw() {
  const times = (id, heading) => ({
    heading,
    unit: 'µs',
    most: 6 * best(id).fastest.microseconds.median,
    bars: row(id).contenders.map(({ name, microseconds }, i) => ({
      name,
      value: microseconds.median,
      ours: i === 0,
    })),
  })
  return chart(
    'What a session adds to a request: verify, slide, answer',
    '2 kB of data, in workerd, over the same app without sessions. Shorter is better.',
    [
      times('known-2000', 'CPU, session known to the isolate'),
      times('unseen-2000', 'CPU, session new to the isolate'),
      {
        heading: 'Bytes of Set-Cookie',
        unit: 'bytes',
        bars: bytes
          .filter(({ data }) => data === 2000)
          .map(({ name, setCookie }, i) => ({ name, value: setCookie, ours: i === 0 })),
      },
    ],
  )
}

function spread({ median, low, high }, digits) {
  return [median.toFixed(digits), `${low.toFixed(digits)}–${high.toFixed(digits)}`]
}

function rounded(_key, value) {
  return typeof value === 'number' && !Number.isInteger(value)
    ? Number(value.toPrecision(4))
    : value
}

async function versionsInUse() {
  const of = async (folder, name) =>
    JSON.parse(await readFile(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version
  const found = { node: process.versions.node }
  for (const name of ['workerd', 'bun', 'deno', 'hono', 'jose']) found[name] = await of(ROOT, name)
  for (const name of ['@hono/session', 'iron-session', 'hono-sessions', 'h3', 'iron-webcrypto']) {
    found[name] = await of(BENCH, name)
  }
  return found
}
