/**
 * A KV namespace that has troubles: calls that fail, hang or come late, and answers that are as old
 * as `staleness`. Every fault that it makes is counted.
 */

import type { RevocationNamespace } from '../../src/cloudflare.ts'
import type { World } from '../races/world.ts'

/** What is wrong with a call. One that is late does what it was asked, but only then. */
export type Trouble = 'fails' | 'hangs' | { readonly late: number }

/** How many faults of each kind all namespaces together have made. */
export const injected: Record<string, number> = {}

export class TroubledKv implements RevocationNamespace {
  readTrouble: Trouble | undefined
  writeTrouble: Trouble | undefined
  /** How old an answer is, in seconds. */
  staleness = 0
  /** How often it was asked. */
  reads = 0
  writes = 0
  readonly #world: World
  readonly #versions = new Map<string, { since: number; value: string | null }[]>()

  constructor(world: World) {
    this.#world = world
  }

  async get(keys: string[]): Promise<Map<string, string | null>> {
    this.reads++
    await this.#suffer('read', this.readTrouble)
    if (this.staleness > 0) note('read that is stale')
    const instant = this.#world.now() - this.staleness * 1_000
    return new Map(keys.map((key) => [key, this.#valueAt(key, instant)]))
  }

  async put(key: string, value: string): Promise<void> {
    this.writes++
    await this.#suffer('write', this.writeTrouble)
    this.enter(key, value)
  }

  /** What an operator does by hand; `null` deletes. */
  enter(key: string, value: string | null): void {
    const versions = this.#versions.get(key) ?? []
    this.#versions.set(key, [...versions, { since: this.#world.now(), value }])
  }

  /** From now on every call has this trouble, or none has. */
  set trouble(trouble: Trouble | undefined) {
    this.readTrouble = this.writeTrouble = trouble
  }

  async #suffer(call: 'read' | 'write', trouble: Trouble | undefined): Promise<void> {
    if (trouble === undefined) return
    if (trouble === 'fails') {
      note(`${call} that fails`)
      throw new Error('KV GET failed: 500 Internal Server Error')
    }
    if (trouble === 'hangs') {
      note(`${call} that hangs`)
      return new Promise(() => {})
    }
    note(`${call} that is late`)
    await this.#world.sleep(trouble.late * 1_000)
  }

  #valueAt(key: string, instant: number): string | null {
    const version = this.#versions.get(key)?.findLast(({ since }) => since <= instant)
    return version?.value ?? null
  }
}

export function note(fault: string): void {
  injected[fault] = (injected[fault] ?? 0) + 1
}
