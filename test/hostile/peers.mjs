/**
 * The hostile cookies of our own tests, against the libraries that our users use today:
 * `npm ci --prefix bench && node test/hostile/peers.mjs`
 *
 * Each library signs two visitors in, behind the same Hono app; their cookies are then damaged by
 * one generator, in the table's way and at random, and planted beside good ones.
 */

import fc from 'fast-check'
import { CompactEncrypt } from 'jose'
import { session as sealedSession } from '../../src/hono.ts'
import { createSessionManager, memoryRevocationList } from '../../src/index.ts'
import { damaged, otherAlgorithms } from './forgeries.ts'
import { mutate, steps } from './mutations.ts'
import { decode, hourOf } from './wire.ts'

const peer = (path) => import(new URL(`../../bench/node_modules/${path}`, import.meta.url).href)
const { Hono } = await peer('hono/dist/index.js')
const { useSession } = await peer('@hono/session/dist/index.js')
const { getIronSession, webCookies } = await peer('iron-session/dist/index.js')
const versionOf = async (name) => {
  const file = new URL(`../../bench/node_modules/${name}/package.json`, import.meta.url)
  return JSON.parse(await (await import('node:fs/promises')).readFile(file, 'utf8')).version
}

const KEY = 'q3p0Yv6cQ4bN1mZs8rT2uW5xA7dE9gHjKlPoIuYtReE'
const RANDOM = 20_000
const SEED = 20_261_121

/** Each: an app with `/sign-in?<subject>` and `/`, and how its tokens are made. */
const contenders = [
  {
    name: 'sealed-session',
    cookie: '__Host-Http-session',
    between: '.',
    app: () =>
      new Hono()
        .use(
          sealedSession(
            createSessionManager({ keys: KEY, revocationList: memoryRevocationList() }),
          ),
        )
        .get('/sign-in', async (c) => {
          await c.var.session.signIn(new URL(c.req.url).search.slice(1))
          return c.text('ok')
        })
        .get('/', (c) => c.json({ subject: c.var.session.subject ?? null })),
    otherAlgorithms: async () => {
      const now = Date.now()
      const claims = { sid: 'A'.repeat(22), iat: now / 1000, act: now / 1000, sub: 'ada', d: {} }
      const use = { kind: 'cookie', name: '__Host-Http-session' }
      const place = { key: KEY, use, hour: hourOf(now) }
      return (await otherAlgorithms(place, JSON.stringify(claims))).map(({ token }) => token)
    },
  },
  {
    name: `iron-session ${await versionOf('iron-session')}`,
    cookie: 'session',
    between: '*',
    app: () => {
      const options = { password: KEY, cookieName: 'session', ttl: 3_600 }
      return new Hono()
        .get('/sign-in', async (c) => {
          const headers = new Headers()
          const session = await getIronSession(webCookies(c.req.raw, headers), options)
          session.subject = new URL(c.req.url).search.slice(1)
          await session.save()
          return new Response('ok', { headers })
        })
        .get('/', async (c) => {
          const session = await getIronSession(webCookies(c.req.raw, new Headers()), options)
          return c.json({ subject: session.subject ?? null })
        })
    },
  },
  {
    name: `@hono/session ${await versionOf('@hono/session')}`,
    cookie: 'sid',
    between: '.',
    app: () =>
      new Hono()
        .use(useSession({ secret: KEY, duration: { absolute: 43_200, inactivity: 1_800 } }))
        .get('/sign-in', async (c) => {
          await c.var.session.update({ subject: new URL(c.req.url).search.slice(1) })
          return c.text('ok')
        })
        .get('/', async (c) => c.json({ subject: (await c.var.session.get())?.subject ?? null })),
    otherAlgorithms: async () => {
      const exp = Math.floor(Date.now() / 1000) + 900
      const payload = JSON.stringify({ sid: 'x', subject: 'ada', iat: exp - 900, exp })
      const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array() }
      const info = new TextEncoder().encode('session jwe cek')
      const secret = new TextEncoder().encode(KEY)
      const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
      const bits = await crypto.subtle.deriveBits({ ...algorithm, info }, material, 256)
      const key = new Uint8Array(bits)
      return Promise.all(
        [
          ['dir', 'A128CBC-HS256', key],
          ['A256KW', 'A256GCM', key],
          ['A256GCMKW', 'A256GCM', key],
          ['PBES2-HS256+A128KW', 'A256GCM', key],
        ].map(([alg, enc, key]) =>
          new CompactEncrypt(new TextEncoder().encode(payload))
            .setProtectedHeader({ alg, enc })
            .encrypt(key),
        ),
      )
    },
  },
]

