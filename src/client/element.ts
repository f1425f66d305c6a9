/**
 * `<session-warning>`: a dialog that warns before the session ends, lets the visitor stay, and says
 * why it ended. Entry point of `sealed-session/client/element`; importing it registers the element.
 * It shows what a watcher says and calls it back. When to warn is the watcher's business.
 */

import { Dialog, type Kind } from './dialog.ts'
import { adoptStyles } from './dialog-styles.ts'
import type { SessionWatcher } from './types.ts'
import { watchSession } from './watch-session.ts'

/** Somebody who typed less than this ago is typing, in milliseconds. */
const TYPING = 1000

const EVENTS = [
  'warning',
  'extended',
  'overdue',
  'resumed',
  'pending',
  'offline',
  'online',
  'ended',
]

// A server may import this file while it renders a page; there is nothing to register there.
const Base: typeof HTMLElement = globalThis.HTMLElement ?? class {}

/**
 * The warning dialog. Give it a `status-url` and it watches by itself, or a `watcher`.
 *
 * When the session is over it says why and covers the page, unless a listener of the watcher's `ended`
 * event calls `preventDefault()`. It waits for a pause before it takes the focus of somebody who types.
 *
 * Before it signs out it dispatches `sign-out`; call `preventDefault()` to ask the visitor first.
 *
 * Attributes:
 * - `status-url`, `warn-before`, `touch-every`, `check-every`, `subject-tag`: the options of
 *   `watchSession()`, read when the element enters the page.
 * - `sign-in-url`: where to sign in again; `{path}` in it is replaced by the page's own, to come back
 *   to. Without it the dialog for the absolute limit can only be
 *   dismissed, and the one for the end leads to the page as it is for somebody who is signed out.
 * - `keeps-drafts`: says that the page keeps what is typed, as `sealed-session/client/drafts` does.
 * - `text-…`: replaces a text, see client/dialog-texts.ts.
 *
 * Looks: `--session-warning-background`, `-color`, `-accent`, `-on-accent`, `-border`, `-focus`,
 * `-radius`, `-font`, `-backdrop`, and the parts `dialog`, `title`, `text`, `offline`, `actions`,
 * `button`, `primary`, `stay`, `dismiss`, `sign-out`, `sign-in`, `remaining`.
 *
 * @example
 * <session-warning status-url="/session" sign-in-url="/sign-in"></session-warning>
 */
export class SessionWarningElement extends Base {
  readonly #dialog = new Dialog(
    this,
    (event) => {
      // Extends, or lets an absolute end come. Without an answer to `extend()` the warning stands.
      event.preventDefault()
      if (this.#kind() === 'idle') this.#watcher?.extend()
      else this.#isDismissed = true
      this.#update()
    },
    () => {
      const event = new Event('sign-out', { cancelable: true })
      if (this.dispatchEvent(event)) this.#watcher?.signOut()
    },
  )
  #watcher: SessionWatcher | undefined
  /** The watcher that this element made. */
  #own: SessionWatcher | undefined
  #listening: AbortController | undefined
  #ticking: ReturnType<typeof setTimeout> | undefined
  #typedAt = -TYPING
  #isDismissed = false
  /** What the watcher said last. */
  #news: CustomEvent | undefined

  /** The watcher to listen to. One that the app made is also the app's to stop. */
  get watcher(): SessionWatcher | undefined {
    return this.#watcher
  }

  set watcher(watcher: SessionWatcher | undefined) {
    this.#leave()
    this.#watcher = watcher
    this.#news = undefined
    if (this.isConnected) this.connectedCallback()
  }

  connectedCallback(): void {
    const seconds = (name: string) =>
      this.hasAttribute(name) ? Number(this.getAttribute(name)) : undefined
    const statusUrl = this.getAttribute('status-url')
    if (!this.#watcher && statusUrl !== null) {
      this.#own = this.#watcher = watchSession({
        statusUrl,
        warnBefore: seconds('warn-before'),
        touchEvery: seconds('touch-every'),
        checkEvery: seconds('check-every'),
        subjectTag: this.getAttribute('subject-tag') ?? '',
      })
    }
    if (this.#watcher && !this.#listening) this.#listen(this.#watcher)
    // Moved within the page, the dialog has left the top layer.
    this.#dialog.root.close()
    this.#update()
  }

  disconnectedCallback(): void {
    // Moved within the page it is connected again by then.
    queueMicrotask(() => this.isConnected || this.#leave())
  }

  #listen(watcher: SessionWatcher): void {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    const onEvent = (event: Event) => {
      if (event.type === 'warning') this.#isDismissed = false
      this.#news = event as CustomEvent
      // When every listener has had its say.
      queueMicrotask(() => this.#update())
    }
    for (const type of EVENTS) watcher.addEventListener(type, onEvent, { signal })
    const onTyping = () => {
      this.#typedAt = performance.now()
    }
    for (const type of ['keydown', 'input']) {
      document.addEventListener(type, onTyping, { signal, capture: true })
    }
  }

  #leave(): void {
    this.#listening?.abort()
    this.#listening = undefined
    if (this.#own) {
      this.#own.stop()
      this.#own = this.#watcher = undefined
    }
    this.#update()
  }

  /** The message that is due, if any. */
  #kind(): Kind | undefined {
    const { state, limit } = this.#watcher ?? {}
    if (state === 'warning') return limit
    // A page that was never signed in has no session to miss.
    return state === 'ended' && limit && !this.#news?.defaultPrevented ? 'ended' : undefined
  }

  /** Shows how things stand, and again every second while there is something to say. */
  #update(): void {
    const watcher = this.#watcher
    const kind = this.#kind()
    clearTimeout(this.#ticking)
    const isTyping = !this.#dialog.root.open && performance.now() - this.#typedAt < TYPING
    const isCovered = kind === 'ended' || !!watcher?.overdue
    if (kind && watcher) {
      this.#ticking = setTimeout(() => this.#update(), 1000)
      this.#dialog.draw(kind, watcher, this.#news?.detail?.recorded)
    }
    this.#dialog.show(kind, isCovered || (!!kind && !isTyping && !this.#isDismissed), isCovered)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'session-warning': SessionWarningElement
  }
}

if (globalThis.HTMLElement && !customElements.get('session-warning')) {
  adoptStyles(document)
  customElements.define('session-warning', SessionWarningElement)
}
