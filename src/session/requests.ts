/** The same `Request` gives the same session, from its first load until it is committed. */

export class Requests<Loaded extends object> {
  // On the request itself: as the key of a WeakMap, a Request lives on until the engine's next full
  // collection, which costs a third of what a read does.
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
