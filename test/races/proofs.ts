/** Which sessions ought to be bound, and which requests carry a proof, by what devices and servers said. */

import { BOUND, type DeviceLog } from './device.ts'
import { CLOCK_ERROR } from './isolates.ts'

interface Proof {
  readonly line: object | undefined
  /** The challenge left the server. */
  readonly askedAt: number
}

export class Proofs implements DeviceLog {
  /** How often browsers registered a key and proved it. */
  registrations = 0
  proofs = 0
  readonly #lineOf: (sid: string | undefined) => object | undefined
  readonly #peek: (cookie: string) => Promise<string | undefined>
  readonly #lifetime: number
  readonly #proofs = new Map<string, Proof>()
  readonly #boundSince = new Map<object, number>()
  readonly #left = new Set<object>()

  /** `lifetime` is in milliseconds; `peek` gives the sid that cookies say. */
  constructor(
    lifetime: number,
    lineOf: (sid: string | undefined) => object | undefined,
    peek: (cookie: string) => Promise<string | undefined>,
  ) {
    this.#lifetime = lifetime
    this.#lineOf = lineOf
    this.#peek = peek
  }

  registered(): void {
    this.registrations++
  }

  proved(cookie: string, sid: string, askedAt: number, by: number): void {
    this.proofs++
    const line = this.#lineOf(sid)
    this.#proofs.set(cookie, { line, askedAt })
    if (line !== undefined && !this.#boundSince.has(line)) this.#boundSince.set(line, by)
  }

  async finished(sid: string, cookie: string): Promise<void> {
    const line = this.#lineOf(sid)
    const held = this.#lineOf(await this.#peek(cookie))
    if (line !== undefined && held !== undefined && held !== line) this.#left.add(line)
  }

  /** When the first proof of a session's line was accepted. */
  boundSince(sid: string | undefined): number | undefined {
    return this.#boundSince.get(this.#lineOf(sid) ?? {})
  }

  /** Whether the browser was told to forget the key because it held another session then. */
  wasLeft(sid: string | undefined): boolean {
    return this.#left.has(this.#lineOf(sid) ?? {})
  }

  /** Whether cookies prove a session at an instant, as far as clocks can tell: `sure` or `possible`. */
  prove(cookie: string, sid: string | undefined, at: number, how: 'sure' | 'possible'): boolean {
    const line = this.#lineOf(sid)
    const error = how === 'sure' ? -2 * CLOCK_ERROR : 2 * CLOCK_ERROR
    return cookie
      .split('; ')
      .filter((pair) => pair.startsWith(`${BOUND}=`))
      .map((pair) => this.#proofs.get(pair.slice(BOUND.length + 1)))
      .some(
        (proof) =>
          proof !== undefined &&
          proof.line === line &&
          at <= proof.askedAt + this.#lifetime + error,
      )
  }
}
