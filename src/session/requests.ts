/** Gives the same session for the same `Request`, from the first load until commit. */

// The maximum number of requests that are found by comparison.
const MOST_COMPARED = 100

export class Requests<Loaded extends object> {
  // A list, not a WeakMap: a Request that is a key of a WeakMap lives until the engine's next full
  // collection, and that costs a third of a read. A property on the Request costs as much.
  readonly #underWay: (readonly [Request, Loaded])[] = []
  /** Requests that many later ones have followed. Most of them were never committed. */
  readonly #older = new WeakMap<Request, Loaded>()

  get(request: Request): Loaded | undefined {
    const found = this.#underWay.find(([other]) => other === request)
    return found?.[1] ?? this.#older.get(request)
  }

  set(request: Request, loaded: Loaded): void {
    this.#underWay.push([request, loaded])
    if (this.#underWay.length <= MOST_COMPARED) return
    const oldest = this.#underWay.shift()
    if (oldest !== undefined) this.#older.set(...oldest)
  }

  delete(request: Request): void {
    const at = this.#underWay.findIndex(([other]) => other === request)
    if (at === -1) this.#older.delete(request)
    else this.#underWay.splice(at, 1)
  }
}
