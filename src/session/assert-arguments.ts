/**
 * Checks the arguments of `load` and `commit`. The message says what to pass instead. A request or
 * response from another realm or a polyfill is not an instance of the platform's class, so its
 * members decide.
 */

import { isThenable, kindOf } from '../lib/check.ts'

/** The argument of `load`. */
export function assertRequest(value: unknown): void {
  if (value instanceof Request || isRequestLike(value)) return
  throw new TypeError(`load() takes a Request; got ${insteadOfRequest(value)}`)
}

/** The second argument of `commit`. */
export function assertResponse(value: unknown): void {
  if (value instanceof Response || isResponseLike(value)) return
  throw new TypeError(`commit() takes a session, then a Response; got ${insteadOfResponse(value)}`)
}

/** The error of `commit` for a first argument that is not a session of its manager. */
export function notOwnSession(value: unknown): TypeError {
  return new TypeError(
    `commit() takes a session that this manager loaded; got ${insteadOfSession(value)}`,
  )
}

function insteadOfRequest(value: unknown): string {
  if (typeof value === 'string' || value instanceof URL) {
    return `${kindOf(value)}: pass the request itself, because its headers hold the cookies`
  }
  if (isThenable(value)) return 'a promise: await it first'
  if (isRequestLike(member(value, 'raw'))) return 'a HonoRequest: pass c.req.raw'
  if (isHonoContext(value)) return 'a Hono context: pass c.req.raw'
  if (isRequestLike(member(value, 'request'))) {
    return 'an object with a request: pass its "request"'
  }
  if (typeof member(value, 'method') === 'string') {
    return 'an object whose "headers" is not a Headers, such as a Node IncomingMessage: use nodeSession() of sealed-session/node, or convert it to a Request'
  }
  return kindOf(value)
}

function insteadOfResponse(value: unknown): string {
  if (isThenable(value)) return 'a promise: await the response first'
  if (typeof value === 'string') return 'a string: wrap it, new Response(text)'
  if (isHonoContext(value)) return 'a Hono context: pass c.res'
  if (value === undefined) return 'undefined: does the handler return its response?'
  if (isRequestLike(value)) return 'a Request'
  return kindOf(value)
}

function insteadOfSession(value: unknown): string {
  if (isThenable(value)) return 'a promise: await load() first'
  if (isHonoContext(value)) {
    return 'a Hono context: the middleware commits by itself; without it, pass what load() returned'
  }
  if (isResponseLike(value)) return 'a Response: the session comes first'
  if (typeof member(value, 'signIn') === 'function') {
    return 'a session of another manager, or a copy of one'
  }
  return kindOf(value)
}

const isRequestLike = (value: unknown): boolean =>
  typeof member(value, 'method') === 'string' && hasHeaders(value)

const isResponseLike = (value: unknown): boolean =>
  typeof member(value, 'status') === 'number' && hasHeaders(value)

const hasHeaders = (value: unknown): boolean =>
  typeof member(member(value, 'headers'), 'get') === 'function'

const isHonoContext = (value: unknown): boolean =>
  isRequestLike(member(member(value, 'req'), 'raw'))

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
