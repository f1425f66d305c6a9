/**
 * Which families are bound. The mark is in the revocation list and ends nothing, so it is looked up
 * by itself: never in a journal, and not among the revocations that the isolate remembers.
 */

import type { BoundClaim } from '../contracts/device-binding.ts'
import { type RevocationTarget, targetName } from '../contracts/revocation-list.ts'
import { LruMap } from '../lib/bounded-map.ts'
import { SessionError } from '../lib/errors.ts'
import type { BindingHost } from '../session/config.ts'

const REMEMBERED = 10_000

/** When the list was asked about a family, and the mark that it had then. */
interface Known {
  readonly mark: number | undefined
  readonly askedAt: number
}

export class BoundMarks {
  readonly #host: BindingHost
  readonly #known = new LruMap<string, Known>(REMEMBERED)

  constructor(host: BindingHost) {
    this.#host = host
  }

  /**
   * Whether a session without a proof goes on, which it does as long as its family is not bound.
   * `last` is when the list had no mark, as far as the cookies say.
   */
  async check(family: string, last: number | undefined): Promise<BoundClaim | 'unbound'> {
    const { now, recheckAfter, report, staleIfError } = this.#host
    const known = this.#known.get(family)
    if (known?.mark !== undefined) return 'unbound'
    const askedAt = Math.max(last ?? 0, known?.askedAt ?? 0)
    // Another server's fast clock can make the age negative.
    if (Math.max(0, now() - askedAt) < recheckAfter) return askedAt
    try {
      return await this.ask(family)
    } catch (error) {
      const isUnavailable = error instanceof SessionError && error.code === 'revocation-unavailable'
      const age = now() - askedAt
      if (!isUnavailable || age >= staleIfError) throw error
      await report({ type: 'revocation-stale', age: age / 1000, cause: error.cause })
      return askedAt
    }
  }

  /** Asks the list now. Rejects with `revocation-unavailable`. */
  async ask(family: string): Promise<number | 'unbound'> {
    const askedAt = this.#host.now()
    const mark = await this.#read(family)
    this.#known.set(family, { mark, askedAt })
    return mark === undefined ? askedAt : 'unbound'
  }

  /** Whether a family is bound. False if the list cannot say. */
  async isBound(family: string): Promise<boolean> {
    if (this.#known.get(family)?.mark !== undefined) return true
    return (await this.ask(family).catch(() => undefined)) === 'unbound'
  }

  /**
   * Marks a family as bound to the key that was registered at `since`. False if it is bound to
   * another key, or over. Rejects with `revocation-unavailable`.
   */
  async bind(
    family: string,
    since: number,
    limit: number,
  ): Promise<'new' | 'known' | 'other' | 'over'> {
    const { revocation } = this.#host
    const ended = { scope: 'session', sid: family } as const
    const target = markOf(family)
    const marks = await revocation.marksOf([ended, target], `bound ${family}`)
    if (marks.has(targetName(ended))) {
      // The next request of the session says why it is over.
      revocation.endLocally(family)
      return 'over'
    }
    const mark = marks.get(targetName(target))
    if (mark === undefined) await revocation.note(target, since, limit)
    // Of two keys at once the list keeps the first.
    const kept = mark ?? (await this.#read(family)) ?? since
    this.#known.set(family, { mark: kept, askedAt: this.#host.now() })
    if (kept !== since) return 'other'
    return mark === undefined ? 'new' : 'known'
  }

  async #read(family: string): Promise<number | undefined> {
    const target = markOf(family)
    const marks = await this.#host.revocation.marksOf([target], `bound ${family}`)
    return marks.get(targetName(target))
  }
}

const markOf = (family: string): RevocationTarget => ({ scope: 'bound', sid: family })
