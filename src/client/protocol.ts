/**
 * What a browser and `sessionRoutes()` say to each other about a session. Both sides are written
 * to this file; it knows neither of them.
 *
 * `GET <mount>` answers a `SessionStatus` and slides nothing. `POST <mount>/touch` counts as
 * activity and answers one too, with 401 when nobody is signed in. `POST <mount>/sign-out` ends the
 * session and answers one. Both POSTs change nothing and answer 409 with the status when the page
 * was made for another subject than the session's. Any other answer (a proxy's error page, a 503)
 * says nothing about the session, and a client must not conclude from it that the session ended.
 */

import type { EndReason } from '../session/types.ts'

/** A session as its browser may know it. Instants are ISO strings of the server's clock. */
export interface SessionStatus {
  signedIn: boolean
  /** The server's clock when it answered. */
  now: string
  /** When the session ends if nothing more comes; `null` without a session. */
  idleExpiresAt: string | null
  /** When it ends whatever comes; `null` without a session. */
  absoluteExpiresAt: string | null
  /** When it began; `null` without a session. A later sign-in begins a session of its own. */
  startedAt: string | null
  /** Its idle timeout in seconds; `null` without a session. */
  idleTimeout: number | null
  /** `session.subjectTags()`: two answers with a tag in common are about the same subject. */
  subjectTags: readonly string[]
  /** Why the cookie that came was not honoured; `null` when it was, or when none came. */
  ended: EndReason | null
}

/** The header and the form field that say for whom a page was made: one of its subject's tags. */
export const SUBJECT_HEADER = 'Session-Subject'
export const SUBJECT_FIELD = 'session-subject'
