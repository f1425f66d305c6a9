/**
 * @hono/session with its storage. With one, `update()` writes the data again and so renews its life in
 * the storage, but the cookie keeps the `exp` of the sign-in.
 */
import { useSession, useSessionStorage } from '@hono/session'
import { Hono } from 'hono'
import { place } from '../place.mjs'
import { ABSOLUTE, answer, bytesAsked, dataOf, IDLE, KEY, SUBJECT } from './app.mjs'

const storage = {
  async get(sid) {
    const text = place.read(sid)
    return text === null ? null : JSON.parse(text)
  },
  async set(sid, data) {
    place.write(sid, JSON.stringify(data))
  },
  async delete(sid) {
    place.delete(sid)
  },
}

const app = new Hono()
  .use(useSessionStorage(storage))
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
  .post('/change', async (c) => {
    const { session } = c.var
    await session.update((data) => ({ ...data, visits: data.visits + 1 }))
    const { data } = session
    return c.json(answer(data.subject, data))
  })

export const fetch = (request) => app.fetch(request)
