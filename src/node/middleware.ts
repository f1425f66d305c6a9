/** The session middleware for Express, Connect and Node's own `http`. */

import { kindOf } from '../lib/check.ts'
import type { SessionManager } from '../session/manager-types.ts'
import type { Session } from '../session/types.ts'
import { HeldResponse } from './held-response.ts'
import { toRequest } from './request.ts'
import type { NodeRequest, NodeResponse } from './types.ts'

/** A middleware as Express and Connect call it. It puts the session on the request. */
export type NodeMiddleware<Data extends object> = (
  request: NodeRequest & { session?: Session<Data> | undefined },
  response: NodeResponse,
  next: (error?: unknown) => unknown,
) => void

/**
 * Loads the session into `req.session`, and commits it when the response begins.
 *
 * The response waits until the cookies are sealed. If the session cannot be sealed, nothing of the
 * response is sent, and `next` gets the `SessionError`. If the revocation list or the keys cannot be
 * reached, the answer is 503 with `Retry-After`, also in place of the 500 that Express makes of that
 * error.
 *
 * @example
 * app.use(nodeSession(sessions))
 * app.post('/sign-in', async (req, res) => {
 *   await req.session.signIn('ada')
 *   res.redirect(303, '/')
 * })
 */
export function nodeSession<Data extends object>(
  manager: SessionManager<Data>,
): NodeMiddleware<Data> {
  if (typeof manager?.handle !== 'function') {
    throw new TypeError(`nodeSession() takes a session manager; got ${kindOf(manager)}`)
  }
  return (request, response, next) => {
    // Mounted twice, or for a path and again for a router.
    if (sessionsOf(manager).has(request)) return next()
    void serve(manager, request, response, next)
  }
}

async function serve<Data extends object>(
  manager: SessionManager<Data>,
  request: NodeRequest & { session?: Session<Data> | undefined },
  response: NodeResponse,
  next: (error?: unknown) => unknown,
): Promise<void> {
  let held: HeldResponse | undefined
  try {
    const answer = await manager.handle(toRequest(request), (session) => {
      request.session = refuseCallbacks(session)
      sessionsOf(manager).add(request)
      held = new HeldResponse(response)
      next()
      return held.begun
    })
    // Without the handler: the browser itself asked, to bind a session to its device.
    if (held === undefined) return await new HeldResponse(response).replace(answer)
    // The handler's response has no body here. The library's own answers have one.
    if (answer.body === null) held.release(answer)
    else await held.replace(answer)
  } catch (error) {
    const dropped = held?.drop()
    next(error)
    dropped?.cut()
  }
}

/**
 * The methods of express-session that take a callback. Here it would never be called, and a handler
 * that answers in it would let the request hang.
 */
function refuseCallbacks<Data extends object>(session: Session<Data>): Session<Data> {
  for (const name of ['destroy', 'regenerate', 'save'] as const) {
    const method = session[name].bind(session)
    const value = (callback: unknown): Promise<void> => {
      if (callback === undefined) return method()
      throw new TypeError(`session.${name}() takes no callback: await it`)
    }
    Object.defineProperty(session, name, { value })
  }
  return session
}

const served = new WeakMap<object, WeakSet<object>>()

/** The requests that have a session of this manager. */
function sessionsOf(manager: object): WeakSet<object> {
  const known = served.get(manager) ?? new WeakSet()
  served.set(manager, known)
  return known
}
