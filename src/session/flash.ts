/**
 * Messages that are shown once. They wait in a sealed cookie of their own, which no other write
 * touches: a small session with the messages as its data and five minutes to live. Its family is that
 * of the session that they are for, or its own sid if they are for none.
 */

import { kindOf } from '../lib/check.ts'
import { SessionError } from '../lib/errors.ts'
import { toJson } from '../lib/json.ts'
import { utf8Length } from '../lib/utf8.ts'
import type { SessionClaims } from './claims.ts'
import type { Config } from './config.ts'
import type { FlashMessage } from './types.ts'

const LIFE = 300_000
const MAX_BYTES = 1_024

/** What the messages of a request depend on. */
export interface FlashContext {
  readonly config: Config
  readonly header: string
  readonly audience: string | undefined
  /** Of the session that came. */
  readonly family: string | undefined
}

/** The messages of one request. */
export class Flash {
  readonly #context: FlashContext
  #added: FlashMessage[] = []
  /** Whether the messages that came were taken, or are for somebody else. */
  #isGone = false

  constructor(context: FlashContext) {
    this.#context = context
  }

  /** Adds a message. Throws `not-json` and `too-large`. */
  add(name: string, data: unknown): void {
    if (typeof name !== 'string') {
      throw new TypeError(`flash() takes a name, then its data; got ${kindOf(name)}`)
    }
    // A copy, so that the handler may change its own.
    const added = [...this.#added, JSON.parse(toJson({ name, data }, 'flash'))]
    const bytes = sizeOf(added)
    if (bytes > MAX_BYTES) {
      throw new SessionError('too-large', `flash takes ${bytes} bytes, at most ${MAX_BYTES} fit`)
    }
    this.#added = added
  }

  /** All messages that wait, and those added by this request. They are gone then. */
  async take(): Promise<readonly FlashMessage[]> {
    const all = [...messagesOf(await this.#waiting()), ...this.#added]
    this.#added = []
    this.drop()
    return all
  }

  /** Forgets the messages that came. */
  drop(): void {
    this.#isGone = true
  }

  /**
   * The `Set-Cookie` value that a response has to carry. `fresh` are claims that begin now, and
   * `family` is that of the session from now on.
   */
  async outcome(
    fresh: Omit<SessionClaims, 'json'>,
    family: string | undefined,
  ): Promise<string | undefined> {
    const { config, header } = this.#context
    const { flash } = config.cookies
    const added = this.#added
    // What cannot be sealed is dropped, so that a second commit writes the rest.
    this.#added = []
    if (added.length === 0 && (this.#isGone || family === this.#context.family)) {
      return this.#isGone && header.includes(`${flash.name}=`) ? flash.clear() : undefined
    }
    const came = await this.#waiting()
    if (added.length === 0 && !(came && isBound(came))) return undefined
    const messages = [...messagesOf(came), ...added]
    // Messages of earlier requests that were not taken give way.
    while (sizeOf(messages) > MAX_BYTES) messages.shift()
    const claims = { ...fresh, family: family ?? fresh.sid, json: JSON.stringify({ messages }) }
    return flash.write(await flash.seal(claims, await config.ring(), config.now()), LIFE / 1000)
  }

  /** The messages that came, if they are for this session or for none. */
  async #waiting(): Promise<SessionClaims | undefined> {
    const { config, header, audience, family } = this.#context
    if (this.#isGone) return undefined
    const now = config.now()
    const how = { ring: await config.ring(), now, longest: LIFE }
    const { claims } = await config.cookies.flash.open(header, how)
    return claims
      .filter((one) => !isBound(one) || one.family === family)
      .filter((one) => one.audience === audience && Math.abs(now - one.iat) < LIFE)
      .sort((a, b) => b.iat - a.iat)[0]
  }
}

const isBound = ({ sid, family }: SessionClaims): boolean => sid !== family

const messagesOf = (claims: SessionClaims | undefined): readonly FlashMessage[] =>
  claims ? JSON.parse(claims.json).messages : []

const sizeOf = (messages: readonly FlashMessage[]): number => utf8Length(JSON.stringify(messages))
