/**
 * The races of our own tests, against the libraries that our users use today:
 * `npm ci --prefix bench && node test/races/peers.mjs`. `RACES` sets how many interleavings.
 *
 * None of the peers can change a sid, end other sessions or force a subject out; nobody tries the
 * first two, and the third is tried to show what becomes of it. An id that is new at every sign-in is
 * put into their data by the app. They run with one key throughout.
 */

import { readFileSync } from 'node:fs'
import { VIOLATIONS } from './interleaving.ts'
import { race } from './race.ts'
import { loadSealed } from './sealed-system.ts'
import { AFTER, BEFORE, NAME, routeOf, SUBJECT } from './system.ts'

const RACES = Number(process.env.RACES ?? 2_000)
const SEED = Number(process.env.RACES_SEED ?? 1)
const KEY = 'q3p0Yv6cQ4bN1mZs8rT2uW5xA7dE9gHjKlPoIuYtReE'

const at = (path) => new URL(`../../bench/node_modules/${path}`, import.meta.url)
const { Hono } = await import(at('hono/dist/index.js'))
const { useSession } = await import(at('@hono/session/dist/index.js'))
const { getIronSession, webCookies } = await import(at('iron-session/dist/index.js'))
const versionOf = (name) => JSON.parse(readFileSync(at(`${name}/package.json`), 'utf8')).version

/** An app whose routes go through `open(c)`: what the cookie holds, and how to write and end it. */
function peer(open, { slides = false, wrap = (app) => app } = {}) {
  return (world) => {
    let ids = 0
    const act = (action) => async (c) => {
      const { headers } = c.req.raw
      const session = await open(c)
      const before = session.data
      if (action === 'write' && before.subject === undefined) return c.text('sign in', 401)
      await world.sleep(Number(headers.get(BEFORE)))
      const after = change(action, before, headers, () => `id-${ids++}`)
      if (after === undefined) await session.end()
      else if (after !== before) await session.write(after)
      const isRead = action === 'read' && headers.get('session-activity') === null
      if (slides && isRead && before.id !== undefined) await session.write(before)
      await world.sleep(Number(headers.get(AFTER)))
      return session.answer({ before: seen(before), after: seen(after ?? {}) })
    }
    const app = wrap(new Hono())
    for (const [action, [method, path]] of Object.entries(routeOf)) {
      if (action !== 'passive') app.on(method, path, act(action))
    }
    return {
      lacks: ['regenerate', 'sign-out-others', 'sign-in-end-others'],
      isolate: () => ({ fetch: (request) => app.fetch(request) }),
      async peek(cookie) {
        const response = await app.request('https://site.example/', { headers: { cookie } })
        const { before } = await response.json()
        return before.sid === undefined ? undefined : before
      },
    }
  }
}

/** The data after an action, the same object if it changes nothing, `undefined` at a sign-out. */
function change(action, data, headers, newId) {
  const { id, subject, log = [] } = data
  if (action === 'sign-out') return undefined
  if (action === 'sign-in') {
    const next = headers.get(SUBJECT)
    return { id: newId(), subject: next, log: [undefined, next].includes(subject) ? log : [] }
  }
  if (action !== 'write' && action !== 'anonymous-write') return data
  return { ...data, id: id ?? newId(), log: [...log, headers.get(NAME)] }
}

const seen = ({ id, subject, log = [] }) => ({ sid: id, subject, log })

async function openIron(c) {
  const headers = new Headers({ 'content-type': 'application/json' })
  const options = { password: KEY, cookieName: 'session', ttl: 43_200 }
  const session = await getIronSession(webCookies(c.req.raw, headers), options)
  return {
    data: { ...session },
    async write(data) {
      Object.assign(session, data)
      await session.save()
    },
    end: () => session.destroy(),
    answer: (answer) => new Response(JSON.stringify(answer), { headers }),
  }
}

async function openHono(c) {
  const { session } = c.var
  return {
    data: (await session.get()) ?? {},
    write: (data) => session.update(data),
    end: () => session.delete(),
    answer: (answer) => c.json(answer),
  }
}

const useHono = useSession({ secret: KEY, duration: { absolute: 43_200, inactivity: 1_800 } })
const iron = `iron-session ${versionOf('iron-session')}`
const contenders = [
  ['sealed-session', await loadSealed()],
  [iron, peer(openIron)],
  [`${iron}, save() at every read`, peer(openIron, { slides: true })],
  [
    `@hono/session ${versionOf('@hono/session')}`,
    peer(openHono, { wrap: (app) => app.use(useHono) }),
  ],
]

const tallies = []
for (const [name, make] of contenders) {
  const tally = await race(SEED, RACES, make)
  tallies.push(tally)
  console.error(`${name}: ${tally.requests} requests, ${tally.overlaps} overlaps`)
}
console.log(`\nIn how many of ${RACES} interleavings each was seen, from seed ${SEED}:\n`)
console.log(`| | ${contenders.map(([name]) => name).join(' | ')} |`)
console.log(`|---|${contenders.map(() => '---:|').join('')}`)
for (const violation of VIOLATIONS) {
  console.log(
    `| ${violation} | ${tallies.map(({ violations }) => violations[violation]).join(' | ')} |`,
  )
}
for (const [index, { examples }] of tallies.entries()) {
  if (process.env.EXAMPLES) console.log(contenders[index][0], examples)
}
