/**
 * Sessions for Hono: the middleware, made of nothing but `load` and `commit`, two guards, and the
 * routes that the browser side talks to.
 *
 * @module
 */

import type { Context, MiddlewareHandler } from 'hono'
import { onlyMembers, optional, wholeSeconds } from './check.ts'
import { SessionError } from './errors.ts'
import type { Session, SessionManager } from './types.ts'

export { type SessionRoutesOptions, sessionRoutes } from './session-routes.ts'
export type { SessionStatus } from './session-status.ts'

/** What the middleware adds to a context: for `new Hono<SessionEnv<Data>>()` in statement form. */
export interface SessionEnv<Data extends object = Record<string, unknown>> {
  Variables: {
    session: Session<Data>
    /** The manager, for `revokeSubject` and the like. */
    sessionManager: SessionManager<Data>
  }
}

// Which managers a function made, because they must share what they remember of revocations.
const managersBy = new WeakMap<object, WeakMap<object, object>>()

/**
 * Loads the session into `c.var.session` and commits it to the response, also of errors and 404s.
 *
 * Takes a manager, or a function that makes one from the Worker's `env`: that is called once per
 * env, so once per isolate on Workers. Elsewhere, where every request may have an env of its own,
 * give a manager. A revocation list or keys that cannot be reached become 503 with `Retry-After`,
 * and a session found revoked in the middle 401, unless the app's `onError` answered something
 * else than 500.
 *
 * @example
 * app.use(session((env: Env) => createSessionManager({
 *   keys: env.SESSION_KEYS,
 *   revocationList: kvRevocationList(env.REVOCATIONS),
 * })))
 */
export function session<Data extends object, Bindings extends object = object>(
  source: SessionManager<Data> | ((env: Bindings) => SessionManager<Data>),
): MiddlewareHandler<SessionEnv<Data> & { Bindings: Bindings }> {
  if (typeof source !== 'function' && typeof source?.load !== 'function') {
    throw new TypeError('session() takes a session manager, or a function of env that makes one')
  }
  return async (c, next) => {
    const manager = typeof source === 'function' ? managerFor(source, c.env) : source
    if (c.get('sessionManager') === manager) return next()
    const session = await manager.load(c.req.raw, { forMiddleware: true })
    c.set('session', session)
    c.set('sessionManager', manager)
    await next()
    if (c.error !== undefined && c.res.status === 500) {
      const own = answerTo(c.error, c.res)
      if (own !== undefined) answer(c, own)
    }
    try {
      answer(c, await manager.commit(session, c.res))
    } catch (error) {
      // What the handler meant to answer is void. The cookies that still hold go on the answer to
      // the error: ours, or the one that the app's `onError` is about to make.
      const own = answerTo(error, c.res)
      const rest = own ?? new Response(null, { headers: headersAround(c.res) })
      answer(c, await manager.commit(session, rest).catch(() => rest))
      if (own === undefined) throw error
    }
  }
}

function managerFor<Data extends object, Bindings extends object>(
  make: (env: Bindings) => SessionManager<Data>,
  env: Bindings | undefined,
): SessionManager<Data> {
  const managers = managersBy.get(make) ?? new WeakMap<object, object>()
  managersBy.set(make, managers)
  // Outside Workers there may be no env.
  const key = env ?? make
  const known = managers.get(key) as SessionManager<Data> | undefined
  const manager = known ?? make(env as Bindings)
  managers.set(key, manager)
  return manager
}

function answer(c: Context, response: Response): void {
  if (c.res === response) return
  // Assigned over another response, Hono would let that one's headers win.
  c.res = undefined
  c.res = response
}

/** Faults of serving that have an answer of their own, in place of a void one. */
function answerTo(error: unknown, instead: Response): Response | undefined {
  if (!(error instanceof SessionError)) return undefined
  const { code } = error
  const headers = headersAround(instead)
  if (code === 'ended')
    return Response.json({ error: 'sign-in-required' }, { status: 401, headers })
  if (code !== 'revocation-unavailable' && code !== 'keys-unavailable') return undefined
  // A list that did not answer is asked again after 5 s.
  headers.set('Retry-After', '5')
  return Response.json({ error: code }, { status: 503, headers })
}

const ABOUT_THE_ANSWER =
  /^(content-.*|location|etag|last-modified|retry-after|(.*-)?cache-control|surrogate-control)$/

/** The headers that do not describe the void answer: those of CORS and the like must not get lost. */
function headersAround({ headers }: Response): Headers {
  return new Headers([...headers].filter(([name]) => !ABOUT_THE_ANSWER.test(name)))
}

/** Options of `requireSignIn` and `requireRecentSignIn`. */
export interface RequireOptions {
  /** Answer with 303 to this path instead of 401 or 403. */
  redirectTo?: string
}

/** Options of `requireSignIn`. */
export interface RequireSignInOptions extends RequireOptions {
  /** Ask the revocation list now, and never go on without its answer. Default `false`. */
  fresh?: boolean
}

/**
 * Lets nobody pass who is not signed in: 401 with
 * `{"error": "sign-in-required", "ended": reason or null}`, or a redirect.
 *
 * @example
 * app.post('/transfer', requireSignIn({ fresh: true }), (c) => c.text(`of ${c.var.session.subject}`))
 */
export function requireSignIn(options: RequireSignInOptions = {}): MiddlewareHandler {
  onlyMembers('the options of requireSignIn', options, ['redirectTo', 'fresh'])
  optional('fresh', options.fresh, 'boolean')
  const { redirectTo, fresh = false } = options
  assertPath(redirectTo)
  return async (c, next) => {
    const session = sessionOf(c)
    if (fresh) await session.recheck()
    return session.subject === undefined ? refuseAnonymous(c, session, redirectTo) : next()
  }
}

/**
 * Lets nobody pass whose sign-in is `seconds` old or older (OWASP ASVS 7.5.1): 403 with
 * `{"error": "recent-sign-in-required"}`, or a redirect. Who is not signed in at all gets 401.
 *
 * @example
 * app.post('/password', requireRecentSignIn(300), changePassword)
 */
export function requireRecentSignIn(
  seconds: number,
  options: RequireOptions = {},
): MiddlewareHandler {
  wholeSeconds('seconds', seconds, 1)
  onlyMembers('the options of requireRecentSignIn', options, ['redirectTo'])
  const { redirectTo } = options
  assertPath(redirectTo)
  return async (c, next) => {
    const session = sessionOf(c)
    const { subject, age } = session
    if (subject === undefined || age === undefined) return refuseAnonymous(c, session, redirectTo)
    if (age < seconds) return next()
    if (redirectTo !== undefined) return c.redirect(redirectTo, 303)
    return c.json({ error: 'recent-sign-in-required' }, 403)
  }
}

function sessionOf(c: Context): Session {
  const session: Session | undefined = c.get('session')
  if (session === undefined)
    throw new TypeError('there is no session: mount session() before the guard')
  return session
}

function refuseAnonymous(c: Context, { ended }: Session, redirectTo: string | undefined): Response {
  if (redirectTo !== undefined) return c.redirect(redirectTo, 303)
  return c.json({ error: 'sign-in-required', ended: ended ?? null }, 401)
}

/** A path of this site: `//` and `/\` would lead a browser elsewhere. */
function assertPath(path: unknown): void {
  if (path === undefined || (typeof path === 'string' && /^\/(?![/\\])/.test(path))) return
  throw new TypeError('"redirectTo" must be a path of this site, such as "/sign-in"')
}
