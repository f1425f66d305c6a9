/** A memory of entries that expire. */

const HOUR = 3_600_000

interface Entry<Value> {
  readonly value: Value
  readonly until: number
}

/** Values by name, dropped by the hour in which they expire, so that no write visits all of them. */
export class ExpiringMap<Value> {
  readonly #now: () => number
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #namesByHour = new Map<number, Set<string>>()
  #swept: number

  constructor(now: () => number) {
    this.#now = now
    this.#swept = Math.floor(now() / HOUR)
  }

  get(name: string): Value | undefined {
    const entry = this.#entries.get(name)
    return entry !== undefined && entry.until > this.#now() ? entry.value : undefined
  }

  /** `until` is an instant in milliseconds. */
  set(name: string, value: Value, until: number): void {
    this.#sweep(Math.floor(this.#now() / HOUR))
    this.#entries.set(name, { value, until })
    const hour = Math.floor(until / HOUR)
    const names = this.#namesByHour.get(hour) ?? new Set()
    this.#namesByHour.set(hour, names.add(name))
  }

  #sweep(hour: number): void {
    if (hour <= this.#swept) return
    this.#swept = hour
    for (const [past, names] of this.#namesByHour) {
      if (past >= hour) continue
      for (const name of names) if (this.get(name) === undefined) this.#entries.delete(name)
      this.#namesByHour.delete(past)
    }
  }
}
