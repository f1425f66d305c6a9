/**
 * The session middleware for Hono: `load` before the handler, `commit` after it, and responses for
 * the library's own errors. It uses only public methods of the manager.
 */

import type { Context, MiddlewareHandler } from 'hono'
import { isThenable, kindOf } from '../lib/check.ts'
import { answerTo, headersAround } from '../session/answers.ts'
import type { SessionManager } from '../session/manager-types.ts'
import type { SessionEnv } from './context.ts'

// The managers that each function made. Requests must share a manager, because it remembers
// revocations.
const managersBy = new WeakMap<object, WeakMap<object, object>>()

/**
 * Loads the session into `c.var.session` and commits it to the response, including errors and 404s.
 *
 * Takes a manager, or a function that makes one from the Worker's `env`. The function is called
 * once per env, which on Workers is once per isolate. On other runtimes every request can have its
 * own env: give a manager there. If the revocation list or the keys cannot be reached, the answer
 * is 503 with `Retry-After`. If the session is found revoked during the request, the answer is 401.
 * Both apply unless the app's `onError` answered with something other than 500.
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
  assertSource(source)
  return async (c, next) => {
    const manager = typeof source === 'function' ? managerFor(source, c.env) : source
    if (c.get('sessionManager') === manager) return next()
    const own = await manager.answerBinding(c.req.raw)
    if (own !== undefined) return own
    const session = await manager.load(c.req.raw)
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
      // The handler's response is void. The cookies that are still valid go on the response to the
      // error: ours, or the one that the app's `onError` makes next.
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
  // Outside Workers there can be no env.
  const key = env ?? make
  const known = managers.get(key) as SessionManager<Data> | undefined
  if (known !== undefined) return known
  const made = make(env as Bindings)
  assertMade(made)
  managers.set(key, made)
  return made
}

/** Checks the argument of `session()`, when the app is set up. */
function assertSource(source: unknown): void {
  const isAsync = Object.prototype.toString.call(source) === '[object AsyncFunction]'
  if (isAsync) throw new TypeError(NOT_ASYNC)
  if (typeof source === 'function' || isManager(source)) return
  throw new TypeError(
    `session() takes a session manager, or a function of env that makes one; got ${kindOf(source)}`,
  )
}

/** Checks the result of the function. */
function assertMade(made: unknown): void {
  if (isManager(made)) return
  if (isThenable(made)) throw new TypeError(NOT_ASYNC)
  throw new TypeError(
    `the function given to session() must return a session manager; it returned ${kindOf(made)}`,
  )
}

const NOT_ASYNC =
  'the function given to session() must not be async; if the keys have to be awaited, give "keys" as a function'

const isManager = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'load' in value && 'commit' in value

function answer(c: Context, response: Response): void {
  if (c.res === response) return
  // If the old response stays in place, Hono lets its headers win over the new ones.
  c.res = undefined
  c.res = response
}
