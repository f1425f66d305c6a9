/**
 * The public types: what an app gets for a request, and what it can call. The options are in
 * `options.ts`.
 */

import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { DataEvent } from '../contracts/data-store.ts'
import type { BindingEvent } from '../contracts/device-binding.ts'
import type { ListedSession, SessionIndexEvent } from '../contracts/session-index.ts'
import type { RevocationEvent } from '../revocation/revocation.ts'
import type { Awaitable } from '../seal/key-ring.ts'

/** Why a cookie that came with the request was not honoured. */
export type EndReason =
  /** The cookie does not have the form of a seal. */
  | 'malformed'
  /** It was sealed under a key that the ring no longer has. */
  | 'unknown-key'
  /** It was forged or damaged, comes from the future, or belongs to another audience. */
  | 'invalid'
  /** No activity for longer than the idle timeout. */
  | 'idle'
  /** Older than the absolute timeout. */
  | 'absolute'
  /** Signed out, or forced out. */
  | 'revoked'
  /** The schema refused its data. */
  | 'data'
  /** It is bound to a device, or has to be, and no proof of the device came. */
  | 'unbound'

/**
 * The type of `session.data`. Of a schema it is the output. Of a type of your own all members are
 * optional, because the data of a new session is `{}`.
 */
export type DataOf<Data extends object> = unknown extends Data
  ? Data
  : Data extends StandardSchemaV1<unknown, infer Output>
    ? Output
    : Partial<Data>

/** The two limits on a session's life, in whole seconds. */
export interface TimeoutOptions {
  /** Longest gap between two requests that count as activity. At most the absolute timeout. */
  idleTimeout?: number
  /** Longest age, however active the session is. At most 400 days. */
  absoluteTimeout?: number
}

/**
 * Events for operators. No event holds a sid, a token, a subject or data; a `cause` is the error of
 * the list or the index itself.
 *
 * `session` is a pseudonym that joins the events of one session, also across `regenerate`: 16
 * characters derived from the family with the newest key. It therefore changes when the keys rotate.
 * It is missing if the request's cookies are of several sessions or of none, or if the keys are
 * unavailable.
 */
export type SessionEvent =
  /** A request's cookie was not honoured. */
  | { type: 'ended'; reason: EndReason; session?: string }
  /** Somebody signed in, and the response is ready. */
  | { type: 'signed-in'; session?: string }
  /** A session is larger than a browser keeps, so it was not sealed. `bytes` is its size. */
  | { type: 'data-too-large'; bytes: number; session?: string }
  | RevocationEvent
  | SessionIndexEvent
  | DataEvent
  | BindingEvent

/** Options of `Session.signIn`. */
export interface SignInOptions {
  /**
   * Keep the session when the browser closes, with the `remembered` timeouts. Default: unchanged
   * for the same subject, `false` for another one.
   */
  remember?: boolean
  /**
   * End every other session of the subject, for good. Use it when a password was changed or just
   * confirmed. A thief who holds a copy cannot undo it, unlike `signOutOthers()`, because a new
   * sign-in needs the credentials. It needs a revocation list and asks it first. If the list cannot
   * be read or written, the sign-in rejects with `revocation-unavailable` and does not happen. It
   * rejects with `ended` if an operator's mark bars the subject. Default `false`.
   */
  endOthers?: boolean
  /**
   * The session at an identity provider that this one belongs to: `iss` and `sid` of the ID token. A
   * hash of the two is sealed, and `revokeExternal` ends the session.
   */
  external?: readonly [issuer: string, sid: string]
}

/** Options of `revokeSubject` and `revokeExternal`. */
export interface RevokeOptions {
  /**
   * Ends sessions that began at or before this instant: the time of an event that is reported by
   * another system and can come late. The newest of these marks counts. A mark that an operator
   * wrote stays as it is.
   */
  before?: Date
}

/** A message that is shown once. */
export interface FlashMessage {
  /** What `flash` was given: the name of a text, such as `saved`. */
  readonly name: string
  /** What the text needs, if anything. */
  readonly data?: unknown
}

/**
 * What the server knows of one browser, during one request.
 *
 * Using a session that could not be verified throws a `SessionError`: `revocation-unavailable` or
 * `keys-unavailable`. Changing a session throws `committed` after commit, and `destroyed` after
 * `destroy()`. Calls that change it run one after the other.
 */
