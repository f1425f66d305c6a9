/**
 * Reports the measurements: tables for the terminal and for `docs/performance.md`, and whether the
 * budgets are met. Measures nothing.
 */

import { table } from './measure.mjs'

/** USD per million. KV bills every key of a bulk read (developers.cloudflare.com/kv/platform/pricing). */
export const PRICES = {
  requests: 0.3,
  cpuMilliseconds: 0.02,
  keysRead: 0.5,
  keysWritten: 5,
  /** Calls of Durable Objects (developers.cloudflare.com/durable-objects/platform/pricing). */
  objectCalls: 0.15,
}

const MONTH = 30 * 24 * 60 * 60

/** One result as text: title, table, note. */
export const asText = ({ title, head, rows, note }) =>
  `## ${title}\n\n${table(head, rows)}${note === undefined ? '' : `\n\n${note}`}`

export const sizesReport = (sizes) => ({
  title: 'Bundle, minified and gzipped (Hono is external)',
  head: ['import', 'bytes', 'without jose'],
  rows: sizes.map(({ name, gzipped, withoutJose }) => [name, gzipped, withoutJose]),
})

export const bytesReport = (bytes) => ({
  title: 'Bytes of a request that reads and slides',
  head: ['', 'data', 'Set-Cookie', 'Cookie'],
  rows: bytes.map(({ name, data, setCookie, cookie }) => [name, data, setCookie, cookie]),
})

export function callsReport(calls) {
  const list = (counted) =>
    Object.entries(counted)
      .map(([name, n]) => (n === 1 ? name : `${n} ${name}`))
      .join(', ')
  return {
    title: 'Calls of crypto.subtle by a request that slides',
    head: ['', 'session known to the isolate', 'session new to it'],
    rows: calls.map(({ name, known, unseen }) => [name, list(known), list(unseen)]),
  }
}

/** One kind of request, contender by contender. */
export const requestsReport = ({ what, where, bytes, clock, bare, contenders }) => ({
  title: titleOf({ what, where, bytes }),
  head: ['', 'µs added', 'quartiles', 'times ours', 'quartiles'],
  rows: contenders.map(({ name, microseconds, ratio }) => [
    name,
    ...spread(microseconds, 1),
    ...spread(ratio, 2),
  ]),
  note: `${clock} per request over the bare framework; bare Hono itself: ${bare.toFixed(1)} µs.`,
})

/** Several kinds of requests in one table. */
export const allRequestsReport = (requests) => ({
  title: `Requests: µs of ${requests[0].clock} added, and times ours`,
  head: ['', ...requests[0].contenders.map(({ name }) => name)],
  rows: requests.map((row) => [
    titleOf(row),
    ...row.contenders.map(({ microseconds, ratio }) => both(microseconds, ratio, 0)),
  ]),
})

const titleOf = ({ what, where, bytes }) =>
  [what, where, bytes > 0 ? `${bytes} bytes of data` : ''].filter((part) => part !== '').join(', ')

/** Data in a store: µs added, and times ours, with the quartiles of the ratio. */
export const dataReport = (rows) => ({
  title: 'Data that outgrows a cookie: µs of CPU added, and times ours (quartiles)',
  head: ['', ...rows[0].contenders.map(({ name }) => name)],
  rows: rows.map(({ what, where, bytes, contenders }) => [
    `${what}, session ${where === 'new' ? 'new' : 'known'} to the process, ${bytes / 1000} kB`,
    ...contenders.map(({ microseconds, ratio }, i) =>
      i === 0
        ? `${microseconds.median.toFixed(0)} (1.00)`
        : `${microseconds.median.toFixed(0)} (${spread(ratio, 2).join('; ')})`,
    ),
  ]),
})

/** What a request asks of the store, and the bytes of its cookies. */
export function storeReport(store) {
  const calls = ({ reads, writes, renewals, bytesWritten }) =>
    [
      [reads, 'read'],
      [writes, `write of ${(bytesWritten / Math.max(1, writes) / 1000).toFixed(0)} kB`],
      [renewals, 'renewal'],
    ]
      .filter(([count]) => count > 0)
      .map(([count, name]) => `${count} ${name}`)
      .join(', ') || 'nothing'
  return {
    title: 'What a request asks of the store',
    head: [
      '',
      'data',
      'known, slides',
      'new, slides',
      'changes',
      'Set-Cookie',
      'Cookie',
      'idle timeout',
    ],
    rows: store.map(({ name, bytes, asked, setCookie, cookie, isChecked, slides }) => [
      name,
      `${bytes / 1000} kB`,
      calls(asked.slide),
      calls(asked.unseen),
      calls(asked.change),
      setCookie.slide,
      cookie,
      `${isChecked ? 'checked' : 'left to the store'}, ${slides ? 'slides' : 'does not slide'}`,
    ]),
  }
}

export const coldStartsReport = (coldStarts) => ({
  title: 'Fresh isolate: from nothing to its first answer (2,000 bytes of data, a live session)',
  head: ['', 'ms', 'ms added', 'quartiles', 'times ours'],
  rows: coldStarts.map(({ name, milliseconds, added, ratio }) => [
    name,
    milliseconds.median.toFixed(1),
    ...(added === undefined ? ['', '', ''] : [...spread(added, 1), ratio.median.toFixed(2)]),
  ]),
})

export const sealsReport = (seals) => ({
  title: 'Sealing alone: µs, and times ours',
  head: ['', 'data', ...seals[0].ways.map(({ way }) => way)],
  rows: seals.map(({ runtime, operation, bytes, ways }) => [
    `${runtime} ${operation}`,
    bytes,
    ...ways.map(({ microseconds, ratio }) => both(microseconds, ratio, 1)),
  ]),
})

