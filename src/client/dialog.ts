/**
 * The parts of the warning dialog, and what is written into them. Says what a watcher knows; when
 * the dialog opens is decided in element.ts.
 *
 * Made without `innerHTML` and without style attributes, so that it works under a Content Security
 * Policy with `style-src 'self'` and with trusted types.
 */

import { adoptStyles } from './dialog-styles.ts'
import { inWords, isSpokenBetween, TEXTS, type TextName } from './dialog-texts.ts'
import { hasUnsavedText, holdPage, titlePage } from './page.ts'
import type { SessionWatcher } from './types.ts'

/** What there is to say. */
export type Kind = 'idle' | 'absolute' | 'ended'

export class Dialog {
  readonly root: HTMLDialogElement = make('dialog', 'dialog', {
    role: 'alertdialog',
    'aria-modal': 'true',
    'aria-labelledby': 'title',
    'aria-describedby': 'text',
    tabindex: '-1',
  })
  /** In a corner of the page while the dialog is not open. */
  readonly #remaining = make('p', 'remaining', { role: 'timer' })
  readonly #title = make('h2', 'title', { id: 'title' })
  readonly #text = make('p', 'text', { id: 'text' })
  /** Read aloud when it changes, and seen. */
  readonly #network = make('p', 'offline', { role: 'status' })
  /** Read aloud when it changes, and not to be seen. */
  readonly #spoken = make('p', 'spoken', { role: 'status' })
  readonly #stay = make('button', '')
  readonly #signIn = make('a', 'button sign-in')
  readonly #signOut = make('button', 'button sign-out')
  readonly #host: HTMLElement
  /** The time left that was last shown. */
  #shown = 0

  /** `answer` extends, or where that cannot be closes the dialog. */
  constructor(host: HTMLElement, answer: (event: Event) => void, leave: () => void) {
    this.#host = host
    const actions = make('div', 'actions')
    actions.replaceChildren(this.#stay, this.#signIn, this.#signOut)
    const { root } = this
    root.replaceChildren(this.#title, this.#text, this.#network, this.#spoken, actions)
    this.#stay.onclick = answer
    this.#signOut.onclick = leave
    root.onkeydown = (event) => {
      const isForDialog = event.target === root && !this.#signOut.hidden
      const keys = isForDialog ? ['Escape', 'Enter', ' '] : ['Escape']
      if (keys.includes(event.key)) answer(event)
    }
    // Escape comes as a key; the back gesture of a phone only as `cancel`.
    root.oncancel = answer
    const shadow = host.attachShadow({ mode: 'open' })
    adoptStyles(shadow)
    shadow.append(root, this.#remaining)
  }

  /** Opens or closes the dialog, and says in a corner and in the title what is left while it is closed. */
  show(kind: Kind | undefined, isOpen: boolean, isCovered: boolean): void {
    const { root } = this
    this.#remaining.hidden = isOpen || !kind
    titlePage(kind && (kind === 'ended' ? this.#title : this.#remaining).textContent)
    holdPage(this.#host, isOpen, isCovered)
    if (!isOpen) root.close()
    else if (!root.open) {
      root.showModal()
      // No button: the next key of somebody who was typing must not press it.
      root.focus()
    }
  }

  /** Writes how things stand. */
  draw(kind: Kind, watcher: SessionWatcher, recorded: boolean | undefined): void {
    const { secondsLeft = 0, overdue, reason, pending, offline } = watcher
    const host = this.#host
    const time = inWords(secondsLeft, host.closest<HTMLElement>('[lang]')?.lang)
    const put = (element: HTMLElement, ...names: (TextName | Falsy)[]) => {
      const words = names.map((name) => name && (host.getAttribute(`text-${name}`) ?? TEXTS[name]))
      const text = words.filter(Boolean).join(' ').replaceAll('{time}', time)
      // A live region would read the same text again.
      if (element.textContent !== text) element.textContent = text
      return text
    }
    const path = location.pathname + location.search
    const isIdle = kind === 'idle'
    const isEnded = kind === 'ended'
    // After a sign-out there are no drafts.
    const keeps = host.hasAttribute('keeps-drafts') && recorded === undefined
    const fate = hasUnsavedText() && (keeps ? 'kept' : 'unsaved')
    // A path can begin with `//`, which alone would be another site.
    const here = isEnded ? location.origin + path : ''
    const signInUrl = isIdle ? '' : host.getAttribute('sign-in-url') || here
    put(this.#title, `${kind}-title`)
    put(
      this.#text,
      isEnded ? (`ended-${reason}` as TextName) : overdue ? 'overdue-text' : `${kind}-text`,
      recorded === false && 'unrecorded',
      fate,
      fate === 'unsaved' && signInUrl && 'new-tab',
    )
    put(
      this.#network,
      offline && pending === 'sign-out' && 'not-signed-out',
      offline ? 'offline' : pending && 'working',
    )
    put(this.#remaining, 'spoken')
    if (isSpokenBetween(this.#shown, secondsLeft)) put(this.#spoken, 'spoken')
    this.#shown = secondsLeft
    const stay = isIdle ? 'stay' : 'dismiss'
    this.#stay.part = `button primary ${stay}`
    this.#stay.hidden = !put(this.#stay, !isEnded && stay)
    this.#signOut.hidden = !put(this.#signOut, isIdle && 'sign-out')
    this.#signIn.hidden = !put(this.#signIn, signInUrl && 'sign-in-again')
    this.#signIn.href = signInUrl.replace('{path}', encodeURIComponent(path))
    this.#signIn.target = fate === 'unsaved' ? '_blank' : ''
    this.#stay.disabled = this.#signOut.disabled = !!pending
    this.root.ariaBusy = String(!!pending)
  }
}

type Falsy = false | '' | undefined

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  part: string,
  attributes: Record<string, string> = {},
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  element.part = part
  for (const name in attributes) element.setAttribute(name, attributes[name] as string)
  return element
}
