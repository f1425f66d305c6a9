/**
 * Keeps what is typed into marked fields until it is saved, so that neither the end of a session nor a
 * crash loses it. Kept in `localStorage` under a key made of the subject's tag, which only pages of that
 * subject know: nobody can read it while somebody else is signed in.
 */

import { randomBytes } from '../lib/platform.ts'
import type { SessionWatcher } from './types.ts'

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

/** Where the drafts of one tag are, and what opens them. */
interface Box {
  readonly prefix: string
  readonly key: CryptoKey
}

type Bytes = Uint8Array<ArrayBuffer>

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
  let saving: Promise<unknown> = Promise.resolve()

  const open = () => Promise.all(watcher.subjectTags.map(boxOf))

  const names = async () => {
    const boxes = await open()
    const isOurs = (name: string) => boxes.some(({ prefix }) => name.startsWith(prefix))
    return Object.keys(localStorage).filter(isOurs)
  }

  const clear = async () => {
    for (const name of await names()) localStorage.removeItem(name)
  }

  const forget = async (field: Field) => {
    for (const { prefix } of await open()) localStorage.removeItem(prefix + nameOf(field))
  }

  const save = async (field: Field) => {
    const { value: text, defaultValue } = field
    const [box] = await open()
    if (!box || text === defaultValue) return forget(field)
    const kept = await seal(text, box.key)
    if (isKeeping) localStorage.setItem(box.prefix + nameOf(field), kept)
  }

  const restore = async (field: Field) => {
    for (const { prefix, key } of await open()) {
      const kept = localStorage.getItem(prefix + nameOf(field))
      if (!kept || field.value !== field.defaultValue) continue
      const text = await unseal(kept, key)
      if (text === field.value) return forget(field)
      field.value = text
      for (const type of ['input', 'draft-restored'])
        field.dispatchEvent(new Event(type, { bubbles: true }))
    }
  }

  document.addEventListener('input', ({ target }) => {
    // One after the other, so that the last word is the last to be kept. A full disk keeps none.
    if (target instanceof Element && target.matches(selector) && !isSecret(target as Field)) {
      saving = saving.then(() => save(target as Field)).catch(() => {})
    }
  })
  watcher.addEventListener('ended', ({ detail }) => {
    if (detail.recorded === undefined) return
    isKeeping = false
    saving = saving.then(clear)
  })
  watcher.addEventListener('resumed', () => {
    isKeeping = true
  })
  void (async () => {
    while (watcher.state === 'unknown') await new Promise((go) => setTimeout(go, 100))
    if (watcher.state === 'ended') return
    for (const field of document.querySelectorAll(selector))
      await restore(field as Field).catch(() => {})
  })()

  return { held: async () => (await saving.then(names)).length, forget, clear }
}

async function seal(text: string, key: CryptoKey): Promise<string> {
  const iv = randomBytes(12)
  const bytes = new TextEncoder().encode(text)
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, bytes)
  return `${toText(iv)} ${toText(sealed)}`
}

/** Rejects what was not sealed under this key. */
async function unseal(kept: string, key: CryptoKey): Promise<string> {
  const [iv, sealed] = kept.split(' ').map(toBytes) as [Bytes, Bytes]
  return new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed))
}

const isSecret = ({ type, autocomplete }: Field): boolean =>
  /password|one-time-code|cc-/.test(`${type} ${autocomplete}`)

const nameOf = (field: Field): string => `${location.pathname} ${field.name || field.id}`

/** Tags come with that of the newest key first, and so do their boxes. */
async function boxOf(tag: string): Promise<Box> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-512', new TextEncoder().encode(tag)))
  const key = await crypto.subtle.importKey('raw', hash.slice(32), 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ])
  return { prefix: `session-draft ${toText(hash.slice(0, 12))} `, key }
}

const toText = (bytes: ArrayBuffer | Uint8Array): string =>
  btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''))

const toBytes = (text: string): Bytes =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
