import { Hono } from 'hono'
import type { SessionManager } from 'sealed-session'
import { session } from 'sealed-session/hono'

/** An older app, of any framework, that takes a `Request`. */
const olderApp = (sessions: SessionManager) => async (request: Request) => {
  const { subject } = await sessions.load(request)
  return new Response(`The older app knows ${subject ?? 'nobody'}`)
}

/** `mount` makes another `Request` for the older app. With the same one, `load` gives the same session. */
export const withOlderApp = (sessions: SessionManager) =>
  new Hono()
    .use(session(sessions))
    .mount('/older', olderApp(sessions), { replaceRequest: (request) => request })
