/**
 * hono-sessions with a store, and its cookie encrypted. It slides by writing the data again; for the row
 * that only reads, `autoExtendExpiration: false`.
 */
import { Hono } from 'hono'
import { sessionMiddleware } from 'hono-sessions'
import { place } from '../place.mjs'
import { answer, bytesAsked, dataOf, IDLE, KEY, SUBJECT } from './app.mjs'

const write = async (sid, session) => place.write(sid, JSON.stringify(session))
const store = {
  async getSessionById(sid) {
    const text = place.read(sid)
    return text === null ? null : JSON.parse(text)
  },
  createSession: write,
  persistSessionData: write,
  deleteSession: async (sid) => place.delete(sid),
}

const sessions = (autoExtendExpiration) =>
  sessionMiddleware({
    store,
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
  .use('/change', sessions(true))
  .post('/sign-in', (c) => {
    const session = c.get('session')
    session.set('subject', SUBJECT)
    session.set('data', dataOf(bytesAsked(c.req.url)))
    return read(c)
  })
  .get('/slide', read)
  .get('/read', read)
  .post('/change', (c) => {
    const session = c.get('session')
    const data = session.get('data')
    session.set('data', { ...data, visits: data.visits + 1 })
    return read(c)
  })

export const fetch = (request) => app.fetch(request)
