/** The pages of the site under test, for any runtime. */

import { Hono, type MiddlewareHandler } from 'hono'
import { streamSSE } from 'hono/streaming'
import {
  requireRecentProof,
  requireSignIn,
  type SessionEnv,
  sessionRoutes,
} from '../../../src/hono.ts'

/** The shortest durations: a test cannot wait for minutes. In seconds. */
export const SHORT = { lifetime: 1, grace: 1 }

/** `script` is the one of the page that watches its session. */
export function appOf(middleware: MiddlewareHandler, script = ''): Hono<SessionEnv> {
  const app = new Hono<SessionEnv>()
  app.get('/watch.js', (c) => c.body(script, 200, { 'Content-Type': 'text/javascript' }))
  app.get('/favicon.ico', (c) => c.body(null, 204))
  app.get('/link', (c) => c.html(`<a href="${c.req.query('to')}">Go there</a>`))
  // What an identity provider answers with: a form that posts itself to the callback.
  app.get('/callback-form', (c) =>
    c.html(`<form method="post" action="${c.req.query('to')}"><button>Go on</button></form>`),
  )
  app.use(middleware)
  app.use(async (c, next) => {
    await next()
    if (c.res.status === 500) return
    const { subject, ended, bound } = c.var.session
    c.header('X-Who', `${subject ?? ended ?? 'nobody'}${bound ? ', bound' : ''}`)
  })
  app.route('/session', sessionRoutes())
  app.on(['GET', 'POST'], '/sign-in', async (c) => {
    const { subject = 'ada', remember, then } = c.req.query()
    await c.var.session.signIn(subject, { remember: remember !== undefined })
    return then === undefined ? c.html('<title>in</title>signed in') : c.redirect(then, 303)
  })
  app.post('/sign-out', async (c) => {
    await c.var.session.destroy()
    return c.text('signed out')
  })
  app.post('/regenerate', async (c) => {
    await c.var.session.regenerate()
    return c.text('regenerated')
  })
  app.post('/sign-out-others', async (c) => {
    await c.var.session.signOutOthers()
    return c.text('others signed out')
  })
  app.get('/page', (c) => c.html('<!doctype html><title>page</title><p>A page</p>'))
  app.get('/watch', (c) =>
    c.html(`<!doctype html><title>watch</title><p>A page</p>
      <session-warning status-url="/session" check-every="1"></session-warning>
      <script type="module" src="/watch.js"></script>`),
  )
  app.get('/who', (c) => {
    const { subject, ended, bound, proofAge } = c.var.session
    return c.json({ subject, ended, bound: bound !== undefined, proofAge })
  })
  app.post('/post', requireSignIn(), async (c) => c.text(`got ${await c.req.text()}`))
  app.post('/beacon', requireSignIn(), (c) => c.body(null, 204))
  app.get('/events', requireSignIn(), (c) =>
    streamSSE(c, (stream) => stream.writeSSE({ data: c.var.session.subject ?? '' })),
  )
  app.on(['GET', 'POST'], '/admin', requireRecentProof(20), async (c) =>
    c.text(`done: ${await c.req.text()}`),
  )
  return app
}
