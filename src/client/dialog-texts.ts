/**
 * What the warning dialog says. Each text can be replaced by an attribute of the element with
 * `text-` before its name: `text-stay="Angemeldet bleiben"`. `{time}` is replaced by the time left.
 */

export const TEXTS = {
  'idle-title': 'Are you still there?',
  'idle-text': 'Nothing has happened here for a while. You will be signed out in {time}.',
  'absolute-title': 'Time to sign in again soon',
  'absolute-text':
    'Your session ends in {time}, whatever you do. Save your work and sign in again.',
  'overdue-text': 'Your time is over, as far as we know.',
  'ended-title': 'Your session has ended',
  // For each reason; without a text of its own, only the title is shown.
  'ended-idle': 'Because nothing has happened here for a while.',
  'ended-absolute': 'Because your time is over.',
  'ended-revoked': 'Because it was ended elsewhere.',
  'ended-unbound': 'Because this device is unknown.',
  'ended-signed-out': 'Because you signed out.',
  'ended-other-subject': 'Because somebody else has signed in.',
  unrecorded: 'But a copy of your cookies still works.',
  // The fate of unsaved text.
  kept: 'What you typed is kept on this device.',
  unsaved: 'What you typed is not saved.',
  'new-tab': 'Sign in in a new tab and go on here.',
  stay: 'Stay signed in',
  'sign-out': 'Sign out',
  dismiss: 'Keep working',
  'sign-in-again': 'Sign in again now',
  // Read aloud at a few marks, and shown while the dialog is not.
  spoken: 'Your session ends in {time}',
  working: 'One moment…',
  offline: 'The server cannot be reached. Trying again.',
  'not-signed-out': 'You are not signed out yet.',
} as const

export type TextName = keyof typeof TEXTS

/** In words of the page's language, and never more than is left: `45 seconds`, `3 minutes`. */
export function inWords(seconds: number, language: string | undefined): string {
  const [value, unit] = seconds < 120 ? [seconds, 'second'] : [Math.floor(seconds / 60), 'minute']
  const inLanguage = (language: string) =>
    value.toLocaleString(language, { style: 'unit', unit, unitDisplay: 'long' })
  try {
    return inLanguage(language || 'en')
  } catch {
    // `lang` attributes hold anything; what `Intl` refuses must not take the dialog down.
    return inLanguage('en')
  }
}

/** Whether the time left is worth saying aloud: at a few marks, because each second would be noise. */
export function isSpokenBetween(before: number, now: number): boolean {
  return [600, 300, 120, 60, 30, 10].some((mark) => now <= mark && mark < before)
}
