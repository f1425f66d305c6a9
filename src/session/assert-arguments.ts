/**
 * Checks the arguments of `load` and `commit`. The message says what to pass instead. A request or
 * response from another realm or a polyfill is not an instance of the platform's class, so its
 * members decide.
 */

import { kindOf } from '../lib/check.ts'

/** The argument of `load`. */
export function assertRequest(value: unknown): void {
  if (value instanceof Request || isRequestLike(value)) return
  throw mistake('load() takes a Request', value)
}

/** The second argument of `commit`. */
export function assertResponse(value: unknown): void {
  if (value instanceof Response || isResponseLike(value)) return
  throw mistake('commit() takes a session, then the Response of the handler', value)
}

/** The error of `commit` for a first argument that is not a session of its manager. */
export const notOwnSession = (value: unknown): TypeError =>
  mistake('commit() takes a session that this manager loaded', value)

const mistake = (rule: string, value: unknown) => new TypeError(`${rule}; got ${withRemedy(value)}`)

/** The kind of the value, and what to pass instead. */
function withRemedy(value: unknown): string {
  if (isRequestLike(member(member(value, 'req'), 'raw'))) {
    return 'a Hono context: session() loads and commits by itself; without it, load c.req.raw and commit c.res'
  }
  if (typeof member(value, 'signIn') === 'function') {
    return 'a session of another manager, or a copy of one'
  }
  if (isRequestLike(member(value, 'raw'))) return 'a HonoRequest: pass c.req.raw'
  if (isRequestLike(member(value, 'request'))) {
    return 'an object with a request: pass its "request"'
  }
  if (isRequestLike(value)) return 'a Request'
  if (isResponseLike(value)) return 'a Response'
  if (typeof member(value, 'method') === 'string') {
    return 'an object without Headers, such as a Node IncomingMessage: use nodeSession() of sealed-session/node'
  }
  return kindOf(value)
}

const isRequestLike = (value: unknown): boolean =>
  typeof member(value, 'method') === 'string' && hasHeaders(value)

const isResponseLike = (value: unknown): boolean =>
  typeof member(value, 'status') === 'number' && hasHeaders(value)

const hasHeaders = (value: unknown): boolean =>
  typeof member(member(value, 'headers'), 'get') === 'function'

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
