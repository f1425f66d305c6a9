/**
 * A copy of a text that holds nothing else in memory: engines keep a string alive for as long as
 * anything that was cut from it.
 */
export const detached = (text: string): string =>
  new TextDecoder().decode(new TextEncoder().encode(text))

/** What an entry weighs against the limit of its map. */
type Weigh<Value> = (value: Value) => number

/**
 * A memory that forgets: the entry that was set longest ago goes when all together weigh more than
 * `limit`. Without `weigh` every entry weighs 1. What is stored must not change its weight.
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

/** The same, but an entry that is read counts as set again. */
export class LruMap<Key, Value> extends BoundedMap<Key, Value> {
  override get(key: Key): Value | undefined {
    const value = super.get(key)
    if (value !== undefined) this.set(key, value)
    return value
  }
}
