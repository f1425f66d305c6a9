/**
 * `<session-warning>`: a dialog that warns before the session ends, lets the visitor stay, and says
 * why it ended. Entry point of `sealed-session/client/element`; importing it registers the element.
 * It shows what a watcher says and calls it back. When to warn is the watcher's business.
 */

import { createDialog, dialogStyles, holdPage } from './dialog.ts'
import { inWords, isSpokenBetween, TEXTS, type TextName } from './dialog-texts.ts'
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
 * `button`, `primary`, `stay`, `sign-out`, `dismiss`, `sign-in`, `remaining`.
 *
 * @example
 * <session-warning status-url="/session" sign-in-url="/sign-in"></session-warning>
 */
export class SessionWarningElement extends Base {
  readonly #dialog = createDialog()
  #watcher: SessionWatcher | undefined
  #ownsWatcher = false
  #listening: AbortController | undefined
  #ticking: ReturnType<typeof setTimeout> | undefined
  /** The time left that was last shown. */
  #shown = 0
  #typedAt = -TYPING
  #isDismissed = false
  #isUnrecorded = false
  /** Whether the app answers the end itself. */
  #isAnswered = false
  #title = ''
  #titleBefore = ''

  constructor() {
    super()
    const shadow = this.attachShadow({ mode: 'open' })
    const { root, remaining, stay, dismiss, signOut } = this.#dialog
    shadow.adoptedStyleSheets = [dialogStyles()]
    shadow.append(root, remaining)
    stay.onclick = () => this.#stay()
    dismiss.onclick = () => this.#stay()
    signOut.onclick = () => {
      const event = new Event('sign-out', { cancelable: true })
      if (this.dispatchEvent(event)) this.#watcher?.signOut()
    }
    root.onkeydown = (event) => {
      const isForDialog = event.target === root && /^( |Enter)$/.test(event.key)
      if (event.key === 'Escape' || (isForDialog && this.#kind() === 'idle')) this.#stay(event)
    }
    // Escape comes as a key; the back gesture of a phone only as `cancel`.
    root.oncancel = (event) => this.#stay(event)
  }

  /** The watcher to listen to. One that the app made is also the app's to stop. */
  get watcher(): SessionWatcher | undefined {
    return this.#watcher
  }

  set watcher(watcher: SessionWatcher | undefined) {
    this.#leave()
    this.#watcher = watcher
    if (this.isConnected) this.connectedCallback()
  }

  connectedCallback(): void {
    const statusUrl = this.getAttribute('status-url')
    if (!this.#watcher && statusUrl !== null) {
      const seconds = (name: string) =>
        this.hasAttribute(name) ? Number(this.getAttribute(name)) : undefined
      this.#watcher = watchSession({
        statusUrl,
        warnBefore: seconds('warn-before'),
        touchEvery: seconds('touch-every'),
        checkEvery: seconds('check-every'),
        subjectTag: this.getAttribute('subject-tag') ?? undefined,
      })
      this.#ownsWatcher = true
    }
    if (!this.#listening) this.#listen()
    // Moved within the page, the dialog has left the top layer.
    this.#dialog.root.close()
    this.#update()
  }

  disconnectedCallback(): void {
    // Moved within the page it is connected again by then.
    queueMicrotask(() => this.isConnected || this.#leave())
  }

  #listen(): void {
    const watcher = this.#watcher
    if (!watcher) return
    this.#listening = new AbortController()
    const { signal } = this.#listening
    for (const type of EVENTS) watcher.addEventListener(type, this.#onEvent, { signal })
    for (const type of ['keydown', 'input']) {
      document.addEventListener(type, this.#onTyping, { signal, capture: true })
    }
  }

  readonly #onTyping = (): void => {
    this.#typedAt = performance.now()
  }

  readonly #onEvent = (event: Event): void => {
    if (event.type === 'warning') this.#isDismissed = false
    this.#isUnrecorded = (event as CustomEvent).detail?.recorded === false
    // When every listener has had its say.
    queueMicrotask(() => {
      this.#isAnswered = event.defaultPrevented
      this.#update()
    })
  }

  #leave(): void {
    this.#listening?.abort()
    this.#listening = undefined
    if (this.#ownsWatcher) {
      this.#watcher?.stop()
      this.#watcher = undefined
    }
    this.#ownsWatcher = false
    this.#update()
  }

