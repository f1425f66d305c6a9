/**
 * express-session with connect-redis, over the four commands of Redis that it uses. `rolling` sends the
 * cookie again on each request, which slides it; the row that only reads goes without.
 */
import { RedisStore } from 'connect-redis'
import express from 'express'
import session from 'express-session'
import { place } from '../place.mjs'
import { answer, bytesAsked, dataOf, IDLE, KEY, SUBJECT } from './app.mjs'
import { fetchOf } from './loopback.mjs'

const client = {
  get: async (key) => place.read(key),
  set: async (key, text) => place.write(key, text),
  expire: async (key) => place.renew(key),
  del: async ([key]) => place.delete(key),
}

const sessions = (rolling) =>
  session({
    store: new RedisStore({ client }),
    secret: KEY,
    resave: false,
    saveUninitialized: false,
    rolling,
    proxy: true,
    cookie: { maxAge: IDLE * 1000, httpOnly: true, secure: true, sameSite: 'lax' },
  })

const read = ({ session }, response) => response.json(answer(session.subject, session))

const app = express()
app.use('/read', sessions(false))
app.use(['/sign-in', '/slide', '/change'], sessions(true))
app.post('/sign-in', (request, response) => {
  Object.assign(request.session, { subject: SUBJECT, ...dataOf(bytesAsked(request.url)) })
  read(request, response)
})
app.get('/slide', read)
app.get('/read', read)
app.post('/change', (request, response) => {
  request.session.visits++
  read(request, response)
})

export const fetch = await fetchOf(app)
