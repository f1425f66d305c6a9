/**
 * The public type of a session: what an app gets for a request, and what it can call.
 */

import type { StandardSchemaV1 } from '@standard-schema/spec'

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
