/** Hono without sessions, which is subtracted from the contenders that run in Hono. */
import { Hono } from 'hono'
import { answer } from './app.mjs'

const nobody = (c) => c.json(answer('nobody', { visits: 0, items: [{ id: 'none' }] }))
const app = new Hono()
  .post('/sign-in', nobody)
  .get('/slide', nobody)
  .get('/read', nobody)
  .post('/change', nobody)

export const fetch = (request) => app.fetch(request)