export interface Session<Data extends object = Record<string, unknown>> {
  /**
   * The id sealed in the cookies: 128 random bits, new at every sign-in. `undefined` until
   * something is sealed.
   */
  readonly sid: string | undefined
  /**
   * The sid that the session began with. It stays the same when the session regenerates;
   * `listSessions` gives it and `revokeSession` takes it.
   */
  readonly family: string | undefined
  /** Who is signed in. */
  readonly subject: string | undefined
  /**
   * Stands for the subject in a page, where its name may not be: a keyed hash under each key of the
   * ring, the first key's first. Empty without a sign-in. Two lists with a tag in common are of the
   * same subject, also while keys rotate.
   */
  subjectTags(): Promise<readonly string[]>
  /**
   * Why the request's cookie was not honoured. `undefined` if it was honoured, or if there was
   * none.
   */
  readonly ended: EndReason | undefined
  /** When the session began: the sign-in, or an anonymous session's first write. */
  readonly createdAt: Date | undefined
  /** Seconds since `createdAt`, and so since the sign-in. */
  readonly age: number | undefined
  /** The last activity. It includes this request if the request counts as activity. */
  readonly lastActivityAt: Date | undefined
  /** When it ends if there is no more activity. */
  readonly idleExpiresAt: Date | undefined
  /** When it ends in any case. */
  readonly absoluteExpiresAt: Date | undefined
  /** Whether it stays when the browser closes. */
  readonly remembered: boolean
  /**
   * Since when it is bound to the device of this browser. `undefined` if the request carries no proof:
   * the browser cannot bind sessions, or has signed in a moment ago.
   */
  readonly bound: Date | undefined
  /** Seconds since the browser was asked for the proof that the request carries. */
  readonly proofAge: number | undefined
  /**
   * The app's data, a JSON object. Change it freely: it is sealed at commit if its JSON has
   * changed. A new session has the defaults of the schema, and without a schema `{}`. From commit on it is deeply frozen. Objects that the app put into it are not frozen:
   * frozen copies take their place.
   */
  data: DataOf<Data>

  /**
   * Begins a new session for `subject`, under a new sid. Ends the earlier session and everything
   * that was regenerated from it.
   *
   * Keeps an anonymous session's data and drops another subject's. Rejects and changes nothing if
   * the data cannot be sealed (`too-large`, `not-json`, `data`) or if the earlier session could not
   * be ended (`revocation-unavailable`). A subject that is not a non-empty well-formed string is a
   * `TypeError`.
   */
  signIn(subject: string, options?: SignInOptions): Promise<void>
  /** Goes on under a new sid and revokes the old one. Rejects like `signIn`. */
  regenerate(): Promise<void>
  /**
   * Ends every other session of the subject and goes on under a new sid. Asks the revocation list.
   * Use it only when no attack is suspected: a thief who holds a live copy can call it too, and the
   * last caller stays signed in. To end a thief's session, ask for the password again and call
   * `signIn(subject, { endOthers: true })`. Rejects like `signIn`, and with `ended` if this session
   * turns out to be revoked. Without a subject or a list it is a `TypeError`.
   */
  signOutOthers(): Promise<void>
  /**
   * Ends the session and everything that was regenerated from it: revokes it and clears its
   * cookies. Final. If the revocation could not be recorded, the cookies are still cleared, and the
   * call rejects with `revocation-unavailable`.
   */
  destroy(): Promise<void>
  /**
   * Counts this request as activity and records it, regardless of `isActivity` and `touchAfter`.
   */
  touch(): void
  /**
   * Does not count this request as activity: the idle timeout does not slide, and a read sets no
   * cookie.
   */
  skipTouch(): void
  /**
   * Asks the revocation list now, if there is one. A session found revoked is anonymous from then
   * on, with `ended`. Rejects with `revocation-unavailable` if the list cannot be read, however
   * recent the last check is. It can be called after commit as well, so that a stream can notice a
   * sign-out.
   */
  recheck(): Promise<void>
  /**
   * Makes the browser of a bound session prove anew before its next request, by clearing the bound
   * cookie with this response. `requireRecentProof()` does it before a sensitive change.
   */
  askForProof(): void
  /**
   * Seals now instead of at commit, so that a handler can handle `too-large`, `not-json` and `data`
   * itself. After such a failure `data` is back to what was last sealed.
   */
  save(): Promise<void>
  /**
   * Leaves a message for the next page, also for visitors who are not signed in and after
   * `destroy()`. It waits for 5 minutes in a sealed cookie of its own, for this session if there is
   * one, and is gone when it was taken, at a sign-out, and when another subject signs in.
   *
   * Throws `not-json`, and `too-large` when the messages of this request take over 1,024 bytes;
   * earlier ones that were not taken give way to them.
   *
   * @example
   * session.flash('saved', { title })
   * return c.redirect('/notes', 303)
   */
  flash(name: string, data?: unknown): void
  /**
   * The messages that wait, oldest first, with those of this request. They are gone once this
   * response has been delivered; requests that are under way together may each show one. Rejects with
   * `keys-unavailable`.
   */
  takeFlash(): Promise<readonly FlashMessage[]>
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
   * in again at once.
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
   * option `binding`; `undefined` for any other request. `sessionRoutes()` calls it. Without Hono call
   * it before `load` and return its answer as it is.
   */
  answerBinding(request: Request): Promise<Response | undefined>
}
