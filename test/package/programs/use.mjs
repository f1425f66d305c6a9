/** What an app does with the package, on any runtime. Gives what happened, for the test to compare. */

import { Hono } from 'hono'
import * as core from 'sealed-session'
import * as binding from 'sealed-session/binding'
import * as client from 'sealed-session/client'
import * as drafts from 'sealed-session/client/drafts'
import * as cloudflare from 'sealed-session/cloudflare'
import * as hono from 'sealed-session/hono'
import * as logout from 'sealed-session/logout'
import * as node from 'sealed-session/node'
import * as redis from 'sealed-session/redis'
import * as testing from 'sealed-session/testing'

const { createSessionManager, generateKey, seal, unseal } = core
const { CookieJar, sessionCookie, TestRevocationList, testClock } = testing

/** The names of the values that an app gets, by entry point. */
const names = () =>
  Object.fromEntries(
    Object.entries({
      'sealed-session': core,
      'sealed-session/binding': binding,
      'sealed-session/client': client,
      'sealed-session/client/drafts': drafts,
      'sealed-session/cloudflare': cloudflare,
      'sealed-session/hono': hono,
      'sealed-session/logout': logout,
      'sealed-session/node': node,
      'sealed-session/redis': redis,
      'sealed-session/testing': testing,
    }).map(([name, module]) => [name, Object.keys(module).sort()]),
  )

export async function use() {
  const now = testClock(Date.now())
  const options = { keys: generateKey(), revocationList: new TestRevocationList({ now }), now }
  const app = new Hono()
    .use(hono.session(createSessionManager(options)))
    .get('/', (c) => {
      const { subject, ended, data } = c.var.session
      return c.text(`${subject} ${ended} ${JSON.stringify(data)}`)
    })
    .post('/sign-in', async (c) => {
      await c.var.session.signIn('ada')
      c.var.session.data = { theme: 'dark' }
      return c.text('signed in')
    })
    .post('/sign-out', async (c) => {
      await c.var.session.destroy()
      return c.text('signed out')
    })
    .post('/force-out', async (c) => {
      await c.var.sessionManager.revokeSubject('ada')
      return c.text('forced out')
    })
  const jar = new CookieJar(now)
  const send = async (path, method = 'GET') => {
    const request = new Request(`https://site.example${path}`, { method })
    return (await jar.send(request, app.fetch)).text()
  }
  const look = async (state) => {
    const cookie = await sessionCookie(options, { subject: 'ada', ...state })
    return (await app.request('/', { headers: { cookie } })).text()
  }
  const story = [await send('/'), await send('/sign-in', 'POST'), await send('/')]
  const copy = jar.clone()
  story.push(await send('/sign-out', 'POST'), await send('/'))
  jar.replaceBy(copy)
  story.push(await send('/'), await send('/sign-in', 'POST'), await send('/'))
  story.push(await send('/force-out', 'POST'), await send('/'))
  now.pass(1)
  const states = {
    now: await look({}),
    idle: await look({ idleFor: 1_800 }),
    old: await look({ age: 43_200 }),
    revoked: await look({ revoked: true }),
    tampered: await look({ tampered: true }),
  }
  const sealing = { keys: options.keys, purpose: 'link' }
  const sealed = await unseal(await seal({ to: 'ada' }, { ...sealing, ttl: 60 }), sealing)
  const list = () => redis.redisRevocationList(fakeRedis())
  const faults = []
  for (const { name, run } of testing.revocationListContract(list)) {
    await run().catch((error) => faults.push(`${name}: ${error.message}`))
  }
  return { names: names(), story, states, sealed, faults }
}

/** As much of Redis as the list needs. */
function fakeRedis() {
  const entries = new Map()
  return async ([name, ...args]) => {
    if (name === 'MGET') return args.map((key) => entries.get(key) ?? null)
    // Of the scope that marks bound sessions the first mark stays.
    if (args.includes('NX') && entries.has(args[0])) return null
    // The one script keeps the newest mark.
    const [key, value, isScript] = name === 'SET' ? [args[0], args[1]] : [args[2], args[3], true]
    if (!isScript || !(Number(entries.get(key)) > Number(value))) entries.set(key, value)
    return 'OK'
  }
}
