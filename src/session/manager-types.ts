/** The public type of a manager: from a request to its session and back, and what ends or lists sessions. */

import type { ListedSession } from '../contracts/session-index.ts'
import type { Awaitable } from '../seal/key-ring.ts'
import type { Session } from './types.ts'

/** Options of `revokeSubject` and `revokeExternal`. */
export interface RevokeOptions {
  /**
   * Ends sessions that began at or before this instant: the time of an event that is reported by
   * another system and can come late. The newest of these marks counts. A mark that an operator
   * wrote stays as it is.
   */
  before?: Date
}

/** Reads a request's session and writes it to the response. */
export interface SessionManager<Data extends object = Record<string, unknown>> {
  /**
   * The request's session. If the cookies are not honoured, it is anonymous and has a reason. The
   * same `Request` gives the same session until commit. Never rejects because of what a client
   * sent.
   */
  load(request: Request): Promise<Session<Data>>
  /**
   * The response with the session's cookies and cache headers. Awaits every call begun on the
   * session. Rejects with `too-large`, `not-json`, `data` or `keys-unavailable` if the session
   * cannot be sealed, and with the failure of a call that was not awaited. The change is then
   * dropped. A second commit, with the response to the failure, writes the rest.
   */
  commit(session: Session<Data>, response: Response): Promise<Response>
  /**
   * A request from beginning to end: loads its session, calls `respond` with it, and commits it to
   * the response. Inside, `load` with the same `Request` gives the same session. A `Response` that
   * `respond` throws counts as returned.
   *
   * If the list, the keys or a store cannot be reached, the answer is 503 with `Retry-After` and
   * `{"error": code}`; if the session is found revoked during the request, 401 with
   * `{"error": "sign-in-required"}`. That includes a `respond` that answers such an error with 500, as
   * frameworks do. Rejects with any other error of `respond` or of `commit`, and then no cookie is
   * set.
   *
   * @example
   * // SvelteKit
   * export const handle = ({ event, resolve }) => sessions.handle(event.request, (session) => {
   *   event.locals.session = session
   *   return resolve(event)
   * })
   */
  handle(
    request: Request,
    respond: (session: Session<Data>) => Awaitable<Response>,
  ): Promise<Response>
  /**
   * Ends the session with this sid. If the session began with this sid, everything that was
   * regenerated from it ends too. Like the other two calls, it rejects with
   * `revocation-unavailable` if the revocation could not be recorded, and is a `TypeError` without
   * a list.
   */
  revokeSession(sid: string): Promise<void>
  /**
   * Ends every session of a subject that began before now, or until `before`. The subject can sign
   * in again at once, unless an operator's mark bars it: that one stays as it is.
   */
  revokeSubject(subject: string, options?: RevokeOptions): Promise<void>
  /**
   * Ends every session that belongs to one session at an identity provider (`signIn` with
   * `external`) and began before now, or until `before`.
   */
  revokeExternal(
    external: readonly [issuer: string, sid: string],
    options?: RevokeOptions,
  ): Promise<void>
  /** Ends every session that began before now. */
  revokeAll(): Promise<void>
  /**
   * The sessions of a subject that no mark has ended, the last seen first. Rejects with
   * `index-unavailable` or `revocation-unavailable`. It is a `TypeError` without the option
   * `sessionIndex`.
   */
  listSessions(subject: string): Promise<readonly ListedSession[]>
  /**
   * The answer to a request that a browser makes by itself to register or to prove its key, with the
   * option `binding`; `undefined` for any other request. `handle`, `nodeSession()` and the Hono
   * middleware call it. With `load` and `commit` call it before `load`, and return its answer as it is.
   */
  answerBinding(request: Request): Promise<Response | undefined>
}
