/**
 * hono-sessions with its cookie store, which slides on every request by itself; for the row that
 * only reads, `autoExtendExpiration: false`.
 */
import { Hono } from 'hono'
import { CookieStore, sessionMiddleware } from 'hono-sessions'
import { answer, bytesAsked, dataOf, IDLE, KEY, SUBJECT } from './app.mjs'

const sessions = (autoExtendExpiration) =>
  sessionMiddleware({
    store: new CookieStore(),
    encryptionKey: KEY,
    expireAfterSeconds: IDLE,
    autoExtendExpiration,
    cookieOptions: { httpOnly: true, secure: true, sameSite: 'Lax', path: '/' },
  })

const read = (c) => {
  const session = c.get('session')
  return c.json(answer(session.get('subject'), session.get('data')))
}

const app = new Hono()
  .use('/sign-in', sessions(true))
  .use('/slide', sessions(true))
  .use('/read', sessions(false))
  .post('/sign-in', (c) => {
    const session = c.get('session')
    session.set('subject', SUBJECT)
    session.set('data', dataOf(bytesAsked(c.req.url)))
    return c.json(answer(session.get('subject'), session.get('data')))
  })
  .get('/slide', read)
  .get('/read', read)

export const fetch = (request) => app.fetch(request)
