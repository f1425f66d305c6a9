/**
 * Watches a session from the page, so that the visitor knows before it ends. It draws nothing: for a
 * dialog see `sealed-session/client/element`.
 *
 * @module
 */

export type { ClientEndReason } from './client/ask.ts'
export type { Limit } from './client/deadlines.ts'
export type { SessionStatus } from './client/protocol.ts'
export type {
  Pending,
  SessionWatcher,
  SessionWatcherEvents,
  WatchOptions,
  WatchState,
} from './client/types.ts'
export { watchSession } from './client/watch-session.ts'
