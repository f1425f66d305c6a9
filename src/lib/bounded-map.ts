import { fromUtf8, toUtf8 } from './utf8.ts'

/**
 * A copy of a text that keeps no other string alive. Engines keep a string in memory as long as any
 * slice of it.
 */
export const detached = (text: string): string => fromUtf8(toUtf8(text))

/** The weight of an entry, which counts towards the limit of its map. */
type Weigh<Value> = (value: Value) => number

/**
 * A map with a limit. If all entries together weigh more than `limit`, those that were set longest
 * ago are dropped. Without `weigh` every entry weighs 1. The weight of a stored value must not
 * change.
 */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly #limit: number
  readonly #weigh: Weigh<Value>
  #weight = 0

  constructor(limit: number, weigh: Weigh<Value> = () => 1) {
    super()
    this.#limit = limit
    this.#weigh = weigh
  }

  override set(key: Key, value: Value): this {
    this.delete(key)
    super.set(key, value)
    this.#weight += this.#weigh(value)
    if (this.#weight > this.#limit) this.#makeRoom()
    return this
  }

  override delete(key: Key): boolean {
    const value = super.get(key)
    if (value === undefined) return false
    this.#weight -= this.#weigh(value)
    return super.delete(key)
  }

  /**
   * Drops an eighth at once. Engines keep a hole for every deleted entry, and to find the first
   * entry of a large map they walk over all holes.
   */
  #makeRoom(): void {
    const most = this.#limit - Math.floor(this.#limit / 8)
    for (const key of this.keys()) {
      if (this.#weight <= most) break
      this.delete(key)
    }
  }
}

/** A `BoundedMap` in which reading an entry counts as setting it again. */
export class LruMap<Key, Value> extends BoundedMap<Key, Value> {
  override get(key: Key): Value | undefined {
    const value = super.get(key)
    if (value !== undefined) this.set(key, value)
    return value
  }
}
