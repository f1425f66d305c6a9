/**
 * A copy of a text that keeps no other string alive. Engines keep a string in memory as long as any
 * slice of it.
 */
export const detached = (text: string): string =>
  new TextDecoder().decode(new TextEncoder().encode(text))

/** The weight of an entry, which counts towards the limit of its map. */
type Weigh<Value> = (value: Value) => number

/**
 * A map with a limit. If all entries together weigh more than `limit`, the entry that was set
 * longest ago is dropped. Without `weigh` every entry weighs 1. The weight of a stored value must
 * not change.
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
    while (this.#weight > this.#limit) this.delete(this.keys().next().value as Key)
    return this
  }

  override delete(key: Key): boolean {
    const value = super.get(key)
    if (value === undefined) return false
    this.#weight -= this.#weigh(value)
    return super.delete(key)
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