export const kvReport = (kv) => ({
  title: 'Revocation list on KV',
  head: [
    'users',
    'each asks every',
    'isolates',
    'ended sessions',
    'requests',
    'reads',
    'keys read',
  ],
  rows: kv.map(({ users, every, isolates, revoked, requests, reads, keysRead }) => [
    users,
    `${every} s`,
    isolates,
    revoked,
    requests,
    reads,
    keysRead,
  ]),
  note: 'A read is one bulk get. KV bills each of its keys.',
})

/** Dollars a month for the checks of each list, from counted operations. */
export function listsReport(lists) {
  const [{ loads }] = lists
  const price = ({ requestsPerSecond, requests, keys, calls }) => {
    const dollars = (keys * PRICES.keysRead + calls * PRICES.objectCalls) / 1e6
    const month = (dollars / requests) * requestsPerSecond * MONTH
    return `$${month < 100 ? month.toFixed(2) : Math.round(month).toLocaleString('en')}`
  }
  const at = ({ requestsPerSecond }) =>
    `${requestsPerSecond.toLocaleString('en')} requests/s ($${Math.round(
      (PRICES.requests * requestsPerSecond * MONTH) / 1e6,
    ).toLocaleString('en')})`
  const perRequest = ({ requests, keys, calls }) => ((keys + calls) / requests).toPrecision(2)
  return {
    title: 'USD a month for checks, beside the price of the requests',
    head: ['list', 'recheckAfter', ...loads.map(at), 'keys or calls a request at 1,000/s'],
    rows: lists.map(({ name, recheckAfter, loads }) => [
      name,
      `${recheckAfter} s`,
      ...loads.map(price),
      perRequest(loads[1]),
    ]),
  }
}

/**
 * Dollars a month, by the load: the price of the requests on Workers, and the addition for
 * sessions.
 */
export function costReport({ requests, kv }) {
  const microseconds = requests.find(({ id }) => id === 'unseen-2000').contenders[0].microseconds
  const browsing = kv.find(({ users, every }) => users > 1 && every === 10)
  const keysRead = browsing.keysRead / browsing.requests
  const dollars = (perMillion, millions) => `$${(perMillion * millions).toFixed(2)}`
  return {
    title: 'USD a month on Workers, beyond what the plan includes',
    head: ['requests a second', 'Workers requests', 'CPU for sessions', 'KV reads for sessions'],
    rows: [10, 1000, 100_000].map((rate) => {
      const millions = (rate * MONTH) / 1e6
      return [
        rate.toLocaleString('en'),
        dollars(PRICES.requests, millions),
        dollars((PRICES.cpuMilliseconds * microseconds.median) / 1000, millions),
        dollars(PRICES.keysRead * keysRead, millions),
      ]
    }),
  }
}

/** The limits of our cost relative to the best peer, for a request that is verified and slides. */
const REQUEST_BUDGETS = [
  { id: 'known-100', kind: 'session known to the isolate, 100 bytes', limit: 0.5 },
  { id: 'known-2000', kind: 'session known to the isolate, 2,000 bytes', limit: 0.5 },
  { id: 'unseen-100', kind: 'session new to the isolate, 100 bytes', limit: 1.25 },
  { id: 'unseen-2000', kind: 'session new to the isolate, 2,000 bytes', limit: 1 },
]

/** The budgets, and the measured figures. */
export function budgetsOf({ requests, together, coldStarts, bytes, kv, budgetedSizes }) {
  const share = (contenders) => {
    const [best] = contenders.slice(1).toSorted((a, b) => a.ratio.median - b.ratio.median)
    const value = 1 / best.ratio.median
    return { value, text: `${value.toFixed(2)} of ${best.name}` }
  }
  const cold = coldStarts.filter(({ added }) => added !== undefined)
  const time = (what, rows) =>
    REQUEST_BUDGETS.map(({ id, kind, limit }) => {
      const { contenders } = rows.find((one) => one.id === id)
      return { what: `${what}, ${kind}`, limit, ...share(contenders) }
    })
  return [
    ...time('CPU added', requests),
    ...time('wall time added in one workerd', together),
    { what: 'CPU added, first request of a fresh isolate', limit: 1, ...share(cold) },
    {
      what: 'bytes set by a read, 2,000 bytes of data',
      limit: 400,
      value: bytes.find(({ data }) => data === 2000).setCookie,
    },
    { what: 'KV reads, one user, a request a second for an hour', limit: 61, value: kv[0].reads },
    {
      what: 'middleware and KV list without jose, gzipped',
      limit: 12_000,
      value: budgetedSizes.ours,
    },
    {
      what: 'middleware and KV list with jose, gzipped',
      limit: 20_000,
      value: budgetedSizes.withJose,
    },
  ]
}

export const budgetsReport = (budgets) => ({
  title: 'Budgets',
  head: ['', 'measured', 'limit', 'met'],
  rows: budgets.map(({ what, limit, value, text = value }) => [
    what,
    text,
    limit,
    value <= limit ? 'yes' : 'no',
  ]),
})

/**
 * The document with the tables of this run between `<!-- bench: name -->` and `<!-- /bench -->`. Other
 * tables stay.
 */
export function withTables(document, reports) {
  return document.replaceAll(
    /(<!-- bench: ([\w-]+) -->\n)(?:[^<]*\n)?(<!-- \/bench -->)/g,
    (before, start, name, end) => {
      if (reports[name] === undefined) return before
      const { head, rows } = reports[name]
      return `${start}${table(head, rows)}\n${end}`
    },
  )
}

const both = ({ median }, ratio, digits) => `${median.toFixed(digits)} (${ratio.median.toFixed(2)})`

const spread = ({ median, low, high }, digits) => [
  median.toFixed(digits),
  `${low.toFixed(digits)}–${high.toFixed(digits)}`,
]
