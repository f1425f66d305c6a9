/**
 * A Worker whose list has to be let through by a gate: the address in `GATE`, which answers when
 * the test says so. Its clock runs ahead by what `/pass` was told.
 */

import { Hono } from 'hono'
import { kvRevocationList } from '../../src/cloudflare.ts'
import { type SessionEnv, session } from '../../src/hono.ts'
import { createSessionManager } from '../../src/index.ts'

interface Env {
  GATE: string
}

let ahead = 0
const at = (gate: string, path: string) => fetch(`${gate}${path}`).then((answer) => answer.text())

const app = new Hono<SessionEnv & { Bindings: Env }>()

app.post('/pass/:seconds', (c) => {
  ahead += Number(c.req.param('seconds')) * 1_000
  return c.text('passed')
})

app.use(async (c, next) => {
  await at(c.env.GATE, `/arrived${c.req.path}`)
  await next()
})

app.use(
  session(({ GATE }: Env) =>
    createSessionManager({
      keys: 'a2V5IG9mIHRoZSBvdXRhZ2VzLCBub3QgYSBzZWNyZXQ',
      revocationList: kvRevocationList({
        async get(keys) {
          await at(GATE, '/read')
          return new Map(keys.map((key) => [key, null]))
        },
        async put() {
          await at(GATE, '/write')
        },
      }),
      revocationTimeout: 1,
      now: () => Date.now() + ahead,
    }),
  ),
)

// Hono would print what the session middleware answers with 503.
app.onError((_, c) => c.text('failed', 500))

app.get('/me', (c) => c.text(c.var.session.subject ?? 'nobody'))

app.post('/sign-in/:subject', async (c) => {
  await c.var.session.signIn(c.req.param('subject'))
  return c.text('signed in')
})

export default app
