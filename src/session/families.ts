/**
 * The families of the sessions that came with a request, and how a sign-out or a sign-in ends them.
 *
 * The sid that came is not enough, because it can have been replaced while the response with its
 * successor is still on the way. Sessions that are over are included, because a copy can be alive
 * elsewhere.
 */

import type { RequestBinding } from '../contracts/device-binding.ts'
import type { Family } from './claims.ts'
import type { Config } from './config.ts'

export class Families {
  #families: readonly Family[]
  readonly #config: Pick<Config, 'index' | 'revocation'>
  readonly #binding: RequestBinding | undefined

  constructor(
    families: readonly Family[],
    config: Pick<Config, 'index' | 'revocation'>,
    binding: RequestBinding | undefined,
  ) {
    this.#families = families
    this.#config = config
    this.#binding = binding
  }

  /** Ends all. Every one is tried, even if one fails; then it rejects. */
  async endAll(): Promise<void> {
    const results = await Promise.allSettled(this.#take().map((family) => this.#end(family)))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  /**
   * Ends all before a sign-in. Rejects only if the live session could not be ended. A session that
   * is already over does not make a sign-in fail.
   */
  async leave(live: string | undefined): Promise<void> {
    const families = this.#families
    const current = families.find(({ family }) => family === live)
    const others = families.filter((family) => family !== current)
    const ending = Promise.allSettled(others.map((family) => this.#end(family)))
    try {
      if (current !== undefined) await this.#record(current)
    } finally {
      await ending
    }
    this.#take()
  }

  /** A second call in the same request must not end them again. */
  #take(): readonly Family[] {
    const families = this.#families
    this.#families = []
    return families
  }

  /**
   * Ends a family, unless only its device can. If the list cannot be written, ends it in this isolate
   * and rejects.
   */
  async #end(family: Family): Promise<void> {
    if ((await this.#binding?.mayEnd(family.family)) === false) return
    try {
      await this.#record(family)
    } catch (error) {
      this.#config.revocation.endLocally(family.family)
      throw error
    }
  }

  async #record(left: Family): Promise<void> {
    const { family, limit } = left
    const { index, revocation } = this.#config
    await revocation.record({ scope: 'session', sid: family }, { family, limit })
    index?.left(left)
  }
}
