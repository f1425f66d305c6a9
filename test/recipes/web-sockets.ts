import { Hono } from 'hono'
import { requireSignIn, type SessionEnv } from 'sealed-session/hono'

/** A socket that closes when the session is over. Its messages cannot slide the idle timeout. */
export const live = new Hono<SessionEnv>().get('/live', requireSignIn(), (c) => {
  const { session } = c.var
  const { subject, absoluteExpiresAt } = session
  if (c.req.header('Upgrade') !== 'websocket') return c.text('Expected a WebSocket', 426)
  // CORS does not hold for WebSockets: another page of your domain can open one, with the cookies.
  if (c.req.header('Origin') !== new URL(c.req.url).origin) return c.text('Another origin', 403)

  const { 0: browser, 1: server } = new WebSocketPair()
  server.accept()
  const answer = (data: unknown) => {
    if (session.ended !== undefined) return server.close(4401, session.ended)
    if (Date.now() >= Number(absoluteExpiresAt)) return server.close(4401, 'absolute')
    server.send(`${subject} says ${data}`)
  }
  server.addEventListener('message', ({ data }) => {
    const isAway = () => server.close(1013, 'try again later')
    session.recheck().then(() => answer(data), isAway) // asks the revocation list
  })
  return new Response(null, { status: 101, webSocket: browser })
})
