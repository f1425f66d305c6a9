/** Says which text was put back, and lets the visitor discard it: see pages/draft-hint.tsx. */

import type { Drafts } from 'sealed-session/client/drafts'

export function showRestored(drafts: Drafts): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-restored]')) {
    const field = document.querySelector<HTMLTextAreaElement>(`#${place.dataset.restored}`)
    const [message, discard] = place.children
    if (!field || !(message instanceof HTMLElement) || !(discard instanceof HTMLElement)) continue
    const show = (isRestored: boolean) => {
      message.hidden = discard.hidden = !isRestored
    }
    field.addEventListener('draft-restored', () => show(true))
    discard.addEventListener('click', async () => {
      field.value = field.defaultValue
      await drafts.forget(field)
      show(false)
      field.focus()
    })
  }
}
