/**
 * The contract of a session index: what a manager calls, and what a list shows. The manager calls the
 * object that the app passes, so that apps without an index have none of this code in their bundle.
 */

import type { Description } from './describe-browser.ts'
import type { Ending, Revocable, RevocationTarget } from './revocation-list.ts'

/** One session of a subject, as `listSessions` gives it. */
export interface ListedSession {
  /** The sid that the session began with, `session.family`: what `revokeSession` takes. */
  readonly family: string
  /** The sign-in. */
  readonly createdAt: Date
  /** The last recorded activity. The session can have been active up to 20 minutes later. */
  readonly lastSeenAt: Date
  /** The absolute limit. The idle timeout can have ended the session before. */
  readonly expiresAt: Date
  /** What `describe` gave at the sign-in. */
  readonly description: Description | undefined
}

/** Options of every session index. */
export interface SessionIndexOptions {
  /**
   * Describes the browser that signs in. Default: `browser` and `system` from the user agent, and on
   * Cloudflare the `country`. If it throws or returns over 512 bytes of JSON, the session has no
   * description and an event is reported; the sign-in goes on.
   */
  describe?: (request: Request) => Description | undefined | Promise<Description | undefined>
  /** A sign-in ends the subject's oldest sessions, so that at most this many remain. Default: no limit. */
  maxSessionsPerSubject?: number
}

/** Events of the index. `cause` is the error of the store or of `describe`. */
export type SessionIndexEvent =
  /** The index could not be read or written. No sign-in or sign-out fails because of it. */
  | { type: 'index-unavailable'; operation: 'read' | 'write' | 'remove'; cause: unknown }
  /** A record does not have the expected form. It was skipped, and is removed or replaced. */
  | { type: 'index-damaged' }
  /** `describe` threw, or did not return an object of strings of at most 512 bytes. */
  | { type: 'description-refused'; cause: unknown }

/** A session that is committed. Instants are milliseconds. */
export interface IndexableSession {
  readonly family: string
  readonly subject: string | undefined
  readonly iat: number
  readonly act: number
  readonly limit: number
  readonly kept: number | undefined
  readonly external: string | undefined
}

/** The request that commits a session. */
export interface Committed {
  readonly request: Request
  /** Set if the session began in this request, or survived its own `signOutOthers`. */
  readonly news: 'signed-in' | 'signed-out-others' | undefined
  /** The last activity before this request. A passive request does not change `act`. */
  readonly actBefore: number | undefined
}

/** The parts of a manager that an index uses. */
export interface IndexHost {
  readonly now: () => number
  /** The timeout of a call to the store, in milliseconds. */
  readonly timeout: number
  readonly report: (event: SessionIndexEvent) => unknown
  readonly revocation: {
    /** The mark that ended a session, if this isolate knows one. */
    endingInMemory(session: Revocable): Ending | undefined
    /** The marks of some targets, by name. Rejects with `revocation-unavailable`. */
    marksOf(targets: readonly RevocationTarget[]): Promise<ReadonlyMap<string, number>>
    record(target: RevocationTarget, entry: { readonly limit: number }): Promise<void>
  }
  /** The rules about which marks end a session. */
  readonly rules: {
    targetsOf(session: Revocable): readonly RevocationTarget[]
    endingOf(
      session: Revocable,
      markOf: (target: RevocationTarget) => number | undefined,
    ): Ending | undefined
  }
}

/** The index of one manager. Only `list` rejects. */
export interface ConnectedIndex {
  committed(session: IndexableSession, what: Committed): Promise<void>
  /** Removes the record of a session that signed out. Does not delay the response. */
  left(session: { readonly family: string; readonly subject: string | undefined }): void
  /** Rejects with `index-unavailable`, and with `revocation-unavailable`. */
  list(subject: string): Promise<readonly ListedSession[]>
}

/** A session index: `kvSessionIndex(namespace)`, `memorySessionIndex()` or `sessionIndexOn(store)`. */
export interface SessionIndex {
  /** Called by the manager that the index is passed to. */
  connect(host: IndexHost): ConnectedIndex
}
