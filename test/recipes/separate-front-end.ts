import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { csrf } from 'hono/csrf'
import type { SessionManager } from 'sealed-session'
import { requireSignIn, session } from 'sealed-session/hono'

const FRONT_END = 'https://app.shop.example'

/** The API at https://api.shop.example. The page calls it with `fetch(…, { credentials: 'include' })`. */
export const api = (sessions: SessionManager) =>
  new Hono()
    // Outside the session, so that it answers preflights, and errors have its headers too.
    .use(cors({ origin: FRONT_END, credentials: true }))
    .use(csrf({ origin: FRONT_END }))
    .use(session(sessions))
    .post('/sign-in', async (c) => {
      await c.var.session.signIn('ada') // after you have checked who it is
      return c.body(null, 204)
    })
    .get('/me', requireSignIn(), (c) => c.json({ subject: c.var.session.subject }))
