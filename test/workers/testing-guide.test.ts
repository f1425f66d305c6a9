import { Hono } from 'hono'
import { createSessionManager, generateKey, type SessionOptions } from 'sealed-session'
import { session } from 'sealed-session/hono'
import { sessionCookie, TestRevocationList, testClock } from 'sealed-session/testing'
import { expect, it } from 'vitest'

const makeApp = (options: SessionOptions<{ theme: string }>) =>
  new Hono().use(session(createSessionManager(options))).get('/', (c) => {
    const { subject, ended, data } = c.var.session
    return subject ? c.text(`${subject} likes ${data.theme}`) : c.text(`Sign in: ${ended}`, 401)
  })

const now = testClock()
const options = { keys: generateKey(), revocationList: new TestRevocationList({ now }), now }
const app = makeApp(options)
const get = (cookie: string) => app.request('/', { headers: { cookie } })
const ada = { subject: 'ada', data: { theme: 'dark' } }

it('greets who is signed in', async () => {
  const response = await get(await sessionCookie(options, ada))
  expect(await response.text()).toBe('ada likes dark')
})

it.each([
  ['idle', { idleFor: 1_800 }],
  ['absolute', { age: 43_200 }],
  ['revoked', { revoked: true }],
  ['invalid', { tampered: true }],
])('says that a session ended: %s', async (reason, state) => {
  const response = await get(await sessionCookie(options, { ...ada, ...state }))
  expect(await response.text()).toBe(`Sign in: ${reason}`)
})
