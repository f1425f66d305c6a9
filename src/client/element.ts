/**
 * `<session-warning>`: a dialog that warns before the session ends and lets the visitor stay. Entry
 * point of `sealed-session/client/element`; importing it registers the element. It shows what a
 * watcher says and calls it back. When to warn is the watcher's business, what follows the end of
 * the session is the app's.
 */

import { systemClock } from '../lib/platform.ts'
import { createDialog, dialogStyles } from './dialog.ts'
import { inWords, isSpokenBetween, TEXTS, type TextName } from './dialog-texts.ts'
import type { SessionWatcher, SessionWatcherEvents } from './types.ts'
import { watchSession } from './watch-session.ts'

/** A warning that has been open for less was not seen, in milliseconds. */
const UNSEEN = 500

// A server may import this file while it renders a page; there is nothing to register there.
const Base: typeof HTMLElement = globalThis.HTMLElement ?? class {}

/**
 * The warning dialog. Give it a `status-url` and it watches by itself, or a `watcher`.
 *
 * Attributes:
 * - `status-url`, `warn-before`, `touch-every`: the options of `watchSession()`, read when the
 *   element enters the page.
 * - `sign-in-url`: where to sign in again. Without it the dialog for the absolute limit can only be
 *   dismissed.
 * - `text-…`: replaces a text, see client/dialog-texts.ts.
 *
 * Looks: `--session-warning-background`, `-color`, `-accent`, `-on-accent`, `-border`, `-focus`,
 * `-radius`, `-font`, `-backdrop`, and the parts `dialog`, `title`, `text`, `offline`, `actions`,
 * `button`, `primary`, `stay`, `sign-out`, `dismiss`, `sign-in`.
 *
 * @example
 * <session-warning status-url="/session" sign-in-url="/sign-in"></session-warning>
 */
export class SessionWarningElement extends Base {
  readonly #dialog = createDialog()
  #watcher: SessionWatcher | undefined
  #ownsWatcher = false
  #listening = new AbortController()
  #ticking: ReturnType<typeof setInterval> | undefined
  #shown = Infinity
  #openedAt = 0

  constructor() {
    super()
    const shadow = this.attachShadow({ mode: 'open' })
    shadow.adoptedStyleSheets = [dialogStyles()]
    shadow.append(this.#dialog.root)
    const { root, stay, dismiss, signOut } = this.#dialog
    stay.onclick = () => this.#stay()
    // The dialog takes the focus from whoever is typing, and their next space is no answer to it.
    dismiss.onclick = () => {
      if (systemClock() - this.#openedAt >= UNSEEN) this.#close()
    }
    signOut.onclick = () => this.#watcher?.signOut()
    // Escape comes as a key; the back gesture of a phone only as `cancel`.
    root.onkeydown = (event) => {
      if (event.key === 'Escape') this.#stayInstead(event)
    }
    root.oncancel = (event) => this.#stayInstead(event)
  }

  /** The watcher to listen to. One that the app made is also the app's to stop. */
  get watcher(): SessionWatcher | undefined {
    return this.#watcher
  }

  set watcher(watcher: SessionWatcher | undefined) {
    this.#leave()
    this.#watcher = watcher
    this.#ownsWatcher = false
    if (this.isConnected) this.#listen()
  }

  connectedCallback(): void {
    const statusUrl = this.getAttribute('status-url')
    if (!this.#watcher && statusUrl !== null) {
      this.#watcher = watchSession({
        statusUrl,
        ...this.#seconds('warnBefore', 'warn-before'),
        ...this.#seconds('touchEvery', 'touch-every'),
      })
      this.#ownsWatcher = true
    }
    this.#listen()
  }

  disconnectedCallback(): void {
    const owned = this.#ownsWatcher
    this.#leave()
    if (owned) this.#watcher = undefined
  }

  #seconds(option: 'warnBefore' | 'touchEvery', attribute: string): Record<string, number> {
    const value = this.getAttribute(attribute)
    return value === null ? {} : { [option]: Number(value) }
  }

  #listen(): void {
    const watcher = this.#watcher
    if (!watcher) return
    const on = <Type extends keyof SessionWatcherEvents>(type: Type, act: () => void) =>
      watcher.addEventListener(type, act, { signal: this.#listening.signal })
    on('warning', () => this.#open())
    on('extended', () => this.#close())
    on('ended', () => this.#close())
    on('offline', () => this.#draw())
    on('online', () => this.#draw())
    if (watcher.state === 'warning') this.#open()
  }

  #leave(): void {
    this.#listening.abort()
    this.#listening = new AbortController()
    this.#close()
    if (this.#ownsWatcher) this.#watcher?.stop()
  }

  #open(): void {
    const { root, title, stay, signOut, dismiss, signIn, spoken } = this.#dialog
    const limit = this.#watcher?.limit ?? 'idle'
    const signInUrl = this.getAttribute('sign-in-url')
    title.textContent = this.#text(`${limit}-title`)
    stay.textContent = this.#text('stay')
    signOut.textContent = this.#text('sign-out')
    dismiss.textContent = this.#text('dismiss')
    signIn.textContent = this.#text('sign-in-again')
    spoken.textContent = ''
    stay.hidden = signOut.hidden = limit === 'absolute'
    dismiss.hidden = limit === 'idle'
    signIn.hidden = limit === 'idle' || signInUrl === null
    signIn.href = signInUrl ?? ''
    this.#shown = this.#watcher?.secondsLeft ?? 0
    this.#draw()
    clearInterval(this.#ticking)
    this.#ticking = setInterval(() => this.#tick(), 1000)
    // Focuses the first button that is shown: the one that costs the visitor nothing.
    if (root.open) return
    this.#openedAt = systemClock()
    root.showModal()
  }

  #close(): void {
    this.#dialog.root.close()
  }

  // Not stopped by the `close` event, which comes late, when the dialog may be open again.
  #tick(): void {
    if (this.#dialog.root.open) this.#draw()
    else clearInterval(this.#ticking)
  }

  /** What changes while the dialog is open. */
  #draw(): void {
    const { text, spoken, offline } = this.#dialog
    const left = this.#watcher?.secondsLeft ?? 0
    text.textContent = this.#text(`${this.#watcher?.limit ?? 'idle'}-text`, left)
    if (isSpokenBetween(this.#shown, left)) spoken.textContent = this.#text('spoken', left)
    this.#shown = left
    const problem = this.#watcher?.offline ? this.#text('offline') : ''
    if (offline.textContent !== problem) offline.textContent = problem
  }

  #stay(): void {
    if (this.#watcher?.limit === 'absolute') this.#close()
    else this.#watcher?.extend()
  }

  /** Closing is what the answer to `extend()` does; without one the warning stands. */
  #stayInstead(event: Event): void {
    event.preventDefault()
    this.#stay()
  }

  #text(name: TextName, seconds = 0): string {
    const text = this.getAttribute(`text-${name}`) ?? TEXTS[name]
    const language = this.closest<HTMLElement>('[lang]')?.lang ?? 'en'
    return text.replace('{time}', () => inWords(seconds, language))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'session-warning': SessionWarningElement
  }
}

if (globalThis.customElements && !customElements.get('session-warning')) {
  customElements.define('session-warning', SessionWarningElement)
}
