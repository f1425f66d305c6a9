/**
 * The Worker around a contender: plays a browser that sends many requests to the contender's app.
 * Time is taken outside, around one whole fetch of this Worker.
 *
 * The cookie jar is as cheap as possible. Its remaining cost counts as the contender's, which is a
 * disadvantage for the library that sets two cookies: ours.
 */

import { fetch as app } from 'contender'
import { setNow } from './clock.mjs'

const ORIGIN = 'https://example.com'

/** Sessions that this isolate has never seen, for the routes that use each of them once. */
let strangers = []
/** The session that this isolate has seen all along. */
let known = ''
/** Set-Cookie headers of the latest answer. */
let latest = []

function cookieHeader(cookie, setCookies) {
  if (setCookies.length === 0) return cookie
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

async function send(path, cookie, method = 'GET') {
  const headers = cookie === '' ? {} : { cookie }
  const response = await app(new Request(ORIGIN + path, { method, headers }))
  if (response.status !== 200)
    throw new Error(`${path}: ${response.status} ${await response.text()}`)
  latest = response.headers.getSetCookie()
  return response
}

async function signIn(bytes) {
  await send(`/sign-in?bytes=${bytes}`, '', 'POST')
  return cookieHeader('', latest)
}

const commands = {
  /** Signs in the known session. */
  async start({ now, bytes }) {
    setNow(now)
    known = await signIn(bytes)
    return { cookie: known, setCookie: latest }
  },

  /** n requests of the known session, one a second. */
  async known({ now, n, path }) {
    for (let i = 1; i <= n; i++) {
      setNow(now + i * 1000)
      await send(path, known)
      known = cookieHeader(known, latest)
    }
    return {}
  },

  /** Makes n sessions for another isolate: each signed in, and used once. */
  async make({ now, n, bytes }) {
    setNow(now)
    const cookies = []
    for (let i = 0; i < n; i++) {
      const cookie = await signIn(bytes)
      await send('/slide', cookie)
      cookies.push(cookieHeader(cookie, latest))
    }
    return cookies
  },

  /** Takes sessions that another isolate made. */
  async take({ cookies }) {
    strangers = cookies
    return {}
  },

  /** One request of each session taken. */
  async strangers({ now, path }) {
    for (const cookie of strangers) {
      setNow(++now)
      await send(path, cookie)
    }
    return {}
  },

  /** n first sign-ins. */
  async signIns({ now, n, bytes }) {
    for (let i = 1; i <= n; i++) {
      setNow(now + i * 1000)
      await send(`/sign-in?bytes=${bytes}`, '', 'POST')
    }
    return {}
  },

  /** n requests of visitors without a cookie. */
  async visitors({ now, n }) {
    for (let i = 1; i <= n; i++) {
      setNow(now + i * 1000)
      await send('/read', '')
    }
    return {}
  },

  /** One request, in full: what was sent, what came, and how many crypto calls it took. */
  async look({ now, path, cookie, method }) {
    setNow(now)
    const calls = {}
    const restore = countCrypto(calls)
    const response = await send(path, cookie, method)
    restore()
    return {
      body: await response.json(),
      setCookie: latest,
      cookie: cookieHeader(cookie, latest),
      calls,
    }
  },
}

/** Counts the calls of every method of `crypto.subtle` until undone. */
function countCrypto(calls) {
  const prototype = Object.getPrototypeOf(crypto.subtle)
  const methods = [
    'encrypt',
    'decrypt',
    'sign',
    'verify',
    'digest',
    'importKey',
    'deriveBits',
    'deriveKey',
  ]
  const real = methods.map((name) => prototype[name])
  methods.forEach((name, i) => {
    prototype[name] = function (...args) {
      calls[name] = (calls[name] ?? 0) + 1
      return real[i].apply(this, args)
    }
  })
  return () =>
    methods.forEach((name, i) => {
      prototype[name] = real[i]
    })
}

export default {
  async fetch(request) {
    const { command, ...args } = await request.json()
    return Response.json(await commands[command](args))
  },
}
