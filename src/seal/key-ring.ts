/**
 * The keys: reads them, identifies them, derives sub-keys from them and finds them by key id. Knows
 * nothing of the sealed content.
 *
 * The app's key itself never seals. AES-GCM with random IVs must not seal more than 2^32 messages
 * under one key (NIST SP 800-38D section 8.3), and a library that seals on every request reaches
 * that limit. So the sealing key is derived for each use and hour, and the limit applies per use
 * and hour.
 */

import { decodeBase64url, encodeBase64url } from '../lib/base64url.ts'
import { BoundedMap, LruMap } from '../lib/bounded-map.ts'
import { kindOf } from '../lib/check.ts'
import { SessionError } from '../lib/errors.ts'
import { randomBytes } from '../lib/platform.ts'
import { withTimeout } from '../lib/timeout.ts'
import { toUtf8 } from '../lib/utf8.ts'

/**
 * Keys, newest first: the first one seals, all of them unseal. Each is 32 random bytes as base64url
 * or base64, as `generateKey()` makes them. One string can hold several keys, separated by commas,
 * so that one secret binding can hold the whole ring. If the keys come from a secrets store, give a
 * function: it must answer within 2 seconds, and its keys are trusted for a minute.
 */
export type Keys = string | readonly string[] | (() => Awaitable<string | readonly string[]>)

/** A value, or a promise of it. */
export type Awaitable<T> = T | Promise<T>

/** The use of a sub-key. A seal of one use never opens as another. */
export interface Use {
  readonly kind: 'binding' | 'cookie' | 'data' | 'seal' | 'sign'
  /** The cookie's name, or the app's purpose; of the kind `binding`, what it is and the cookie's name. */
  readonly name: string
  /** What its keys do. Default: they seal with AES-GCM. One algorithm per key (RFC 8725 section 3.1). */
  readonly algorithm?: KeyAlgorithm
}

/** An algorithm with what a key of it may be used for. */
export type KeyAlgorithm = readonly [
  { readonly name: string; readonly hash?: string; readonly length: number },
  ('decrypt' | 'encrypt' | 'sign' | 'verify')[],
]

/** Keys in order: the first one seals, all of them unseal. */
export type KeyRing = readonly [RootKey, ...RootKey[]]

const HOUR = 3_600_000
const CONTEXT = 'sealed-session/1'

// Asking a secrets store at every request would cost a round trip each time. A key that was removed
// there is no longer accepted here a minute later.
const KEYS_TRUSTED = 60_000
const KEYS_TIMEOUT = 2_000

const ROOT_KEYS = 32
const USES = 100

const HOW_TO_MAKE_ONE = 'make one with generateKey() or `openssl rand -base64 32`'

/** 32 random bytes as base64url: a key for the `keys` option. */
export const generateKey = (): string => encodeBase64url(randomBytes(32))

/** 128 random bits as base64url (OWASP ASVS 11.5.1). */
export const generateSid = (): string => encodeBase64url(randomBytes(16))

/** The hour of an instant, as a `kid` holds it. */
export const hourOf = (instant: number): number => Math.floor(instant / HOUR)

