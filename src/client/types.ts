/**
 * What an app in the browser configures, calls and hears. Types only; the behaviour is in watcher.ts.
 */

import type { ClientEndReason } from './ask.ts'
import type { Limit } from './deadlines.ts'

/** Options of `watchSession`. */
export interface WatchOptions {
  /** Where the app mounted `sessionRoutes()`, on the page's own origin: `/session`. Required. */
  statusUrl: string
  /**
   * How long before the end to warn, in whole seconds. Default 60. At least 20, the time that
   * WCAG 2.2 (success criterion 2.2.1) gives people to answer. Keep it well below the idle timeout.
   */
  warnBefore?: number
  /** User input touches at most once in so many seconds. Default 60. Short idle timeouts make it less. */
  touchEvery?: number
}

/** `unknown` until the server has answered once. */
export type WatchState = 'unknown' | 'active' | 'warning' | 'ended' | 'stopped'

/** What a watcher dispatches. */
export interface SessionWatcherEvents {
  /** The session ends soon. Once per approaching end. `idle` can be extended, `absolute` cannot. */
  warning: CustomEvent<{ secondsLeft: number; limit: Limit }>
  /** The end has moved away, through this tab or another: a warning is void. */
  extended: CustomEvent<{ secondsLeft: number }>
  /** The server says that the session is over. Once, and the last event. */
  ended: CustomEvent<{ reason: ClientEndReason }>
  /** The server gave no usable answer. Asked again until it does. `status` of the HTTP response, if any. */
  offline: CustomEvent<{ status?: number }>
  /** It answers again. */
  online: CustomEvent<null>
}

/** Watches one session for one page. */
export interface SessionWatcher extends EventTarget {
  readonly state: WatchState
  /** Whether the last question went without a usable answer. */
  readonly offline: boolean
  /** Time until the nearest limit, by the server's clock; `undefined` until it is known. */
  readonly secondsLeft: number | undefined
  /** Which limit that is. */
  readonly limit: Limit | undefined

  /**
   * The visitor wants to stay. `true` when the server has recorded it; `false` when the session is
   * over or the server could not be reached, and then it is tried again by itself.
   */
  extend(): Promise<boolean>
  /**
   * Signs out, in every tab. `false` when the server did not confirm it: without `ended` nothing
   * changed, with it only this browser is signed out.
   */
  signOut(): Promise<boolean>
  /**
   * Keeps the session alive until `work` settles, however long and whether or not the page is
   * visible. Gives `work` back.
   *
   * @example
   * const report = await watcher.busy(upload(file))
   */
  busy<T>(work: Promise<T>): Promise<T>
  /** Takes away every listener and timer. Final, and no event follows. */
  stop(): void

  addEventListener<Type extends keyof SessionWatcherEvents>(
    type: Type,
    listener: (event: SessionWatcherEvents[Type]) => void,
    options?: AddEventListenerOptions | boolean,
  ): void
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: AddEventListenerOptions | boolean,
  ): void
  removeEventListener<Type extends keyof SessionWatcherEvents>(
    type: Type,
    listener: (event: SessionWatcherEvents[Type]) => void,
    options?: EventListenerOptions | boolean,
  ): void
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: EventListenerOptions | boolean,
  ): void
}
