/** Express without sessions, which is subtracted from express-session. */
import express from 'express'
import { answer } from './app.mjs'
import { fetchOf } from './loopback.mjs'

const nobody = (_request, response) =>
  response.json(answer('nobody', { visits: 0, items: [{ id: 'none' }] }))
const app = express()
app.post('/sign-in', nobody)
app.get('/slide', nobody)
app.get('/read', nobody)
app.post('/change', nobody)

export const fetch = await fetchOf(app)