const AES_GCM: KeyAlgorithm = [{ name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt']]

/** The derived keys of one use of one root key, for the life of the isolate. */
export class SubKeys {
  readonly #material: CryptoKey
  readonly #use: Use
  readonly #byHour = new Map<number, CryptoKey>()

  constructor(material: CryptoKey, use: Use) {
    this.#material = material
    this.#use = use
  }

  /**
   * The key of one hour. Keys of hours before `oldestHour` are dropped, because no live token needs
   * them.
   */
  async at(hour: number, oldestHour = 0): Promise<CryptoKey> {
    const known = this.#byHour.get(hour)
    if (known !== undefined) return known
    // No part can contain a NUL, so no two uses or hours share a context (RFC 5869 section 3.2).
    const { kind, name, algorithm: [derived, usages] = AES_GCM } = this.#use
    const key = await crypto.subtle.deriveKey(
      hkdf(`${CONTEXT}\0${kind}\0${name}\0${hour}`),
      this.#material,
      derived,
      false,
      usages,
    )
    for (const old of this.#byHour.keys()) if (old < oldestHour) this.#byHour.delete(old)
    this.#byHour.set(hour, key)
    return key
  }
}

/** One key of the ring. */
export class RootKey {
  /**
   * 48 bits derived from the key. They tell keys apart in a `kid` and reveal nothing of the key.
   */
  readonly id: string
  readonly #material: CryptoKey
  readonly #uses = new LruMap<string, SubKeys>(USES)

  constructor(id: string, material: CryptoKey) {
    this.id = id
    this.#material = material
  }

  /** A pseudonym of an id: without the key it tells nothing of the id. */
  async pseudonym(id: string): Promise<string> {
    return derivedText(`event\0${id}`, this.#material, 96)
  }

  /**
   * 128 bits that stand for a subject in a page. Equal for equal subjects; without the key it tells
   * nothing of the subject, and cannot be made from one.
   */
  async subjectTag(subject: string): Promise<string> {
    return derivedText(`subject\0${subject}`, this.#material, 128)
  }

  for(use: Use): SubKeys {
    const name = `${use.kind}\0${use.name}`
    const known = this.#uses.get(name)
    if (known !== undefined) return known
    const subKeys = new SubKeys(this.#material, use)
    this.#uses.set(name, subKeys)
    return subKeys
  }
}

interface Trusted {
  readonly ring: KeyRing
  readonly until: number
}

// Keyed by the `keys` function, because `seal` makes a ring at every call.
const trusted = new WeakMap<object, Trusted>()

/**
 * The ring behind the `keys` option. Keys given as text are checked at once, and a bad one throws a
 * `TypeError`. Keys from a function are checked when the function is called. `onRead` is called
 * each time that keys were read.
 */
export function keyRing(
  keys: Keys,
  now: () => number,
  onRead?: (ring: KeyRing) => void,
): () => Promise<KeyRing> {
  if (typeof keys !== 'function') {
    const texts = readKeys(keys)
    let ring: KeyRing | undefined
    return async () => {
      if (ring !== undefined) return ring
      ring = await importRing(texts)
      onRead?.(ring)
      return ring
    }
  }
  return async () => {
    const known = trusted.get(keys)
    if (known !== undefined && now() < known.until) return known.ring
    const ring = await importRing(readKeys(await ask(keys)))
    trusted.set(keys, { ring, until: now() + KEYS_TRUSTED })
    onRead?.(ring)
    return ring
  }
}

async function ask(keys: () => unknown): Promise<unknown> {
  try {
    return await withTimeout((async () => keys())(), KEYS_TIMEOUT)
  } catch (cause) {
    throw new SessionError('keys-unavailable', 'the "keys" function failed', { cause })
  }
}

/** The keys as canonical base64url. */
function readKeys(keys: unknown): readonly string[] {
  const given = typeof keys === 'string' ? keys.split(',') : keys
  if (!Array.isArray(given) || given.some((key) => typeof key !== 'string')) {
    throw new TypeError(
      `"keys" must be a string, an array of strings or a function that returns one; got ` +
        `${keys === undefined ? 'undefined: is the secret set?' : kindOf(keys)}`,
    )
  }
  const texts = given.map((key: string) => key.trim()).filter((key) => key !== '')
  if (texts.length === 0) throw new TypeError(`"keys" holds no key; ${HOW_TO_MAKE_ONE}`)
  return texts.map((text, index) => {
    const key = text.replaceAll('+', '-').replaceAll('/', '_').replace(/=$/, '')
    // 43 characters hold 258 bits, so two bits of the last character must be zero.
    if (/^[\w-]{42}[AEIMQUYcgkosw048]$/.test(key)) return key
    throw new TypeError(
      `"keys" must hold keys of 32 random bytes as base64url; key ${index + 1} of ${texts.length} ` +
        `${faultOf(text)}; ${HOW_TO_MAKE_ONE}`,
    )
  })
}

/** The fault of a key, without any character of the key. */
function faultOf(text: string): string {
  if (/^["'[]|["'\]]$/.test(text)) return 'is in quotes or brackets: give it without them'
  if (/^([\da-f]{2}){16,}$/i.test(text)) return 'looks like hex: give the bytes as base64url'
  if (/\s/.test(text)) return 'has white space in it: separate keys with commas'
  return text.length === 43 || text.length === 44
    ? 'is not base64url'
    : `is ${text.length} characters long`
}

const rootKeys = new BoundedMap<string, RootKey>(ROOT_KEYS)

async function importRing(texts: readonly string[]): Promise<KeyRing> {
  const ring = await Promise.all(texts.map(importKey))
  // `readKeys` has refused a ring without a key.
  return ring as [RootKey, ...RootKey[]]
}

async function importKey(text: string): Promise<RootKey> {
  const known = rootKeys.get(text)
  if (known !== undefined) return known
  const material = await crypto.subtle.importKey('raw', decodeBase64url(text), 'HKDF', false, [
    'deriveKey',
    'deriveBits',
  ])
  const id = await derivedText('key-id', material, 48)
  const key = rootKeys.get(text) ?? new RootKey(id, material)
  rootKeys.set(text, key)
  return key
}

/** Derived bits as base64url. */
async function derivedText(context: string, material: CryptoKey, bits: number): Promise<string> {
  const derived = await crypto.subtle.deriveBits(hkdf(`${CONTEXT}\0${context}`), material, bits)
  return encodeBase64url(new Uint8Array(derived))
}

const hkdf = (context: string) => ({
  name: 'HKDF',
  hash: 'SHA-256',
  // The input is already uniformly random, so a salt would add nothing (RFC 5869 section 3.1).
  salt: new Uint8Array(),
  info: toUtf8(context),
})
