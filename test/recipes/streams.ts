import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { requireSignIn, type SessionEnv } from 'sealed-session/hono'

/** A download that stops if its reader signs out or is forced out. */
export const download = (parts: () => AsyncIterable<string>) =>
  new Hono<SessionEnv<{ downloads: number }>>().get('/download', requireSignIn(), (c) => {
    const { session } = c.var
    // Here, because the cookies are sent before the stream begins. In the stream it would throw.
    session.data.downloads = (session.data.downloads ?? 0) + 1
    return stream(c, async (out) => {
      for await (const part of parts()) {
        await session.recheck() // asks the revocation list: once per large part, not per line
        if (session.ended !== undefined) return
        await out.write(part)
      }
    })
  })
