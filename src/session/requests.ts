/** Gives the same session for the same `Request`, from the first load until commit. */

export class Requests<Loaded extends object> {
  // A property of the request itself. A Request that is a key of a WeakMap lives until the engine's
  // next full collection, and that costs a third of a read.
  readonly #key = Symbol('sealed-session')
  readonly #notExtensible = new WeakMap<Request, Loaded>()

  get(request: Request): Loaded | undefined {
    return (request as Marked<Loaded>)[this.#key] ?? this.#notExtensible.get(request)
  }

  set(request: Request, loaded: Loaded): void {
    if (Object.isExtensible(request)) (request as Marked<Loaded>)[this.#key] = loaded
    else this.#notExtensible.set(request, loaded)
  }

  delete(request: Request): void {
    if (Object.isExtensible(request)) delete (request as Marked<Loaded>)[this.#key]
    else this.#notExtensible.delete(request)
  }
}

type Marked<Loaded> = Request & Record<symbol, Loaded | undefined>
