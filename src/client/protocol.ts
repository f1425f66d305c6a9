/**
 * What a browser and `sessionRoutes()` say to each other about a session. Both sides are written
 * to this file; it knows neither of them.
 *
 * `GET <mount>` answers a `SessionStatus` and slides nothing. `POST <mount>/touch` counts as
 * activity and answers one too, with 401 when nobody is signed in. `POST <mount>/sign-out` ends the
 * session and answers one. Any other answer (a proxy's error page, a 503) says nothing about the
 * session, and a client must not conclude from it that the session ended.
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
  /** Why the cookie that came was not honoured; `null` when it was, or when none came. */
  ended: EndReason | null
}
