/**
 * The process around a contender: plays a browser that sends many requests to the contender's app. CPU
 * time is taken outside, around one command.
 */

import { setNow } from '../requests/clock.mjs'
import { clear, counted } from './place.mjs'

const ORIGIN = 'https://example.com'

/** The app whose process time is measured, and a second instance that makes sessions it has not seen. */
const [app, maker] = await Promise.all(
  ['app', 'maker'].map((name) => import(`${process.env.CONTENDER}?${name}`)),
)

let cookies = []
let known = ''
let latest = []

function cookieHeader(cookie, setCookies) {
  const jar = new Map()
  for (const pair of cookie.split('; ')) {
    if (pair !== '') jar.set(pair.slice(0, pair.indexOf('=')), pair)
  }
  for (const line of setCookies) {
    const end = line.indexOf(';')
    jar.set(line.slice(0, line.indexOf('=')), end === -1 ? line : line.slice(0, end))
  }
  return [...jar.values()].join('; ')
}

async function send(to, path, cookie, method = 'GET') {
  const headers = cookie === '' ? {} : { cookie }
  const response = await to.fetch(new Request(ORIGIN + path, { method, headers }))
  if (response.status !== 200)
    throw new Error(`${path}: ${response.status} ${await response.text()}`)
  latest = response.headers.getSetCookie()
  return response
}

async function signIn(to, bytes) {
  await send(to, `/sign-in?bytes=${bytes}`, '', 'POST')
  return cookieHeader('', latest)
}

const commands = {
  /** Signs in the known session. */
  async start({ now, bytes }) {
    setNow(now)
    clear()
    known = await signIn(app, bytes)
    return { cookie: known }
  },

  /** n requests of the known session, one a second. */
  async known({ now, n, path, method }) {
    for (let i = 1; i <= n; i++) {
      setNow(now + i * 1000)
      await send(app, path, known, method)
      known = cookieHeader(known, latest)
    }
  },

  /** Makes n sessions in the other instance: each signed in, and used once. */
  async make({ now, n, bytes }) {
    setNow(now)
    clear()
    cookies = []
    for (let i = 0; i < n; i++) {
      const cookie = await signIn(maker, bytes)
      await send(maker, '/slide', cookie)
      cookies.push(cookieHeader(cookie, latest))
    }
    // Not at the cost of what is measured next.
    globalThis.gc()
  },

  /** One request of each session made. */
  async strangers({ now, path }) {
    for (const cookie of cookies) {
      setNow(++now)
      await send(app, path, cookie)
    }
  },

  /** One request, in full: what was sent, what came, and what the store was asked. */
  async look({ now, path, cookie, method }) {
    setNow(now)
    const before = { ...counted }
    const response = await send(app, path, cookie ?? cookies[0], method)
    const body = await response.json()
    // What the library did not wait for.
    await new Promise((resolve) => setImmediate(resolve))
    const asked = Object.fromEntries(
      Object.entries(counted).map(([name, count]) => [name, count - before[name]]),
    )
    return { body, setCookie: latest, cookie: cookieHeader(cookie ?? cookies[0], latest), asked }
  },
}

process.on('message', async ({ command, ...args }) => {
  try {
    process.send({ result: await commands[command](args) })
  } catch (error) {
    process.send({ error: String(error?.stack ?? error) })
  }
})
process.send({ result: 'ready' })
