/**
 * @hono/session. `get()` does not slide its inactivity timeout, so its user calls `update()`: one
 * decryption, one encryption, a new `exp`.
 */
import { useSession } from '@hono/session'
import { Hono } from 'hono'
import { ABSOLUTE, answer, bytesAsked, dataOf, IDLE, KEY, SUBJECT } from './app.mjs'

const app = new Hono()
  .use(useSession({ secret: KEY, duration: { absolute: ABSOLUTE, inactivity: IDLE } }))
  .post('/sign-in', async (c) => {
    const { session } = c.var
    await session.update({ subject: SUBJECT, ...dataOf(bytesAsked(c.req.url)) })
    const { data } = session
    return c.json(answer(data.subject, data))
  })
  .get('/slide', async (c) => {
    const { session } = c.var
    await session.update((data) => data)
    const { data } = session
    return c.json(answer(data?.subject, data))
  })
  .get('/read', async (c) => {
    const data = await c.var.session.get()
    return c.json(answer(data?.subject, data))
  })

export const fetch = (request) => app.fetch(request)
