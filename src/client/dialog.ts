/**
 * The elements and the look of the warning dialog. Knows nothing of sessions: what is written into
 * it, and when it opens, is decided in client-element.ts.
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
}

export function createDialog(): Dialog {
  const dialog = {
    root: make('dialog', 'dialog', { role: 'alertdialog', 'aria-modal': 'true' }),
    title: make('h2', 'title', { id: 'title' }),
    text: make('p', 'text', { id: 'text' }),
    spoken: make('p', 'spoken', { role: 'status' }),
    offline: make('p', 'offline', { role: 'status' }),
    stay: make('button', 'button primary stay', { type: 'button' }),
    signOut: make('button', 'button sign-out', { type: 'button' }),
    dismiss: make('button', 'button primary dismiss', { type: 'button' }),
    signIn: make('a', 'button sign-in', {}),
  }
  dialog.root.setAttribute('aria-labelledby', 'title')
  dialog.root.setAttribute('aria-describedby', 'text')
  const actions = make('div', 'actions', {})
  actions.append(dialog.stay, dialog.dismiss, dialog.signIn, dialog.signOut)
  dialog.root.append(dialog.title, dialog.text, dialog.offline, dialog.spoken, actions)
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
    sheet = new CSSStyleSheet()
    sheet.replaceSync(CSS)
  }
  return sheet
}

/** System colours follow the page's `color-scheme`; every one of them can be replaced. */
const CSS = `
:host {
  display: contents;
}
dialog {
  box-sizing: border-box;
  inline-size: min(28rem, 100vw - 2rem);
  max-block-size: calc(100dvh - 2rem);
  overflow: auto;
  margin: auto;
  padding: clamp(1rem, 5vw, 1.75rem);
  border: 1px solid var(--session-warning-border, color-mix(in srgb, CanvasText 25%, Canvas));
  border-radius: var(--session-warning-radius, 0.75rem);
  background: var(--session-warning-background, Canvas);
  color: var(--session-warning-color, CanvasText);
  font: var(--session-warning-font, inherit);
  line-height: 1.5;
  text-align: start;
  box-shadow: 0 1rem 3rem rgb(0 0 0 / 0.3);
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
  font-variant-numeric: tabular-nums;
}
[part~='spoken'] {
  position: absolute;
  inline-size: 1px;
  block-size: 1px;
  margin: 0;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
[part~='offline'] {
  font-weight: bold;
}
[part~='offline']:empty {
  margin: 0;
}
[part~='actions'] {
  display: flex;
  flex-wrap: wrap;
  gap: 0.75rem;
}
[part~='button'] {
  box-sizing: border-box;
  flex: 1 1 auto;
  min-block-size: 2.75rem;
  padding: 0.5rem 1rem;
  border: 1px solid currentcolor;
  border-radius: calc(var(--session-warning-radius, 0.75rem) * 0.67);
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
[part~='button']:focus-visible {
  outline: 3px solid var(--session-warning-focus, var(--session-warning-color, CanvasText));
  outline-offset: 2px;
}
[hidden] {
  display: none !important;
}
@media (prefers-reduced-motion: no-preference) {
  dialog[open] {
    animation: rise 0.2s ease-out;
  }
  @keyframes rise {
    from {
      opacity: 0;
      translate: 0 0.5rem;
    }
  }
}
`
