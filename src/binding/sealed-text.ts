/**
 * Texts that travel through the browser and come back: offers, challenges, session identifiers. One
 * that is too old, or was sealed for another use, does not open.
 */

import type { Codec } from '../cookies/sealed-cookie.ts'
import type { Use } from '../seal/key-ring.ts'
import { open, SEALED, sealJson } from '../seal/seal.ts'
import { hoursUntil } from '../seal/token-form.ts'
import type { BindingHost } from '../session/config.ts'

export class SealedText<Claims> {
  readonly #host: Pick<BindingHost, 'now' | 'ring'>
  readonly #use: Use
  readonly #codec: Codec<Claims>
  readonly #life: number

  /** `life` is how long one can be opened, to the hour, in milliseconds. */
  constructor(host: BindingHost, what: string, codec: Codec<Claims>, life: number) {
    this.#host = host
    this.#use = { kind: 'binding', name: `${what}/${host.cookies.session.name}` }
    this.#codec = codec
    this.#life = life
  }

  async seal(claims: Claims): Promise<string> {
    const { now, ring } = this.#host
    return (await sealJson(this.#codec.write(claims), this.#use, await ring(), now())).token
  }

  /** `undefined` for a text that is none of ours. */
  async open(text: string | undefined): Promise<Claims | undefined> {
    const { now, ring } = this.#host
    const candidate = SEALED.identify(text, this.#use, await ring(), hoursUntil(now(), this.#life))
    const json = typeof candidate === 'object' ? await open(candidate) : undefined
    return json === undefined ? undefined : this.#codec.read(json)
  }
}
