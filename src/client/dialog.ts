/**
 * The elements and the look of the warning dialog. Knows nothing of sessions: what is written into
 * it, and when it opens, is decided in element.ts.
 *
 * Made without `innerHTML` and without style attributes, so that it works under a Content Security
 * Policy with `style-src 'self'` and with trusted types.
 */

export interface Dialog {
  readonly root: HTMLDialogElement
  readonly title: HTMLElement
  readonly text: HTMLElement
  /** Read aloud when it changes, and not to be seen. */
  readonly spoken: HTMLElement
  /** Read aloud when it changes, and seen. */
  readonly offline: HTMLElement
  readonly stay: HTMLButtonElement
  readonly signOut: HTMLButtonElement
  readonly dismiss: HTMLButtonElement
  readonly signIn: HTMLAnchorElement
  /** In a corner of the page while the dialog is not open. */
  readonly remaining: HTMLElement
}

export function createDialog(): Dialog {
  const dialog = {
    root: make('dialog', 'dialog', { role: 'alertdialog', 'aria-modal': 'true', tabindex: '-1' }),
    title: make('h2', 'title', { id: 'title' }),
    text: make('p', 'text', { id: 'text' }),
    spoken: make('p', 'spoken', { role: 'status' }),
    offline: make('p', 'offline', { role: 'status' }),
    stay: make('button', 'button primary stay', { type: 'button' }),
    signOut: make('button', 'button sign-out', { type: 'button' }),
    dismiss: make('button', 'button primary dismiss', { type: 'button' }),
    signIn: make('a', 'button sign-in', {}),
    remaining: make('p', 'remaining', { role: 'timer', hidden: '' }),
  }
  dialog.root.setAttribute('aria-labelledby', 'title')
  dialog.root.setAttribute('aria-describedby', 'text')
  const actions = make('div', 'actions', {})
  actions.replaceChildren(dialog.stay, dialog.dismiss, dialog.signIn, dialog.signOut)
  dialog.root.replaceChildren(dialog.title, dialog.text, dialog.offline, dialog.spoken, actions)
  return dialog
}

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  part: string,
  attributes: Record<string, string>,
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  element.setAttribute('part', part)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  return element
}

let sheet: CSSStyleSheet | undefined

/** One sheet for every dialog of the page. */
export function dialogStyles(): CSSStyleSheet {
  if (!sheet) {
    sheet = makeSheet(CSS)
    document.adoptedStyleSheets.push(makeSheet(PAGE_CSS))
  }
  return sheet
}

function makeSheet(css: string): CSSStyleSheet {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  return sheet
}

let covered: HTMLElement[] = []

/**
 * Holds the page around `host`: `open` keeps it from scrolling, `covered` also from being read or
 * reached.
 */
export function holdPage(host: Node, state: 'open' | 'covered' | undefined): void {
  const { documentElement, body } = document
  if (!documentElement.dataset.sessionWarning) {
    // Its room stays, or the page would move.
    const hasScrollbar = innerWidth > documentElement.clientWidth
    documentElement.toggleAttribute('data-session-scrollbar', hasScrollbar)
  }
  if (state) documentElement.dataset.sessionWarning = state
  else delete documentElement.dataset.sessionWarning
  for (const element of covered) element.inert = false
  covered = []
  if (state !== 'covered') return
  const around = [...body.children] as HTMLElement[]
  covered = around.filter((element) => !element.inert && !element.contains(host))
  for (const element of covered) element.inert = true
}

const PAGE_CSS = `
[data-session-warning] {
  overflow: hidden;
}
[data-session-scrollbar] {
  scrollbar-gutter: stable;
}
[data-session-warning='covered'] body {
  filter: blur(1.5rem);
}
@media print {
  [data-session-warning='covered'] body {
    display: none;
  }
}
`

/** System colours follow the page's `color-scheme`; every one of them can be replaced. */
const CSS = `
:host {
  display: contents;
}
dialog,
[part='remaining'] {
  box-sizing: border-box;
  padding: clamp(1rem, 5vw, 1.75rem);
  border: 1px solid var(--session-warning-border, GrayText);
  border-radius: var(--session-warning-radius, 0.75rem);
  background: var(--session-warning-background, Canvas);
  color: var(--session-warning-color, CanvasText);
  font: var(--session-warning-font, inherit);
  line-height: 1.5;
  text-align: start;
  overflow-wrap: anywhere;
}
dialog {
  inline-size: min(28rem, 100vw - 2rem);
  box-shadow: 0 1rem 3rem rgb(0 0 0 / 0.3);
}
dialog:focus {
  outline: none;
}
dialog::backdrop {
  background: var(--session-warning-backdrop, rgb(0 0 0 / 0.5));
}
h2 {
  margin: 0 0 0.5rem;
  font-size: 1.25em;
  line-height: 1.3;
}
p {
  margin: 0 0 1.25rem;
}
[part='remaining'] {
  position: fixed;
  inset: auto 1rem 1rem auto;
  z-index: 2147483647;
  max-inline-size: calc(100vw - 2rem);
  margin: 0;
  padding: 0.5rem 1rem;
  pointer-events: none;
}
[part='spoken'] {
  position: absolute;
  clip-path: inset(50%);
}
p:empty {
  margin: 0;
}
[part='actions'] {
  display: flex;
  flex-wrap: wrap;
  gap: 0.75rem;
}
[part~='button'] {
  box-sizing: border-box;
  flex: 1 1 auto;
  min-inline-size: 0;
  min-block-size: 2.75rem;
  padding: 0.5rem 1rem;
  border: 1px solid currentcolor;
  border-radius: var(--session-warning-radius, 0.75rem);
  background: none;
  color: inherit;
  font: inherit;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
}
[part~='primary'] {
  border-color: transparent;
  background: var(--session-warning-accent, CanvasText);
  color: var(--session-warning-on-accent, Canvas);
  font-weight: bold;
}
[part~='button']:disabled {
  opacity: 0.6;
}
[part~='button']:focus-visible {
  outline: 3px solid var(--session-warning-focus, var(--session-warning-color, CanvasText));
  outline-offset: 2px;
}
[hidden] {
  display: none !important;
}
@media (forced-colors: active) {
  [part~='primary'] {
    forced-color-adjust: none;
    background: ButtonText;
    color: ButtonFace;
  }
}
@media print {
  :host {
    display: none;
  }
}
`
