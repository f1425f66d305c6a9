/**
 * One sealed cookie: a `Cookie` header to claims, and claims to a `Set-Cookie` value. Knows what
 * this isolate sealed or opened before, but not what the claims mean.
 */

import { BoundedMap, detached } from '../lib/bounded-map.ts'
import type { KeyRing, Use } from '../seal/key-ring.ts'
import {
  type Candidate,
  hoursUntil,
  identify,
  open,
  type SealedBy,
  type SealFault,
  sealJson,
} from '../seal/seal.ts'
import type { CookieWriter } from './attributes.ts'

/** The JSON of a cookie's claims, and back. */
export interface Codec<Claims> {
  write(claims: Claims): string
  /** `undefined` when the payload is not of the form. */
  read(payload: unknown): Claims | undefined
}

/** What came under the name of a cookie. */
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

// A browser drops a cookie whose name and value together pass this (RFC 6265bis section 5.6).
const MAX_BYTES = 4_096
// This bounds what one request can cost. What the isolate remembers costs nothing and is not counted.
const MAX_OPENED = 8
const MEMORY_BYTES = 8_000_000

interface Remembered extends SealedBy {
  readonly name: string
  readonly codec: object
  readonly claims: object
  readonly bytes: number
}

// By exact token, of all cookies of an isolate: a Worker has 128 MB for everything. An entry holds
// the token, at most twice as much in claims, and some objects.
const memory = new BoundedMap<string, Remembered>(MEMORY_BYTES, ({ bytes }) => bytes)

export class SealedCookie<Claims extends object> {
  readonly name: string
  /** The longest token that a browser keeps under this name. */
  readonly maxTokenLength: number
  readonly #writer: CookieWriter
  readonly #codec: Codec<Claims>
  readonly #use: Use

  constructor(writer: CookieWriter, codec: Codec<Claims>) {
    const { name } = writer
    this.name = name
    this.maxTokenLength = MAX_BYTES - name.length
    this.#writer = writer
    this.#codec = codec
    this.#use = { kind: 'cookie', name }
  }

  /**
   * Opens the values that came under this name: all that this isolate remembers, and of the others a
   * few from either end of the header, because whoever plants cookies can often choose one end only.
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
      const read = this.#codec.read(await open(candidate))
      if (read === undefined) faults.push('invalid')
      else claims.push(this.#remember(detached(token), candidate, read))
    }
    return { claims, faults }
  }

  /** Seals claims under the newest key. A token longer than `maxTokenLength` must not be sent. */
  async seal(claims: Claims, ring: KeyRing, now: number): Promise<string> {
    const sealed = await sealJson(this.#codec.write(claims), this.#use, ring, now)
    const { token } = sealed
    if (token.length <= this.maxTokenLength) this.#remember(token, sealed, claims)
    return token
  }

  /** A `Set-Cookie` value. `maxAge` in whole seconds; without it the cookie goes when the browser closes. */
  write(token: string, maxAge?: number): string {
    return this.#writer.write(token, maxAge)
  }

  /** A `Set-Cookie` value that removes the cookie. */
  clear(): string {
    return this.#writer.clear()
  }

  #identify(token: string, { ring, now, longest }: OpenOptions): Candidate | SealFault {
    if (token.length > this.maxTokenLength) return 'malformed'
    return identify(token, this.#use, ring, hoursUntil(now, longest))
  }

  #remember(token: string, { root, hour }: SealedBy, claims: Claims): Claims {
    const { name } = this
    const bytes = 3 * token.length + 500
    const codec = this.#codec
    memory.set(token, { root, hour, name, codec, claims: Object.freeze(claims), bytes })
    return claims
  }

  /** The claims of a token that was sealed or opened here, if its key and hour still count. */
  #recall(token: string, { ring, now, longest }: OpenOptions): Claims | undefined {
    const known = memory.get(token)
    if (known === undefined || known.name !== this.name || known.codec !== this.#codec) return
    const { oldest, newest } = hoursUntil(now, longest)
    if (known.hour < oldest || known.hour > newest || !ring.includes(known.root)) return
    return known.claims as Claims
  }
}

/** First, last, second, last but one, and so on. */
function fromBothEnds<T>(items: readonly T[]): readonly T[] {
  return items.map((_, index) => items.at(index % 2 === 0 ? index / 2 : -(index + 1) / 2) as T)
}

/**
 * All values of a name, in order and without repetition. Parsers of the platform keep one, and then
 * whoever can plant a cookie chooses which one counts. Only what RFC 6265 section 4.2 lets stand
 * between cookies separates them here: a comma, or a space from elsewhere in Unicode, would let the
 * value or the name of another cookie pass for ours, and with it for its `__Host-` prefix.
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
