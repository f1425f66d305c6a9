/**
 * How the warning dialog looks, and how the page behind it does while it is held. The sheets are made
 * in script, because a Content Security Policy with `style-src 'self'` allows no style attributes.
 */

export function adoptStyles(root: DocumentOrShadowRoot): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(root === document ? PAGE_CSS : CSS)
  root.adoptedStyleSheets.push(sheet)
}

// A line for each rule, as a minifier would write it, because bundlers leave strings as they are.

const PAGE_CSS = `
[data-session-warning~=held]{overflow:hidden}
[data-session-warning~=gutter]{scrollbar-gutter:stable}
[data-session-warning~=covered] body{filter:blur(1.5rem)}
@media print{[data-session-warning~=covered] body{display:none}}
`

/** System colours follow the page's `color-scheme`; every one of them can be replaced. */
const CSS = `
:host{display:contents}
dialog,[part=remaining],button,a{box-sizing:border-box;padding:.5rem 1rem;border:1px solid;border-radius:var(--session-warning-radius,.75rem);font:var(--session-warning-font,inherit);line-height:1.5}
dialog,[part=remaining]{text-align:start;overflow-wrap:anywhere;border-color:var(--session-warning-border,GrayText);background:var(--session-warning-background,Canvas);color:var(--session-warning-color,CanvasText)}
dialog{width:28rem;padding:min(5vw,1.75rem);box-shadow:0 0 3rem #0005}
dialog::backdrop{background:var(--session-warning-backdrop,#0008)}
h2{margin:0;font-size:1.25em}
[part=remaining]{position:fixed;bottom:1rem;right:1rem;z-index:999999;margin:0;pointer-events:none}
[part=spoken]{position:fixed;clip-path:inset(50%)}
div{display:flex;flex-wrap:wrap;gap:.75rem}
button,a{flex:auto;min-height:2.75rem;background:none;color:inherit;text-align:center;text-decoration:none}
[part~=primary]{border:0;font-weight:bold;background:var(--session-warning-accent,CanvasText);color:var(--session-warning-on-accent,Canvas)}
:disabled{opacity:.5}
:focus-visible{outline-offset:2px;outline:3px solid var(--session-warning-focus,var(--session-warning-color,CanvasText))}
dialog:focus{outline:none}
[hidden]{display:none!important}
@media (forced-colors:active){[part~=primary]{forced-color-adjust:none;background:ButtonText;color:ButtonFace}}
@media print{:host{display:none}}
`
