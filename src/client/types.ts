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
   * WCAG 2.2 (success criterion 2.2.1) gives people to answer. Keep it well below the idle timeout:
   * if it is not, an error is reported once the server has said how long that is.
   */
  warnBefore?: number | undefined
  /** User input touches at most once in so many seconds. Default 60. Short idle timeouts make it less. */
  touchEvery?: number | undefined
  /**
   * How often a visible page asks whether the session is still there, in whole seconds. Default 300;
   * 0 for never. It is no activity of the visitor's.
   */
  checkEvery?: number | undefined
  /**
   * For whom the server made this page: the first of `session.subjectTags()`. Left out, it is the
   * subject of the first answer, which may be somebody who signed in a moment later.
   */
  subjectTag?: string | undefined
}

/** `unknown` until the server has answered once. */
export type WatchState = 'unknown' | 'active' | 'warning' | 'ended' | 'stopped'

/** A request of the visitor that the server has not confirmed yet. */
export type Pending = 'stay' | 'sign-out'

/** What a watcher dispatches. */
export interface SessionWatcherEvents {
  /**
   * The session ends soon, by this device's knowledge. Once per approaching end. `idle` can be
   * extended, `absolute` cannot.
   */
  warning: CustomEvent<{ secondsLeft: number; limit: Limit }>
  /** The end has moved away, through this tab or another: a warning is void. */
  extended: CustomEvent<{ secondsLeft: number }>
  /**
   * The end has passed by this device's knowledge, and the server does not answer: cover what is
   * private. `extended` or `ended` follows when it does.
   */
  overdue: CustomEvent<null>
  /**
   * The session is over for this page. `recorded` tells a sign-out that was asked for in this browser
   * from cookies that are gone; it is `false` when the revocation could not be recorded. Call
   * `preventDefault()` to answer it in the app's own way, and `<session-warning>` shows nothing.
   */
  ended: CustomEvent<{ reason: ClientEndReason; recorded: boolean | undefined }>
  /** After `ended`: the same subject has signed in again, in another tab, and this page can go on. */
  resumed: CustomEvent<{ secondsLeft: number }>
  /** A request of the visitor is under way, or no longer. */
  pending: CustomEvent<Pending | null>
  /** The server gave no usable answer, or is slow. Asked until it does. `status` of the HTTP response, if any. */
  offline: CustomEvent<{ status: number | undefined }>
  /** It answers again. */
  online: CustomEvent<null>
}

/** Watches one session for one page. */
export interface SessionWatcher extends EventTarget {
  readonly state: WatchState
  /** Whether the last question went without a usable answer. */
  readonly offline: boolean
  /** Whether the end has passed by this device's knowledge and the server has not answered since. */
  readonly overdue: boolean
  /** A request of the visitor that the server has not confirmed yet. */
  readonly pending: Pending | undefined
  /** Time until the nearest limit, by the server's clock; `undefined` until it is known. */
  readonly secondsLeft: number | undefined
  /** Which limit that is. */
  readonly limit: Limit | undefined
  /** Why the session is over, once it is. */
  readonly reason: ClientEndReason | undefined
  /** The tags of the subject for whom the page was made, as far as they are known. */
  readonly subjectTags: readonly string[]

  /**
   * The visitor wants to stay. `true` when the server has recorded it; `false` when the session is
   * over or the server could not be reached, and then it is tried again by itself.
   */
  extend(): Promise<boolean>
  /**
   * Signs out, in every tab. `false` when the server did not confirm it: without `ended` it is tried
   * again by itself, with it only this browser is signed out.
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
  /**
   * Looks at an answer that the app has anyway: 401 or 409 make the watcher ask whether the session
   * is still there. Gives the response back.
   */
  heard(response: Response): Response
  /**
   * `fetch` whose answers are heard, and whose requests to this origin say for whom the page was made,
   * so that `sameSubject()` can refuse them after somebody else has signed in.
   */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>
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
