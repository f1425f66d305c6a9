/** What a page hears of its visitor and of its device. Knows nothing of sessions. */

/**
 * What only a person causes. Not `scroll`, because scripts scroll too, and people do it with these.
 * Some assistive technology sends nothing but `click`, and dictation nothing but `input`.
 */
const INPUT = ['click', 'input', 'keydown', 'pointerdown', 'pointermove', 'touchmove', 'wheel']

/** Timers stand still with the device, and a page from the back/forward cache may be long over. */
export const WAKING: readonly string[] = ['visibilitychange', 'pageshow', 'focus', 'online']

/** Listens in the page, and in its frames as far as they are of its origin. May be called again. */
export function hearInput(page: Window, listener: EventListener, signal: AbortSignal): void {
  try {
    for (const type of INPUT) {
      // The browser leaves out what listens already.
      page.document.addEventListener(type, listener, { signal, capture: true, passive: true })
    }
    for (let index = 0; index < page.length; index++) {
      hearInput(page[index] as Window, listener, signal)
    }
  } catch {
    // Of another site: what is typed there is that site's business.
  }
}

export const isVisible = (): boolean => !document.hidden

/** Browsers send a `pointermove` too when the page moves under a pointer that rests. */
export function isByVisitor(event: Event): boolean {
  const { type, movementX, movementY, isTrusted } = event as PointerEvent
  return isTrusted && isVisible() && (type !== 'pointermove' || !!movementX || !!movementY)
}
