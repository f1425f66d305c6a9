/**
 * Calls begun on a session, one after the other, and whether anybody looks at how they end. A
 * handler that forgets an `await` must not turn a failed sign-out into a success.
 */

/** A promise that knows whether anyone has asked for its outcome. */
class Call extends Promise<void> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }
  observed = false

  // biome-ignore lint/suspicious/noThenProperty: a promise has one, and being called is what `observed` means.
  override then<A = void, B = never>(
    onFulfilled?: ((value: void) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.observed = true
    return super.then(onFulfilled, onRejected)
  }
}

/** The calls of one session. */
export class Calls {
  #last: Promise<unknown> = Promise.resolve()
  #failures: { readonly call: Call; readonly error: unknown }[] = []

  /** Runs `work` after the calls before it. */
  begin(work: () => Promise<void>): Promise<void> {
    const running = this.#last.then(work)
    const call: Call = new Call((resolve, reject) => {
      running.then(resolve, reject)
    })
    this.#last = running.catch((error: unknown) => {
      this.#failures.push({ call, error })
    })
    // A call that nobody awaits is reported by `settle`, not as an unhandled rejection.
    Promise.prototype.then.call(call, undefined, () => {})
    return call
  }

  /** Awaits all calls and rejects, once, with the failure of one that nobody awaited. */
  async settle(): Promise<void> {
    let last: Promise<unknown> | undefined
    while (last !== this.#last) {
      last = this.#last
      await last
    }
    const failure = this.#failures.find(({ call }) => !call.observed)
    this.#failures = []
    if (failure !== undefined) throw failure.error
  }
}
