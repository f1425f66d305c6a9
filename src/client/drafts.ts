/**
 * Keeps what is typed into marked fields until it is saved, so that neither the end of a session nor a
 * crash loses it. Kept in `localStorage` under a key made of the subject's tag, which only pages of that
 * subject know: nobody can read it while somebody else is signed in.
 */

import { randomBytes } from '../lib/platform.ts'
import type { SessionWatcher } from './types.ts'

/** Looked for in the `type` and the `autocomplete` of a field. */
const SECRET = /password|one-time|cc-/

type Field = HTMLTextAreaElement | HTMLInputElement

/** The drafts of one page's subject. */
export interface Drafts {
  /** How many drafts of this subject the browser holds, of all tabs: ask before a sign-out. */
  held(): Promise<number>
  /** Forgets the draft of one field, when it was saved or is not wanted. */
  forget(field: HTMLTextAreaElement | HTMLInputElement): Promise<void>
  /**
   * Forgets all drafts of this subject. `watcher.signOut()` does that by itself, in all tabs; call it
   * before a sign-out of your own.
   */
  clear(): Promise<void>
}

/** Where the draft of a field is under one tag, and what opens it. */
interface Place {
  readonly name: string
  readonly key: CryptoKey
}

/**
 * Keeps the text of every field that matches `selector`, per page and name. It is put back once the
 * watcher has heard who is signed in, if the field is as the server sent it; the field then dispatches
 * `input`, and `draft-restored`, which bubbles. A draft that the server has sent meanwhile is
 * forgotten. Passwords, one-time codes and card numbers are never kept, by the `type` and the
 * `autocomplete` of the field. Needs a secure context, as `https` or `localhost`.
 *
 * @example
 * // <textarea name="letter" data-draft></textarea>
 * const drafts = keepDrafts(watcher)
 */
export function keepDrafts(watcher: SessionWatcher, selector = '[data-draft]'): Drafts {
  let isKeeping = true
  let working: Promise<unknown> = Promise.resolve()

  /** One after the other, so that the last word is the last to be kept. A full disk keeps none. */
  const queue = (work: () => Promise<void>) => {
    working = working.then(work).catch(() => {})
  }

  /** Under the tag of the newest key first. Without a field: where all names of a tag begin. */
  const placesOf = (field?: Field) =>
    Promise.all(watcher.subjectTags.map((tag) => placeOf(tag, field)))

  const names = async () =>
    (await placesOf()).flatMap(({ name }) =>
      Object.keys(localStorage).filter((kept) => kept.startsWith(name)),
    )

  const clear = async () => {
    for (const name of await names()) localStorage.removeItem(name)
  }

  const forget = async (field: Field) => {
    for (const { name } of await placesOf(field)) localStorage.removeItem(name)
  }

  const save = async (field: Field) => {
    const [place] = await placesOf(field)
    if (!place || field.value === field.defaultValue) return forget(field)
    const kept = await seal(field.value, place.key)
    if (isKeeping) localStorage.setItem(place.name, kept)
  }

  const restore = async (field: Field) => {
    for (const { name, key } of await placesOf(field)) {
      const kept = localStorage.getItem(name)
      const text = kept && (await unseal(kept, key))
      if (kept && field.value === field.defaultValue) {
        if (text === field.value) return forget(field)
        field.value = text as string
        field.dispatchEvent(new Event('input', { bubbles: true }))
        field.dispatchEvent(new Event('draft-restored', { bubbles: true }))
      }
    }
  }

  document.addEventListener('input', ({ target }) => {
    const field = target as Field
    const isKept = field.matches?.(selector) && !SECRET.test(field.type + field.autocomplete)
    if (isKept) queue(() => save(field))
  })
  watcher.addEventListener('ended', ({ detail }) => {
    if (detail.recorded === undefined) return
    isKeeping = false
    queue(clear)
  })
  watcher.addEventListener('resumed', () => {
    isKeeping = true
  })
  const begin = () => {
    if (watcher.state === 'unknown') setTimeout(begin, 100)
    else if (watcher.state !== 'ended')
      for (const field of document.querySelectorAll<Field>(selector)) queue(() => restore(field))
  }
  begin()

  return { held: async () => (await working.then(names)).length, forget, clear }
}

async function seal(text: string, key: CryptoKey): Promise<string> {
  const iv = randomBytes(12)
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv },
    key,
    new TextEncoder().encode(text),
  )
  const characters = [...iv, ...new Uint8Array(sealed)].map((byte) => String.fromCharCode(byte))
  return btoa(characters.join(''))
}

/** Rejects what was not sealed under this key. */
async function unseal(kept: string, key: CryptoKey): Promise<string> {
  const bytes = Uint8Array.from(atob(kept), (character) => character.charCodeAt(0))
  const iv = bytes.slice(0, 12)
  const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes.slice(12))
  return new TextDecoder().decode(text)
}

async function placeOf(tag: string, field?: Field): Promise<Place> {
  const hash = await crypto.subtle.digest('SHA-512', new TextEncoder().encode(tag))
  const key = await crypto.subtle.importKey('raw', hash.slice(32), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ])
  const rest = field ? `${location.pathname} ${field.name || field.id}` : ''
  return { name: `session-draft ${new Uint8Array(hash, 0, 12)} ${rest}`, key }
}
