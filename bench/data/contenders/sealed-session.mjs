/** Our library with a data store. The revocation list is a stub, as in the other parts. */
import { Hono } from 'hono'
import { createSessionManager, dataStore } from 'sealed-session'
import { kvRevocationList } from 'sealed-session/cloudflare'
import { session } from 'sealed-session/hono'
import { place } from '../place.mjs'
import { ABSOLUTE, answer, bytesAsked, dataOf, IDLE, KEY, SUBJECT } from './app.mjs'

const emptyNamespace = {
  get: async (keys) => (typeof keys === 'string' ? null : new Map(keys.map((key) => [key, null]))),
  put: async () => {},
}

const manager = createSessionManager({
  keys: KEY,
  revocationList: kvRevocationList(emptyNamespace),
  dataStore: dataStore({
    read: async (key) => place.read(key),
    write: async (key, text) => place.write(key, text),
  }),
  idleTimeout: IDLE,
  absoluteTimeout: ABSOLUTE,
})

const app = new Hono()
  .use(session(manager))
  .post('/sign-in', async (c) => {
    const { session } = c.var
    Object.assign(session.data, dataOf(bytesAsked(c.req.url)))
    await session.signIn(SUBJECT)
    return c.json(answer(session.subject, session.data))
  })
  .get('/slide', (c) => {
    const { session } = c.var
    return c.json(answer(session.subject, session.data))
  })
  .get('/read', (c) => {
    const { session } = c.var
    session.skipTouch()
    return c.json(answer(session.subject, session.data))
  })
  .post('/change', (c) => {
    const { session } = c.var
    session.data.visits++
    return c.json(answer(session.subject, session.data))
  })

export const fetch = (request) => app.fetch(request)
