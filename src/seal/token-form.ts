/**
 * The form of our tokens: recognizes one before anything is derived, decrypted or verified. Knows
 * nothing of what a token holds.
 *
 * The first part of a token must be, byte for byte, the header that we would write for its `kid`.
 * So a sender can choose nothing: no other algorithm, compression, critical header or serialization
 * is ever considered (RFC 8725 sections 3.1 and 3.2).
 */

import { encodeBase64url } from '../lib/base64url.ts'
import { BoundedMap, detached } from '../lib/bounded-map.ts'
import type { SessionErrorCode } from '../lib/errors.ts'
import { toUtf8 } from '../lib/utf8.ts'
import { hourOf, type KeyRing, type RootKey, type Use } from './key-ring.ts'

/** Why a token was not opened. */
export type SealFault = Extract<
  SessionErrorCode,
  'malformed' | 'unknown-key' | 'invalid' | 'expired'
>

/** The range of hours whose sub-keys are accepted at an instant. */
export interface Hours {
  readonly oldest: number
  readonly newest: number
}

/** The key and the hour that a token was made under. */
export interface SealedBy {
  readonly root: RootKey
  readonly hour: number
}

/** A token that has the form of ours, with the key, use and hours to open it. */
export interface Candidate extends SealedBy {
  readonly token: string
  readonly use: Use
  readonly hours: Hours
}

/** The two parts of a `kid`. */
interface Kid {
  readonly id: string
  readonly hour: number
}

const LONGEST_HEADER = 100

/**
 * The hours that can have made a token that lives at most `life` ms. Clocks can differ by an hour.
 */
export const hoursUntil = (now: number, life: number): Hours => ({
  oldest: hourOf(now - life),
  newest: hourOf(now) + 1,
})

/** One kind of token: its protected header, and the parts that follow it. */
export class TokenForm<Header extends object> {
  readonly #header: Header
  readonly #start: string
  readonly #rest: RegExp
  // All tokens of a key and an hour share one header, and a look-up is cheaper than parsing.
  readonly #kids = new BoundedMap<string, Kid>(100)
  #latest: (SealedBy & { readonly text: string }) | undefined

  /** `rest` matches all that comes after the header. */
  constructor(header: Header, rest: RegExp) {
    this.#header = header
    this.#start = `${JSON.stringify(header).slice(0, -1)},"kid":"`
    this.#rest = rest
  }

  /** The protected header under a key and an hour. */
  header({ root, hour }: SealedBy): Header & { readonly kid: string } {
    return { ...this.#header, kid: `${root.id}.${hour}` }
  }

  /** The same, as the first part of a token. */
  headerText(by: SealedBy): string {
    if (this.#latest?.root !== by.root || this.#latest.hour !== by.hour) {
      const json = JSON.stringify(this.header(by))
      this.#latest = { ...by, text: encodeBase64url(toUtf8(json)) }
    }
    return this.#latest.text
  }

  /**
   * Recognizes a token by its form alone, because the sender chooses the `kid` (RFC 8725 section
   * 3.10).
   */
  identify(token: unknown, use: Use, ring: KeyRing, hours: Hours): Candidate | SealFault {
    if (typeof token !== 'string') return 'malformed'
    const end = token.indexOf('.')
    const kid = this.#readHeader(token.slice(0, end))
    if (kid === undefined) return 'malformed'
    const { id, hour } = kid
    const root = ring.find((one) => one.id === id)
    const rest = token.slice(end)
    if (!this.#rest.test(rest) || !rest.split('.').every(isCanonical)) return 'malformed'
    if (root === undefined) return 'unknown-key'
    if (hour > hours.newest) return 'invalid'
    if (hour < hours.oldest) return 'expired'
    return { token, use, root, hour, hours }
  }

  /**
   * The `kid` of a header that is ours byte for byte. `atob` is used because a text decoder would
   * drop a byte order mark.
   */
  #readHeader(header: string): Kid | undefined {
    const known = this.#kids.get(header)
    if (known !== undefined) return known
    if (header.length > LONGEST_HEADER || !/^[\w-]+$/.test(header) || !isCanonical(header)) return
    const text = atob(header.replaceAll('-', '+').replaceAll('_', '/'))
    const start = this.#start
    if (!text.startsWith(start)) return undefined
    const [, id, digits] = KID.exec(text.slice(start.length)) ?? []
    if (id === undefined) return undefined
    const kid = { id, hour: Number(digits) }
    this.#kids.set(detached(header), kid)
    return kid
  }
}

const KID = /^([\w-]{8})\.([1-9]\d{4,6})"\}$/

/**
 * Whether text of the base64url alphabet is as an encoder writes it. Decoders ignore the unused bits
 * of the last character, so without this check several tokens would open to one value.
 */
function isCanonical(text: string): boolean {
  const left = text.length % 4
  if (left === 0) return true
  return left === 2 ? /[AQgw]$/.test(text) : left === 3 && /[AEIMQUYcgkosw048]$/.test(text)
}
