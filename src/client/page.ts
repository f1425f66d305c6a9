/**
 * What the warning does to the page around it, and what it asks of it: nothing but the document is
 * known here.
 */

const covered: HTMLElement[] = []

/** Keeps the page from scrolling, and covered also from being read or reached. */
export function holdPage(host: Node, isHeld: boolean, isCovered: boolean): void {
  const { body, documentElement } = document
  // The scrollbar's room stays, or the page would move.
  const gutter = innerWidth > documentElement.clientWidth ? 'gutter' : ''
  const cover = isCovered ? 'covered' : ''
  documentElement.dataset.sessionWarning = isHeld ? `held ${gutter} ${cover}` : ''
  for (const element of covered.splice(0)) element.inert = false
  for (const element of body.children as unknown as HTMLElement[]) {
    if (!isCovered || element.inert || element.contains(host)) continue
    element.inert = true
    covered.push(element)
  }
}

/** Of the document: as it was set here, and as it was before. */
let title = ''
let titleBefore = ''

/** Puts `news` before the title, so that a tab in the background says it too; takes it away again. */
export function titlePage(news: string | null | undefined): void {
  if (document.title !== title) titleBefore = document.title
  title = news ? `${news} · ${titleBefore}` : titleBefore
  if (document.title !== title) document.title = title
}

/** Whether there is text in the page that the server did not put there. */
export function hasUnsavedText(): boolean {
  const fields = document.querySelectorAll<HTMLTextAreaElement>(':read-write')
  return [...fields].some(({ value, defaultValue }) => value !== defaultValue)
}