// A library may log what it refuses; the table is what counts here.
console.error = () => {}

const rows = []
for (const contender of contenders) rows.push(await attack(contender))
const head = [
  '',
  'inputs',
  'changed, accepted',
  'other algorithm, accepted',
  'answers 500',
  'signed out by planted junk',
]
const widths = head.map((_, column) =>
  Math.max(...[head, ...rows].map((row) => row[column].length)),
)
for (const row of [head, ...rows]) {
  console.log(
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]),
      )
      .join('  '),
  )
}
console.log(
  '\nA changed cookie that is accepted is another spelling of a good one; planted junk is a cookie of\n' +
    'the same name beside the good one, as a neighbour under the same domain can set it.',
)

async function attack({ name, cookie, between, app, otherAlgorithms }) {
  const { fetch } = app()
  const request = async (path, header) => {
    const headers = header === undefined ? {} : { Cookie: header }
    const response = await fetch(new Request(`https://site.example${path}`, { headers }))
    return { status: response.status, response }
  }
  const signIn = async (subject) => {
    const { response } = await request(`/sign-in?${subject}`)
    const pairs = response.headers.getSetCookie().map((line) => line.split(';', 1)[0])
    return pairs.find((pair) => pair.startsWith(`${cookie}=`)).slice(cookie.length + 1)
  }
  const [ada, bob] = [await signIn('ada'), await signIn('bob')]
  let inputs = 0
  let errors = 0
  const subjectFor = async (header) => {
    inputs++
    const { status, response } = await request('/', header)
    if (status >= 500) errors++
    return status === 200 ? (await response.json()).subject : null
  }
  if ((await subjectFor(`${cookie}=${ada}`)) !== 'ada') throw new Error(`${name} does not work`)

  // What no header can carry is left out.
  const canBeSent = (token) => !/[^\t\x20-\x7e\x80-\xff]/.test(token)
  const isChanged = (token) => token.trim() !== ada && token.trim() !== bob
  const table = [...damaged(ada, bob, between), ...damaged(bob, ada, between)]
    .map(({ token }) => token)
    .filter(canBeSent)
  let changed = 0
  for (const token of [...table, ...random([ada, bob], between).filter(canBeSent)]) {
    if (isChanged(token) && (await subjectFor(`${cookie}=${token}`)) !== null) changed++
  }
  let others = 0
  const forged = (await otherAlgorithms?.()) ?? []
  for (const token of forged) if ((await subjectFor(`${cookie}=${token}`)) !== null) others++

  let signedOut = 0
  const planted = table.filter((token) => !/[;,]|\s/.test(token))
  for (const [index, junk] of planted.entries()) {
    const pairs = [`${cookie}=${junk}`, `${cookie}=${ada}`]
    const header = (index % 2 === 0 ? pairs : pairs.reverse()).join('; ')
    if ((await subjectFor(header)) === null) signedOut++
  }
  const count = (number) => number.toLocaleString('en')
  return [
    name,
    count(inputs),
    count(changed),
    otherAlgorithms ? `${others} of ${forged.length}` : 'no JWE',
    count(errors),
    `${count(signedOut)} of ${count(planted.length)}`,
  ]
}

/** Random damage; the generator takes parts apart at dots. */
function random(tokens, between) {
  const dotted = tokens.map((token) =>
    token.replaceAll('.', '\u0001').replaceAll(between.replace('.', '\u0001'), '.'),
  )
  const back = (token) => token.replaceAll('.', between).replaceAll('\u0001', '.')
  const input = fc.record({
    pick: fc.nat({ max: 1 }),
    steps: steps(2, decode('AAAAAA'), hourOf(Date.now())),
  })
  return fc
    .sample(input, { numRuns: RANDOM, seed: SEED })
    .map(({ pick, steps }) => back(mutate(dotted[pick], steps, dotted)))
}
