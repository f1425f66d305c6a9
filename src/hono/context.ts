/**
 * The variables that the middleware sets on a Hono context, and how the guards and routes read
 * them.
 */

import type { Context } from 'hono'
import type { SessionManager } from '../session/manager-types.ts'
import type { Session } from '../session/types.ts'

/** The type of these variables, for `new Hono<SessionEnv<Data>>()` in statement form. */
export interface SessionEnv<Data extends object = Record<string, unknown>> {
  Variables: {
    session: Session<Data>
    /** The manager, for `revokeSubject` and the like. */
    sessionManager: SessionManager<Data>
  }
}

/**
 * The session of a request behind the middleware. Throws a `TypeError` if the middleware is
 * missing.
 */
export function sessionOf(c: Context): Session {
  const session: Session | undefined = c.get('session')
  if (session !== undefined) return session
  throw new TypeError('there is no session: call app.use(session(...)) before this route')
}