  /** The message that is due, if any. */
  #kind(): 'idle' | 'absolute' | 'ended' | undefined {
    const { state, limit } = this.#watcher ?? {}
    if (state === 'warning') return limit
    // A page that was never signed in has no session to miss.
    return state === 'ended' && limit && !this.#isAnswered ? 'ended' : undefined
  }

  /** Shows how things stand, and again every second while there is something to say. */
  #update(): void {
    const { root, remaining } = this.#dialog
    const kind = this.#kind()
    clearTimeout(this.#ticking)
    if (kind) this.#ticking = setTimeout(() => this.#update(), 1000)
    const isTyping = !root.open && performance.now() - this.#typedAt < TYPING
    const isCovered = kind === 'ended' || !!this.#watcher?.overdue
    const isOpen = isCovered || (!!kind && !isTyping && !this.#isDismissed)
    if (kind) this.#draw(kind)
    else this.#shown = 0
    remaining.hidden = isOpen || !kind
    holdPage(this, isCovered ? 'covered' : isOpen ? 'open' : undefined)
    if (isOpen && !root.open) {
      root.showModal()
      // No button: the next key of somebody who was typing must not press it.
      root.focus()
    } else if (!isOpen && root.open) root.close()
    this.#retitle(kind)
  }

  #draw(kind: 'idle' | 'absolute' | 'ended'): void {
    const { title, text, spoken, offline, stay, signOut, dismiss, signIn, remaining } = this.#dialog
    const { secondsLeft = 0, overdue, reason, pending, offline: isOffline } = this.#watcher ?? {}
    const { pathname, search } = location
    const isEnded = kind === 'ended'
    const isUnsaved = hasUnsavedText()
    const keepsDrafts = this.hasAttribute('keeps-drafts')
    const signInUrl = this.getAttribute('sign-in-url') ?? (isEnded ? pathname + search : undefined)
    const isElsewhere = isUnsaved && !keepsDrafts && kind !== 'idle' && signInUrl !== undefined
    const say = (name: TextName | false | undefined) => name && this.#text(name, secondsLeft)
    const put = (element: HTMLElement, ...names: (TextName | false | undefined)[]) => {
      const words = names.map(say).filter(Boolean).join(' ')
      if (element.textContent !== words) element.textContent = words
    }
    put(title, `${kind}-title`)
    put(
      text,
      isEnded ? (`ended-${reason}` as TextName) : overdue ? 'overdue-text' : `${kind}-text`,
      isEnded && this.#isUnrecorded && 'unrecorded',
      isUnsaved && (keepsDrafts ? 'kept' : 'unsaved'),
      isElsewhere && 'new-tab',
    )
    put(
      offline,
      isOffline && pending === 'sign-out' && 'not-signed-out',
      isOffline ? 'offline' : pending && 'working',
    )
    put(remaining, 'spoken')
    put(stay, 'stay')
    put(signOut, 'sign-out')
    put(dismiss, 'dismiss')
    put(signIn, 'sign-in-again')
    if (isSpokenBetween(this.#shown, secondsLeft)) put(spoken, 'spoken')
    this.#shown = secondsLeft
    stay.hidden = signOut.hidden = kind !== 'idle'
    dismiss.hidden = kind !== 'absolute'
    signIn.hidden = kind === 'idle' || signInUrl === undefined
    signIn.href = signInUrl?.replace('{path}', encodeURIComponent(pathname + search)) ?? ''
    signIn.target = isElsewhere ? '_blank' : ''
    stay.disabled = signOut.disabled = !!pending
    this.#dialog.root.ariaBusy = String(!!pending)
  }

  /** A tab in the background says it too. */
  #retitle(kind: string | undefined): void {
    if (document.title !== this.#title) this.#titleBefore = document.title
    const left = this.#watcher?.secondsLeft
    const what = kind === 'ended' ? this.#text('ended-title') : this.#text('spoken', left)
    if (kind) document.title = `${what} · ${this.#titleBefore}`
    else if (this.#title) document.title = this.#titleBefore
    this.#title = kind ? document.title : ''
  }

  /** Extends, or lets an absolute end come. Without an answer to `extend()` the warning stands. */
  #stay(event?: Event): void {
    event?.preventDefault()
    const kind = this.#kind()
    if (kind === 'idle') this.#watcher?.extend()
    if (kind === 'absolute') this.#isDismissed = true
    this.#update()
  }

  #text(name: TextName, seconds = 0): string {
    const text = this.getAttribute(`text-${name}`) ?? TEXTS[name] ?? ''
    const language = this.closest<HTMLElement>('[lang]')?.lang ?? 'en'
    return text.replace('{time}', () => inWords(seconds, language))
  }
}

/** Whether there is text in the page that the server did not put there. */
function hasUnsavedText(): boolean {
  const fields = document.querySelectorAll<HTMLTextAreaElement>(
    'textarea, input:not([type=hidden])',
  )
  return [...fields].some(({ value, defaultValue }) => value !== defaultValue)
}

declare global {
  interface HTMLElementTagNameMap {
    'session-warning': SessionWarningElement
  }
}

if (globalThis.customElements && !customElements.get('session-warning')) {
  customElements.define('session-warning', SessionWarningElement)
}
