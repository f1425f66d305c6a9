/** The events that a manager reports to `onEvent`. */

import type { DataEvent } from '../contracts/data-store.ts'
import type { BindingEvent } from '../contracts/device-binding.ts'
import type { SessionIndexEvent } from '../contracts/session-index.ts'
import type { RevocationEvent } from '../revocation/revocation.ts'
import type { EndReason } from './types.ts'

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
