/**
 * How the warning dialog is made, how it looks, and how it holds the page. Knows nothing of sessions:
 * what is written into it, and when it opens, is decided in element.ts.
 *
 * Made without `innerHTML` and without style attributes, so that it works under a Content Security
 * Policy with `style-src 'self'` and with trusted types.
 */

export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  part: string,
  attributes: Record<string, string> = {},
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  element.setAttribute('part', part)
  for (const name in attributes) element.setAttribute(name, attributes[name] ?? '')
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

let gutter = ''
let covered: HTMLElement[] = []

/** Keeps the page from scrolling, and covered also from being read or reached. */
export function holdPage(host: Node, isHeld: boolean, isCovered: boolean): void {
  const { body, documentElement } = document
  const { dataset, clientWidth } = documentElement
  // The scrollbar's room stays, or the page would move.
  if (!dataset.sessionWarning) gutter = innerWidth > clientWidth ? 'gutter' : ''
  dataset.sessionWarning = isHeld ? `held ${gutter} ${isCovered ? 'covered' : ''}` : ''
  for (const element of covered) element.inert = false
  const around = isCovered ? ([...body.children] as HTMLElement[]) : []
  covered = around.filter((element) => !element.inert && !element.contains(host))
  for (const element of covered) element.inert = true
}

const PAGE_CSS = `
[data-session-warning~=held] { overflow: hidden; }
[data-session-warning~=gutter] { scrollbar-gutter: stable; }
[data-session-warning~=covered] body { filter: blur(1.5rem); }
@media print {
  [data-session-warning~=covered] body { display: none; }
}
`

/**
 * System colours follow the page's `color-scheme`; every one of them can be replaced. Short
 * rules stand on one line, because bundlers leave the spaces in.
 */
const CSS = `
:host { display: contents; }
dialog, [part=remaining], button, a {
  box-sizing: border-box;
  padding: 0.5rem 1rem;
  border: 1px solid;
  border-radius: var(--session-warning-radius, 0.75rem);
  font: inherit;
}
dialog, [part=remaining] {
  border-color: var(--session-warning-border, GrayText);
  background: var(--session-warning-background, Canvas);
  color: var(--session-warning-color, CanvasText);
  font: var(--session-warning-font, inherit);
  line-height: 1.5;
  text-align: start;
  overflow-wrap: anywhere;
}
dialog {
  inline-size: 28rem;
  padding: min(5vw, 1.75rem);
  box-shadow: 0 1rem 3rem rgb(0 0 0 / 0.3);
}
dialog::backdrop { background: var(--session-warning-backdrop, rgb(0 0 0 / 0.5)); }
h2 { margin: 0; font-size: 1.25em; }
p { margin: 0.5rem 0 1.25rem; }
[part=remaining] {
  position: fixed;
  inset: auto 1rem 1rem auto;
  z-index: 2147483647;
  margin: 0;
  pointer-events: none;
}
[part=spoken] { position: fixed; clip-path: inset(50%); }
div { display: flex; flex-wrap: wrap; gap: 0.75rem; }
button, a {
  flex: auto;
  min-block-size: 2.75rem;
  background: none;
  color: inherit;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
}
[part~=primary] {
  border-color: transparent;
  background: var(--session-warning-accent, CanvasText);
  color: var(--session-warning-on-accent, Canvas);
  font-weight: bold;
}
:disabled { opacity: 0.6; }
:focus-visible {
  outline: 3px solid var(--session-warning-focus, var(--session-warning-color, CanvasText));
  outline-offset: 2px;
}
dialog:focus { outline: none; }
[hidden] { display: none !important; }
@media (forced-colors: active) {
  [part~=primary] { forced-color-adjust: none; background: ButtonText; color: ButtonFace; }
}
@media print {
  :host { display: none; }
}
`
