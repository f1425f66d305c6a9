/**
 * Everything in one run, side by side: prints tables, writes `results.json` and `chart.svg`, and puts
 * the tables into `docs/performance.md`.
 *
 * Machines are noisy. So contenders take turns, every ratio is computed within a round, and the
 * median is reported, with the quartiles around it. The ratios are the result.
 */

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BENCH, ROOT } from './bundles.mjs'
import { chart } from './chart.mjs'
import { measureColdStarts } from './cold-starts/measure.mjs'
import { CONTENDERS } from './contenders/index.mjs'
import { measureData } from './data/measure.mjs'
import { measureKv } from './kv.mjs'
import { measureLists } from './lists.mjs'
import { cpuClock } from './measure.mjs'
import {
  allRequestsReport,
  asText,
  budgetsOf,
  budgetsReport,
  bytesReport,
  callsReport,
  coldStartsReport,
  costReport,
  dataReport,
  kvReport,
  listsReport,
  PRICES,
  requestsReport,
  sealsReport,
  sizesReport,
  storeReport,
  withTables,
} from './report.mjs'
import {
  cryptoCalls,
  look,
  measureRequests,
  SLIDING_ROWS,
  startApart,
  startTogether,
} from './requests/measure.mjs'
import { measureSeals } from './seals/measure.mjs'
import { budgetedSizes, measureSizes } from './sizes.mjs'

const ROUNDS = 9
const COLD_STARTS = 21

const started = performance.now()
const say = (report) => console.log(`\n${asText(report)}`)

const results = {
  date: new Date().toISOString(),
  clock: cpuClock,
  versions: await versionsInUse(),
  prices: PRICES,
  sizes: await measureSizes(),
  budgetedSizes: await budgetedSizes(),
}
const versions = Object.entries(results.versions).map((pair) => pair.join(' '))
console.log(`# Bench: ${versions.join(', ')}`)
say(sizesReport(results.sizes))

const contenders = await startApart()
try {
  results.bytes = []
  results.calls = []
  for (const contender of CONTENDERS) {
    const { name, label = name } = contender
    for (const bytes of [100, 2000]) {
      results.bytes.push({ name: label, ...(await look(contenders, contender, bytes)) })
    }
    results.calls.push({ name: label, ...(await cryptoCalls(contenders, name)) })
  }
  say(bytesReport(results.bytes))
  say(callsReport(results.calls))

  results.requests = []
  for await (const row of measureRequests(contenders, { rounds: ROUNDS })) {
    results.requests.push(row)
    say(requestsReport(row))
  }
} finally {
  await contenders.stop()
}

const together = await startTogether()
try {
  results.together = []
  for await (const row of measureRequests(together, { rounds: ROUNDS, rows: SLIDING_ROWS })) {
    results.together.push(row)
    say(requestsReport(row))
  }
} finally {
  await together.stop()
}

results.data = await measureData({ rounds: ROUNDS })
say(dataReport(results.data.rows))
say(storeReport(results.data.store))
results.coldStarts = await measureColdStarts({ rounds: COLD_STARTS })
say(coldStartsReport(results.coldStarts))
results.seals = await measureSeals({ rounds: ROUNDS })
say(sealsReport(results.seals))
results.kv = await measureKv()
say(kvReport(results.kv))
say(costReport(results))
results.lists = await measureLists()
say(listsReport(results.lists))
results.budgets = budgetsOf(results)
say(budgetsReport(results.budgets))

const seconds = Math.round((performance.now() - started) / 1000)
await writeFile(join(BENCH, 'results.json'), `${JSON.stringify(results, rounded, 2)}\n`)
await writeFile(join(BENCH, 'chart.svg'), drawn(results))
const document = join(ROOT, 'docs/performance.md')
const tables = {
  budgets: budgetsReport(results.budgets),
  requests: allRequestsReport(results.requests),
  together: allRequestsReport(results.together),
  data: dataReport(results.data.rows),
  'data-store': storeReport(results.data.store),
  'cold-starts': coldStartsReport(results.coldStarts),
  calls: callsReport(results.calls),
  bytes: bytesReport(results.bytes),
  seals: sealsReport(results.seals),
  sizes: sizesReport(results.sizes),
  kv: kvReport(results.kv),
  cost: costReport(results),
  lists: listsReport(results.lists),
}
await writeFile(document, withTables(await readFile(document, 'utf8'), tables))
console.log(`\n${seconds} s; written: bench/results.json, bench/chart.svg, docs/performance.md`)

/** Three groups of bars: the two kinds of requests that matter most, and the bytes. */
function drawn({ requests, bytes }) {
  const bars = (measured, value) =>
    measured.map((one, i) => ({ name: one.name, value: value(one), ours: i === 0 }))
  const times = (id, heading) => {
    const { contenders: measured } = requests.find((one) => one.id === id)
    const values = measured.map(({ microseconds }) => microseconds.median)
    // h3 would leave the others no room.
    const most = values.toSorted((a, b) => a - b).at(-2)
    return { heading, unit: 'µs', most, bars: bars(measured, (one) => one.microseconds.median) }
  }
  const read = bytes.filter(({ data }) => data === 2000)
  return chart(
    'What a session adds to a request: verify, slide, answer',
    '2 kB of data, in workerd, over the same app without sessions. Shorter is better.',
    [
      times('known-2000', 'CPU, session known to the isolate'),
      times('unseen-2000', 'CPU, session new to the isolate'),
      { heading: 'Bytes of Set-Cookie', unit: 'bytes', bars: bars(read, (one) => one.setCookie) },
    ],
  )
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
