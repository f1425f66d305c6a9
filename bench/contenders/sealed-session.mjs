/**
 * Our library, as an app on Workers mounts it: the Hono middleware and the list on KV. KV itself is
 * a stub in the isolate, because waiting for it is not CPU time; our code around it is counted.
 */
import { Hono } from 'hono'
import { createSessionManager } from 'sealed-session'
import { kvRevocationList } from 'sealed-session/cloudflare'
import { session } from 'sealed-session/hono'
import { ABSOLUTE, answer, bytesAsked, dataOf, IDLE, KEY, SUBJECT } from './app.mjs'

const emptyNamespace = {
  get: async (keys) => (typeof keys === 'string' ? null : new Map(keys.map((key) => [key, null]))),
  put: async () => {},
}

const manager = createSessionManager({
  keys: KEY,
  revocationList: kvRevocationList(emptyNamespace),
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

export const fetch = (request) => app.fetch(request)
