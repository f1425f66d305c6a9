/** The same `Request` gives the same session, from its first load until it is committed. */

// The most requests that are found by comparing them.
const MOST_COMPARED = 100

interface UnderWay<Loaded> {
  readonly request: Request
  readonly loaded: Loaded
}

export class Requests<Loaded extends object> {
  // A list and not a WeakMap: as the key of a WeakMap, a Request lives on until the engine's next full
  // collection, which costs a third of what a read does. A property on the Request costs as much.
  readonly #underWay: UnderWay<Loaded>[] = []
  /** Requests that many others came after; most were never committed. */
  readonly #older = new WeakMap<Request, Loaded>()

  get(request: Request): Loaded | undefined {
    const found = this.#underWay.find((one) => one.request === request)
    return found?.loaded ?? this.#older.get(request)
  }

  set(request: Request, loaded: Loaded): void {
    this.#underWay.push({ request, loaded })
    if (this.#underWay.length <= MOST_COMPARED) return
    const oldest = this.#underWay.shift()
    if (oldest !== undefined) this.#older.set(oldest.request, oldest.loaded)
  }

  delete(request: Request): void {
    const at = this.#underWay.findIndex((one) => one.request === request)
    if (at === -1) this.#older.delete(request)
    else this.#underWay.splice(at, 1)
  }
}
