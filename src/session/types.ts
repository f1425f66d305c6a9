/**
 * The public shapes: what an app gets for a request, and what it may call. Types only. The options
 * are in `options.ts`.
 */

import type { RevocationEvent } from '../revocation/revocation.ts'

/** Why a cookie that came with the request was not honoured. */
export type EndReason =
  /** The cookie does not have the form of a seal. */
  | 'malformed'
  /** It was sealed under a key that the ring no longer has. */
  | 'unknown-key'
  /** It was forged or damaged, or comes from the future. */
  | 'invalid'
  /** No activity for longer than the idle timeout. */
  | 'idle'
  /** Older than the absolute timeout. */
  | 'absolute'
  /** Signed out, or forced out. */
  | 'revoked'
  /** The schema refused its data. */
  | 'data'

/** The two limits on a session's life, in whole seconds. */
export interface TimeoutOptions {
  /** Longest gap between two requests that count as activity. At most the absolute timeout. */
  idleTimeout?: number
  /** Longest age, whatever the use. At most 400 days. */
  absoluteTimeout?: number
}

/**
 * What operators may want to hear of. No sid, subject or data is part of it; a `cause` is the
 * error of the list itself.
 */
export type SessionEvent =
  /** A request's cookie was not honoured. */
  { type: 'ended'; reason: EndReason } | RevocationEvent

/** Options of `Session.signIn`. */
export interface SignInOptions {
  /**
   * Keep the session when the browser closes, with the `remembered` timeouts. Left out, it stays
   * what it was for the same subject, and is `false` for another.
   */
  remember?: boolean
  /**
   * End every other session that the subject has, for good: for a changed password, or a password
   * that was just confirmed. Unlike `signOutOthers()` it cannot be outdone by a thief who holds a
   * copy, because a new sign-in needs the credentials. Needs a revocation list, asks it first, and
   * rejects with `revocation-unavailable` and signs nobody in if the list cannot be asked or told; with
   * `ended` if an operator's mark bars the subject. Default `false`.
   */
  endOthers?: boolean
}

/**
 * What the server knows of one browser, for the length of one request.
 *
 * Using a session that nobody can vouch for throws `SessionError` `revocation-unavailable` or
 * `keys-unavailable`; changing it after commit throws `committed`, after `destroy()` `destroyed`.
 * Calls that change it run one after the other.
 */
export interface Session<Data extends object = Record<string, unknown>> {
  /** The id sealed in the cookies: 128 random bits, new at every sign-in. `undefined` until something is sealed. */
  readonly sid: string | undefined
  /** Who is signed in. */
  readonly subject: string | undefined
  /** Why the cookie that came was not honoured; `undefined` when it was, or when none came. */
  readonly ended: EndReason | undefined
  /** When the session began: the sign-in, or an anonymous session's first write. */
  readonly createdAt: Date | undefined
  /** Seconds since `createdAt`: how recent the sign-in is. */
  readonly age: number | undefined
  /** The last activity, this request's included if it counts. */
  readonly lastActivityAt: Date | undefined
  /** When it ends if nothing more comes. */
  readonly idleExpiresAt: Date | undefined
  /** When it ends whatever comes. */
  readonly absoluteExpiresAt: Date | undefined
  /** Whether it outlives the browser. */
  readonly remembered: boolean
  /**
   * The app's data, a JSON object: change it freely, it is sealed at commit if its JSON differs.
   * From commit on it is frozen all the way down. Objects that the app put into it are not: frozen
   * copies take their place.
   */
  data: Partial<Data>

  /**
   * Begins a new session for `subject`, under a new sid, and ends the one before with all that was
   * regenerated from it.
   *
   * Keeps an anonymous session's data and drops another subject's. Rejects and changes nothing
   * when the data does not fit (`too-large`, `not-json`, `data`) or when the earlier session could
   * not be ended (`revocation-unavailable`). A subject that is not a non-empty well-formed string
   * is a `TypeError`.
   */
  signIn(subject: string, options?: SignInOptions): Promise<void>
  /** Goes on under a new sid and revokes the old one. Rejects like `signIn`. */
  regenerate(): Promise<void>
  /**
   * Ends every other session of the subject and goes on under a new sid. Asks the revocation list.
   * For the calm case: a thief who holds a live copy can call it too, and who calls last stays. What
   * ends a thief is `signIn(subject, { endOthers: true })`, after the password was asked for again.
   * Rejects like `signIn`, and with `ended` if this session turns out to be revoked; without a
   * subject or a list it is a `TypeError`.
   */
  signOutOthers(): Promise<void>
  /**
   * Ends the session and all that was regenerated from it: revokes it and clears its cookies.
   * Final. The cookies are cleared even when the revocation could not be recorded, which rejects
   * with `revocation-unavailable`.
   */
  destroy(): Promise<void>
  /** Counts this request as activity and records it, whatever `isActivity` and `touchAfter` say. */
  touch(): void
  /** Does not count this request as activity: nothing slides, and a read sets no cookie. */
  skipTouch(): void
  /**
   * Asks the revocation list now, if there is one. A session found revoked is anonymous from here
   * on, with `ended`. Rejects with `revocation-unavailable`, however recent the last check. It may be
   * called after commit as well, so that a stream can notice a sign-out.
   */
  recheck(): Promise<void>
  /**
   * Seals now instead of at commit, so that a handler can answer to `too-large`, `not-json` and
   * `data` itself. After such a failure `data` is again what it was when last sealed.
   */
  save(): Promise<void>
}

/** Reads a request's session and writes it to the response. */
export interface SessionManager<Data extends object = Record<string, unknown>> {
  /**
   * The request's session; anonymous, with a reason, when the cookies are not honoured. The same
   * `Request` gives the same session until that is committed. Never rejects for what a client sent.
   */
  load(request: Request): Promise<Session<Data>>
  /**
   * The response with the session's cookies and cache headers. Awaits every call begun on the
   * session. Rejects with `too-large`, `not-json`, `data` or `keys-unavailable` when the session
   * cannot be sealed, and with the failure of a call that nobody awaited; the change is then
   * dropped, and committing once more, with the answer to the failure, writes what still holds.
   */
  commit(session: Session<Data>, response: Response): Promise<Response>
  /**
   * Ends the session of this sid, and if it is the one that the session began with, all that was
   * regenerated from it. Like the other two it rejects with `revocation-unavailable` when it could
   * not be recorded, and is a `TypeError` without a list.
   */
  revokeSession(sid: string): Promise<void>
  /** Ends every session of a subject that began until now. Signing in again works at once. */
  revokeSubject(subject: string): Promise<void>
  /** Ends every session that began until now. */
  revokeAll(): Promise<void>
}
