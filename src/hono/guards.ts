/** Guards for routes: they let a request pass or answer it. */

import type { Context, MiddlewareHandler } from 'hono'
import { assertOptional, kindOf, onlyMembers, wholeSeconds } from '../lib/check.ts'
import type { Session } from '../session/types.ts'
import { sessionOf } from './context.ts'
import { isPath, withReturn } from './return-path.ts'

/** Options of `requireSignIn` and `requireRecentSignIn`. */
export interface RequireOptions {
  /**
   * Answer with 303 to this path instead of 401 or 403. If the visitor wanted to open a page, its path
   * is added as `return`, for `returnPath` to read, unless the path has a `return` of its own.
   */
  redirectTo?: string
}

/**
 * What a route knows behind `requireSignIn` and `requireRecentSignIn`: somebody is signed in. A function
 * that takes the context of such a route takes `Context<YourEnv & SignedInEnv>`.
 */
export interface SignedInEnv {
  Variables: { session: { readonly subject: string } }
}

/** Options of `requireSignIn`. */
export interface RequireSignInOptions extends RequireOptions {
  /** Ask the revocation list now, and do not go on without its answer. Default `false`. */
  fresh?: boolean
}

/**
 * Requires a signed-in session. Otherwise answers 401 with `{"error": "sign-in-required", "ended":
 * reason or null}`, or redirects. Behind it `session.subject` is a string.
 *
 * @example
 * app.post('/transfer', requireSignIn({ fresh: true }), (c) => c.text(`of ${c.var.session.subject}`))
 */
export function requireSignIn(options: RequireSignInOptions = {}): MiddlewareHandler<SignedInEnv> {
  onlyMembers('the options of requireSignIn', options, ['redirectTo', 'fresh'])
  assertOptional('fresh', options.fresh, 'boolean')
  const { redirectTo, fresh = false } = options
  assertPath(redirectTo)
  return async (c, next) => {
    const session = sessionOf(c)
    if (fresh) await session.recheck()
    return session.subject === undefined ? refuseAnonymous(c, session, redirectTo) : next()
  }
}

/**
 * Requires a sign-in that is less than `seconds` old (OWASP ASVS 7.5.1). Otherwise answers 403 with
 * `{"error": "recent-sign-in-required"}`, or redirects. An anonymous request gets 401.
 *
 * @example
 * app.post('/password', requireRecentSignIn(300), changePassword)
 */
export function requireRecentSignIn(
  seconds: number,
  options: RequireOptions = {},
): MiddlewareHandler<SignedInEnv> {
  wholeSeconds('seconds', seconds, 1)
  onlyMembers('the options of requireRecentSignIn', options, ['redirectTo'])
  const { redirectTo } = options
  assertPath(redirectTo)
  return async (c, next) => {
    const session = sessionOf(c)
    const { subject, age } = session
    if (subject === undefined || age === undefined) return refuseAnonymous(c, session, redirectTo)
    if (age < seconds) return next()
    if (redirectTo !== undefined) return c.redirect(withReturn(redirectTo, c.req.raw), 303)
    return c.json({ error: 'recent-sign-in-required' }, 403)
  }
}

/** Options of `requireRecentProof`. */
export interface RequireRecentProofOptions {
  /**
   * What happens to a session that is not bound to a device, because its browser cannot: `'pass'` lets
   * it pass, `'refuse'` answers 403. Default `'refuse'`.
   */
  unbound?: 'pass' | 'refuse'
}

/**
 * Requires a proof of the session's device that is less than `seconds` old, at least 20. If it is
 * older, answers 307 to the same address, and the browser proves and sends the request again, with its
 * body. A session that is not bound gets 403 with `{"error": "recent-proof-required"}`, an anonymous
 * request 401.
 *
 * @example
 * app.post('/admin/force-out', requireRecentProof(30), (c) => c.text('done'))
 */
export function requireRecentProof(
  seconds: number,
  options: RequireRecentProofOptions = {},
): MiddlewareHandler {
  // What a browser may take to prove, and some seconds for the request itself.
  wholeSeconds('seconds', seconds, 20)
  onlyMembers('the options of requireRecentProof', options, ['unbound'])
  const { unbound = 'refuse' } = options
  if (unbound !== 'pass' && unbound !== 'refuse') {
    throw new TypeError(`"unbound" must be 'pass' or 'refuse'; got ${kindOf(unbound)}`)
  }
  return async (c, next) => {
    const session = sessionOf(c)
    if (session.subject === undefined) return refuseAnonymous(c, session, undefined)
    const { proofAge } = session
    const isEnough = proofAge === undefined ? unbound === 'pass' : proofAge < seconds
    if (isEnough) return next()
    if (proofAge === undefined) return c.json({ error: 'recent-proof-required' }, 403)
    session.askForProof()
    return c.redirect(sameAddress(c.req.url), 307)
  }
}

/** Without the origin, which a proxy may have changed. A path can begin with `//`, a host cannot. */
function sameAddress(url: string): string {
  const { pathname, search } = new URL(url)
  return `${pathname.replace(/^\/(?=\/)/, '/./')}${search}`
}

function refuseAnonymous(c: Context, { ended }: Session, redirectTo: string | undefined): Response {
  if (redirectTo !== undefined) return c.redirect(withReturn(redirectTo, c.req.raw), 303)
  return c.json({ error: 'sign-in-required', ended: ended ?? null }, 401)
}

/**
 * Checks that it is a path of this site, as a browser reads it: `//host` and `/\\host` are another
 * site, and tabs and line breaks are ignored (URL Standard).
 */
function assertPath(path: unknown): void {
  if (path === undefined || isPath(path)) return
  throw new TypeError('"redirectTo" must be a path of this site, such as "/sign-in"')
}
