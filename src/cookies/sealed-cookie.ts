/**
 * One sealed cookie: from a `Cookie` header to claims, and from claims to a `Set-Cookie` value.
 * Remembers what this isolate sealed or opened before. Knows nothing of the meaning of the claims.
 */

import { BoundedMap, detached } from '../lib/bounded-map.ts'
import type { KeyRing, Use } from '../seal/key-ring.ts'
import { open, SEALED, sealJson } from '../seal/seal.ts'
import { type Candidate, hoursUntil, type SealedBy, type SealFault } from '../seal/token-form.ts'

/** From a cookie's claims to JSON, and back. */
export interface Codec<Claims> {
  write(claims: Claims): string
  /** `undefined` if the JSON does not have the form of these claims. */
  read(json: string): Claims | undefined
}

/** The result of opening all values of one cookie name. */
export interface Opened<Claims> {
  readonly claims: readonly Claims[]
  readonly faults: readonly SealFault[]
}

/** The keys, the time and the longest life of a cookie, in milliseconds. */
export interface OpenOptions {
  readonly ring: KeyRing
  readonly now: number
  readonly longest: number
}

// A browser drops a cookie whose name and value together are longer (RFC 6265bis section 5.6).
const MAX_BYTES = 4_096
// This bounds the cost of one request. Tokens that the isolate remembers cost nothing and do not
// count.
const MAX_OPENED = 8
const MEMORY_BYTES = 8_000_000

interface Remembered extends SealedBy {
  readonly name: string
  readonly codec: object
  readonly claims: object
  readonly bytes: number
}

// The claims of all cookies of an isolate, by exact token. It is bounded in bytes, because a Worker
// has 128 MB for everything. An entry holds the token, at most twice as much in claims, and some
// objects.
const memory = new BoundedMap<string, Remembered>(MEMORY_BYTES, ({ bytes }) => bytes)

export class SealedCookie<Claims extends object> {
  readonly name: string
  /** The longest token that a browser keeps under this name. */
  readonly maxTokenLength: number
  readonly #attributes: string
  readonly #codec: Codec<Claims>
  readonly #use: Use

  constructor(name: string, attributes: string, codec: Codec<Claims>) {
    this.name = name
    this.maxTokenLength = MAX_BYTES - name.length
    this.#attributes = attributes
    this.#codec = codec
    this.#use = { kind: 'cookie', name }
  }

  /**
   * Opens the values of this name. Values that this isolate remembers always count. Of the others
   * it opens a few, from both ends of the header in turn, because an attacker who plants cookies
   * can often choose one end only.
   */
  async open(header: string, options: OpenOptions): Promise<Opened<Claims>> {
    const claims: Claims[] = []
    const faults: SealFault[] = []
    const unknown: string[] = []
    for (const token of readValues(header, this.name)) {
      const known = this.#recall(token, options)
      if (known === undefined) unknown.push(token)
      else claims.push(known)
    }
    let opened = 0
    for (const token of fromBothEnds(unknown)) {
      const candidate = this.#identify(token, options)
      if (typeof candidate === 'string') {
        faults.push(candidate)
        continue
      }
      if (++opened > MAX_OPENED) break
      const json = await open(candidate)
      const read = json === undefined ? undefined : this.#codec.read(json)
      if (read === undefined) faults.push('invalid')
      else claims.push(this.#remember(detached(token), candidate, read))
    }
    return { claims, faults }
  }

  /**
   * Seals claims under the newest key. Do not send a token that is longer than `maxTokenLength`.
   */
  async seal(claims: Claims, ring: KeyRing, now: number): Promise<string> {
    const sealed = await sealJson(this.#codec.write(claims), this.#use, ring, now)
    const { token } = sealed
    if (token.length <= this.maxTokenLength) this.#remember(token, sealed, claims)
    return token
  }

  /**
   * A `Set-Cookie` value. `maxAge` in whole seconds. Without it the browser drops the cookie when
   * it closes.
   */
  write(token: string, maxAge?: number): string {
    // A token needs no escaping.
    const life = maxAge === undefined ? '' : `Max-Age=${maxAge}; `
    return `${this.name}=${token}; ${life}${this.#attributes}`
  }

  /** A `Set-Cookie` value that removes the cookie. */
  clear(): string {
    return this.write('', 0)
  }

  #identify(token: string, { ring, now, longest }: OpenOptions): Candidate | SealFault {
    if (token.length > this.maxTokenLength) return 'malformed'
    return SEALED.identify(token, this.#use, ring, hoursUntil(now, longest))
  }

  #remember(token: string, { root, hour }: SealedBy, claims: Claims): Claims {
    const { name } = this
    const bytes = 3 * token.length + 500
    const codec = this.#codec
    memory.set(token, { root, hour, name, codec, claims: Object.freeze(claims), bytes })
    return claims
  }

  /**
   * The claims of a token that was sealed or opened in this isolate, if its key and hour are still
   * valid.
   */
  #recall(token: string, { ring, now, longest }: OpenOptions): Claims | undefined {
    const known = memory.get(token)
    if (known === undefined || known.name !== this.name || known.codec !== this.#codec) return
    const { oldest, newest } = hoursUntil(now, longest)
    if (known.hour < oldest || known.hour > newest || !ring.includes(known.root)) return
    return known.claims as Claims
  }
}

/** First, last, second, second to last, and so on. */
function fromBothEnds<T>(items: readonly T[]): readonly T[] {
  return items.map((_, index) => items.at(index % 2 === 0 ? index / 2 : -(index + 1) / 2) as T)
}

/**
 * All values of a name, in order and without repetition. Common parsers keep only one value, so an
 * attacker who can plant a cookie chooses which one counts. Cookies are separated only as RFC 6265
 * section 4.2 says. If a comma or another Unicode space were a separator too, part of another
 * cookie could pass for ours and evade the protection of the `__Host-` prefix.
 */
function readValues(header: string, name: string): readonly string[] {
  if (!header.includes(`${name}=`)) return []
  const values = header
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+/, ''))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  return [...new Set(values)]
}
