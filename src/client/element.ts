/**
 * `<session-warning>`: a dialog that warns before the session ends, lets the visitor stay, and says
 * why it ended. Entry point of `sealed-session/client/element`; importing it registers the element.
 * It shows what a watcher says and calls it back. When to warn is the watcher's business.
 */

import { dialogStyles, holdPage, make } from './dialog.ts'
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
 * `button`, `primary`, `stay`, `dismiss`, `sign-out`, `sign-in`, `remaining`.
 *
 * @example
 * <session-warning status-url="/session" sign-in-url="/sign-in"></session-warning>
 */
export class SessionWarningElement extends Base {
  readonly #root = make('dialog', 'dialog', {
    role: 'alertdialog',
    'aria-modal': 'true',
    'aria-labelledby': 'title',
    'aria-describedby': 'text',
    tabindex: '-1',
  })
  readonly #title = make('h2', 'title', { id: 'title' })
  readonly #text = make('p', 'text', { id: 'text' })
  /** Read aloud when it changes, and seen. */
  readonly #network = make('p', 'offline', { role: 'status' })
  /** Read aloud when it changes, and not to be seen. */
  readonly #spoken = make('p', 'spoken', { role: 'status' })
  /** Extends, or where that cannot be closes the dialog. */
  readonly #stay = make('button', '')
  readonly #signIn = make('a', 'button sign-in')
  readonly #signOut = make('button', 'button sign-out')
  /** In a corner of the page while the dialog is not open. */
  readonly #remaining = make('p', 'remaining', { role: 'timer' })
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
  /** Of the document: as this element set it, and as it was before. */
  #pageTitle = ''
  #pageTitleBefore = ''

  constructor() {
    super()
    const shadow = this.attachShadow({ mode: 'open' })
    const actions = make('div', 'actions')
    actions.replaceChildren(this.#stay, this.#signIn, this.#signOut)
    const root = this.#root
    root.replaceChildren(this.#title, this.#text, this.#network, this.#spoken, actions)
    shadow.adoptedStyleSheets = [dialogStyles()]
    shadow.append(root, this.#remaining)
    this.#stay.onclick = () => this.#answer()
    this.#signOut.onclick = () => {
      const event = new Event('sign-out', { cancelable: true })
      if (this.dispatchEvent(event)) this.#watcher?.signOut()
    }
    root.onkeydown = (event) => {
      const isForDialog = event.target === root && [' ', 'Enter'].includes(event.key)
      if (event.key === 'Escape' || (isForDialog && this.#kind() === 'idle')) this.#answer(event)
    }
    // Escape comes as a key; the back gesture of a phone only as `cancel`.
    root.oncancel = (event) => this.#answer(event)
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
    const attribute = (name: string) => this.getAttribute(name) ?? undefined
    const statusUrl = attribute('status-url')
    if (!this.#watcher && statusUrl !== undefined) {
      const seconds = (name: string) =>
        this.hasAttribute(name) ? Number(attribute(name)) : undefined
      this.#watcher = watchSession({
        statusUrl,
        warnBefore: seconds('warn-before'),
        touchEvery: seconds('touch-every'),
        checkEvery: seconds('check-every'),
        subjectTag: attribute('subject-tag'),
      })
      this.#ownsWatcher = true
    }
    if (this.#watcher && !this.#listening) this.#listen(this.#watcher)
    // Moved within the page, the dialog has left the top layer.
    this.#root.close()
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
      this.#isUnrecorded = (event as CustomEvent).detail?.recorded === false
      // When every listener has had its say.
      queueMicrotask(() => {
        this.#isAnswered = event.defaultPrevented
        this.#update()
      })
    }
    const onTyping = () => {
      this.#typedAt = performance.now()
    }
    for (const type of EVENTS) watcher.addEventListener(type, onEvent, { signal })
    for (const type of ['keydown', 'input']) {
      document.addEventListener(type, onTyping, { signal, capture: true })
    }
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
    const root = this.#root
    const kind = this.#kind()
    clearTimeout(this.#ticking)
    if (kind) this.#ticking = setTimeout(() => this.#update(), 1000)
    const isTyping = !root.open && performance.now() - this.#typedAt < TYPING
    const isCovered = kind === 'ended' || !!this.#watcher?.overdue
    const isOpen = isCovered || (!!kind && !isTyping && !this.#isDismissed)
    if (kind) this.#draw(kind)
    else this.#shown = 0
    this.#remaining.hidden = isOpen || !kind
    holdPage(this, isOpen, isCovered)
    if (!isOpen) root.close()
    else if (!root.open) {
      root.showModal()
      // No button: the next key of somebody who was typing must not press it.
      root.focus()
    }
    this.#retitle(kind)
  }

  #draw(kind: 'idle' | 'absolute' | 'ended'): void {
    const { secondsLeft = 0, overdue, reason, pending, offline } = this.#watcher ?? {}
    const path = location.pathname + location.search
    const isIdle = kind === 'idle'
    const isEnded = kind === 'ended'
    const isUnsaved = hasUnsavedText()
    const keepsDrafts = this.hasAttribute('keeps-drafts')
    const signInUrl = this.getAttribute('sign-in-url') || (isEnded ? path : '')
    const isElsewhere = isUnsaved && !keepsDrafts && !isIdle && !!signInUrl
    const put = (element: HTMLElement, ...names: (TextName | false | undefined)[]) => {
      const words = names.map((name) => name && this.#say(name, secondsLeft)).filter(Boolean)
      // A live region would read the same text again.
      if (element.textContent !== words.join(' ')) element.textContent = words.join(' ')
    }
    put(this.#title, `${kind}-title`)
    put(
      this.#text,
      isEnded ? (`ended-${reason}` as TextName) : overdue ? 'overdue-text' : `${kind}-text`,
      isEnded && this.#isUnrecorded && 'unrecorded',
      isUnsaved && (keepsDrafts ? 'kept' : 'unsaved'),
      isElsewhere && 'new-tab',
    )
    put(
      this.#network,
      offline && pending === 'sign-out' && 'not-signed-out',
      offline ? 'offline' : pending && 'working',
    )
    put(this.#remaining, 'spoken')
    const stay = isIdle ? 'stay' : 'dismiss'
    put(this.#stay, stay)
    this.#stay.setAttribute('part', `button primary ${stay}`)
    put(this.#signOut, 'sign-out')
    put(this.#signIn, 'sign-in-again')
    if (isSpokenBetween(this.#shown, secondsLeft)) put(this.#spoken, 'spoken')
    this.#shown = secondsLeft
    this.#stay.hidden = isEnded
    this.#signOut.hidden = !isIdle
    this.#signIn.hidden = isIdle || !signInUrl
    this.#signIn.href = signInUrl.replace('{path}', encodeURIComponent(path))
    this.#signIn.target = isElsewhere ? '_blank' : ''
    this.#stay.disabled = this.#signOut.disabled = !!pending
    this.#root.ariaBusy = String(!!pending)
  }

  /** A tab in the background says it too. */
  #retitle(kind: string | undefined): void {
    if (document.title !== this.#pageTitle) this.#pageTitleBefore = document.title
    const { textContent } = kind === 'ended' ? this.#title : this.#remaining
    if (kind) document.title = `${textContent} · ${this.#pageTitleBefore}`
    else if (this.#pageTitle) document.title = this.#pageTitleBefore
    this.#pageTitle = kind ? document.title : ''
  }

  /** Extends, or lets an absolute end come. Without an answer to `extend()` the warning stands. */
  #answer(event?: Event): void {
    event?.preventDefault()
    const kind = this.#kind()
    if (kind === 'idle') this.#watcher?.extend()
    if (kind === 'absolute') this.#isDismissed = true
    this.#update()
  }

  #say(name: TextName, seconds: number): string {
    const text = this.getAttribute(`text-${name}`) ?? TEXTS[name] ?? ''
    const language = this.closest<HTMLElement>('[lang]')?.lang
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
