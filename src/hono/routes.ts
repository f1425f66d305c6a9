/**
 * The HTTP side of `sealed-session/client`: status, touch and sign-out. An app mounts them at a
 * path of its choice. They use only what any handler can do with `c.var.session`; the answers are
 * those of `client/protocol.ts`.
 */

import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { type SessionStatus, SUBJECT_HEADER } from '../client/protocol.ts'
import { assertOptional, onlyMembers, wholeSeconds } from '../lib/check.ts'
import { SessionError } from '../lib/errors.ts'
import { systemClock } from '../lib/platform.ts'
import type { Session } from '../session/types.ts'
import { type SessionEnv, sessionOf } from './context.ts'
import { isForAnother } from './same-subject.ts'

/** Options of `sessionRoutes`. */
export interface SessionRoutesOptions {
  /**
   * The clock, in milliseconds like `Date.now`, for tests. Give the same clock as to the manager.
   */
  now?: () => number
  /**
   * Mounts `POST /sign-out-others` for subjects whose sign-in is less than this many seconds old
   * (OWASP ASVS 7.5.1), so that a thief who copied the cookies cannot end the owner's sessions.
   * Default: no such route.
   */
  signOutOthers?: number
}

/**
 * Routes for `watchSession()` in the browser. Mount them behind the session middleware:
 *
 * - `GET /` returns the status of the session. It slides nothing and sets no cookie.
 * - `POST /touch` counts as activity; 401 without a sign-in.
 * - `POST /sign-out` ends the session; 503 if the revocation could not be recorded, and then only
 *   this browser is signed out.
 * - `POST /sign-out-others`, with the option `signOutOthers`, ends every other session of the
 *   subject; 401 without a sign-in, 403 with `{"error": "recent-sign-in-required"}` if the sign-in
 *   is too long ago.
 *
 * The POSTs answer 403 to a request that does not come from the app's own origin, and 409 with the
 * status to a page that says in `Session-Subject` that it was made for somebody else.
 *
 * @example
 * app.use(session(manager))
 * app.route('/session', sessionRoutes())
 */
export function sessionRoutes(options: SessionRoutesOptions = {}): Hono<SessionEnv> {
  onlyMembers('the options of sessionRoutes', options, ['now', 'signOutOthers'])
  assertOptional('now', options.now, 'function')
  const { now = systemClock, signOutOthers } = options
  const routes = new Hono<SessionEnv>()

  routes.get('/', async (c) => {
    const session = sessionOf(c)
    session.skipTouch()
    return answer(c, await statusOf(session, now()), 200)
  })

  const samePageOnly: MiddlewareHandler<SessionEnv> = async (c, next) => {
    const session = sessionOf(c)
    const tag = c.req.header(SUBJECT_HEADER)
    if (!tag || !(await isForAnother(tag, session))) return next()
    session.skipTouch()
    return answer(c, await statusOf(session, now()), 409)
  }

  routes.post('/touch', sameOriginOnly, samePageOnly, async (c) => {
    const session = sessionOf(c)
    if (session.subject !== undefined) session.touch()
    const status = await statusOf(session, now())
    return answer(c, status, status.signedIn ? 200 : 401)
  })

  routes.post('/sign-out', sameOriginOnly, samePageOnly, async (c) => {
    const recorded = await destroy(sessionOf(c))
    return answer(c, signedOut(now()), recorded ? 200 : 503)
  })

  if (signOutOthers !== undefined) {
    wholeSeconds('signOutOthers', signOutOthers, 1)
    routes.post('/sign-out-others', sameOriginOnly, samePageOnly, async (c) => {
      const session = sessionOf(c)
      const { subject, age } = session
      if (subject === undefined || age === undefined) {
        return answer(c, await statusOf(session, now()), 401)
      }
      if (age >= signOutOthers) return c.json({ error: 'recent-sign-in-required' }, 403)
      await session.signOutOthers()
      return answer(c, await statusOf(session, now()), 200)
    })
  }

  return routes
}

function answer(c: Context, status: SessionStatus, code: 200 | 401 | 409 | 503): Response {
  return c.json(status, code, { 'Cache-Control': 'private, no-store' })
}

async function statusOf(session: Session, now: number): Promise<SessionStatus> {
  const { subject, lastActivityAt, idleExpiresAt } = session
  if (subject === undefined || !lastActivityAt || !idleExpiresAt) {
    return { ...signedOut(now), ended: session.ended ?? null }
  }
  return {
    signedIn: true,
    now: new Date(now).toISOString(),
    idleExpiresAt: idleExpiresAt.toISOString(),
    absoluteExpiresAt: session.absoluteExpiresAt?.toISOString() ?? null,
    startedAt: session.createdAt?.toISOString() ?? null,
    idleTimeout: Math.round((idleExpiresAt.getTime() - lastActivityAt.getTime()) / 1000),
    subjectTags: await session.subjectTags(),
    ended: null,
  }
}

function signedOut(now: number): SessionStatus {
  return {
    signedIn: false,
    now: new Date(now).toISOString(),
    idleExpiresAt: null,
    absoluteExpiresAt: null,
    startedAt: null,
    idleTimeout: null,
    subjectTags: [],
    ended: null,
  }
}

/** Whether the end could be recorded. The cookies are cleared either way. */
async function destroy(session: Session): Promise<boolean> {
  try {
    await session.destroy()
    return true
  } catch (error) {
    if (error instanceof SessionError && error.code === 'revocation-unavailable') return false
    throw error
  }
}

const sameOriginOnly: MiddlewareHandler<SessionEnv> = async (c, next) => {
  if (isSameOrigin(c.req.raw)) return next()
  // With SameSite=None cookies, another site's page must not keep the session alive either.
  sessionOf(c).skipTouch()
  return c.json({ error: 'cross-site' }, 403)
}

/**
 * Pages cannot forge either header. `Sec-Fetch-Site: none` is refused: it means that the user
 * caused the request outside any page, and no bookmark or address bar sends a POST.
 */
function isSameOrigin(request: Request): boolean {
  const site = request.headers.get('Sec-Fetch-Site')
  if (site !== null) return site === 'same-origin'
  return request.headers.get('Origin') === new URL(request.url).origin
}
