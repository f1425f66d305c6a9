import { Hono } from 'hono'
import { createSessionManager, generateKey } from 'sealed-session'
import { kvRevocationList, type RevocationNamespace } from 'sealed-session/cloudflare'
import { requireSignIn, session } from 'sealed-session/hono'
import { sessionCookie } from 'sealed-session/testing'
import { expect, it } from 'vitest'

interface Env {
  SESSION_KEYS: string
  REVOCATIONS: RevocationNamespace
}

// In your project this is: import app from './index.ts'
const app = new Hono()
  .use(
    session((env: Env) => {
      const { SESSION_KEYS: keys, REVOCATIONS } = env
      return createSessionManager({ keys, revocationList: kvRevocationList(REVOCATIONS) })
    }),
  )
  .get('/', requireSignIn(), (c) => c.text(`Hello ${c.var.session.subject}`))

const entries = new Map<string, string>()
const fakeKv: RevocationNamespace = {
  get: async (keys) => new Map(keys.map((key) => [key, entries.get(key) ?? null])),
  put: async (key, value) => void entries.set(key, value),
}
const env: Env = { SESSION_KEYS: generateKey(), REVOCATIONS: fakeKv }
const options = { keys: env.SESSION_KEYS, revocationList: kvRevocationList(fakeKv) }
const get = (cookie: string) => app.request('/', { headers: { cookie } }, env)

it('greets who is signed in', async () => {
  const response = await get(await sessionCookie(options, { subject: 'ada' }))
  expect(await response.text()).toBe('Hello ada')
})

it('greets nobody whose session was revoked', async () => {
  const response = await get(await sessionCookie(options, { subject: 'ada', revoked: true }))
  expect(response.status).toBe(401)
})
