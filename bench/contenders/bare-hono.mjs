/** Hono without sessions, which is subtracted from the contenders that run in Hono. */
import { Hono } from 'hono'
import { answer } from './app.mjs'

const app = new Hono()
  .post('/sign-in', (c) => c.json(answer('nobody', { theme: 'none' })))
  .get('/slide', (c) => c.json(answer('nobody', { theme: 'none' })))
  .get('/read', (c) => c.json(answer('nobody', { theme: 'none' })))

export const fetch = (request) => app.fetch(request)
