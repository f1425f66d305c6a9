import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { requireSignIn, type SessionEnv } from 'sealed-session/hono'

/** Events for a page. `next` gives the next message; it gives '' when there has been none for 30 s. */
export const events = (next: () => Promise<string>) =>
  new Hono<SessionEnv>().get('/events', requireSignIn(), (c) => {
    const { session } = c.var
    // The browser connects again by itself for as long as the page is open. That is no activity.
    session.skipTouch()
    return streamSSE(c, async (stream) => {
      while (!stream.aborted) {
        const data = await next()
        await session.recheck()
        if (session.ended !== undefined) {
          return stream.writeSSE({ event: 'ended', data: session.ended })
        }
        await stream.writeSSE(data === '' ? { event: 'idle', data } : { data })
      }
    })
  })
