/**
 * iron-session. Reading does not slide its `ttl`, so its user calls `save()`, as its readme says.
 */

import { Hono } from 'hono'
import { getIronSession, webCookies } from 'iron-session'
import { answer, bytesAsked, dataOf, IDLE, KEY, SUBJECT } from './app.mjs'

const options = { password: KEY, cookieName: 'session', ttl: IDLE }

const app = new Hono()
  .post('/sign-in', async (c) => {
    const headers = new Headers({ 'content-type': 'application/json' })
    const session = await getIronSession(webCookies(c.req.raw, headers), options)
    Object.assign(session, { subject: SUBJECT, ...dataOf(bytesAsked(c.req.url)) })
    await session.save()
    return new Response(JSON.stringify(answer(session.subject, session)), { headers })
  })
  .get('/slide', async (c) => {
    const headers = new Headers({ 'content-type': 'application/json' })
    const session = await getIronSession(webCookies(c.req.raw, headers), options)
    if (session.subject !== undefined) await session.save()
    return new Response(JSON.stringify(answer(session.subject, session)), { headers })
  })
  .get('/read', async (c) => {
    const session = await getIronSession(webCookies(c.req.raw, new Headers()), options)
    return c.json(answer(session.subject, session))
  })

export const fetch = (request) => app.fetch(request)
