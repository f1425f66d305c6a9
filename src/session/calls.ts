/**
 * Runs the calls on a session one after the other, and notes which of them are awaited. A handler
 * that forgets an `await` must not turn a failed sign-out into a success.
 */

/**
 * A promise that knows whether its outcome was asked for. It is a subclass because `await` on a
 * native promise does not call an own `then`.
 */
class Call<T> extends Promise<T> {
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }
  observed = false

  // biome-ignore lint/suspicious/noThenProperty: a promise has one, and being called is what `observed` means.
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.observed = true
    return super.then(onFulfilled, onRejected)
  }
}

/** The calls of one session. */
export class Calls {
  /** The error of the last call that failed. */
  failure: unknown
  #last: Promise<unknown> = Promise.resolve()
  #failures: { readonly call: Call<unknown>; readonly error: unknown }[] = []

  /** Runs `work` after the calls before it. */
  begin<T>(work: () => Promise<T>): Promise<T> {
    const running = this.#last.then(work)
    const call = new Call<T>((resolve, reject) => {
      running.then(resolve, reject)
    })
    this.#last = running.catch((error: unknown) => {
      this.failure = error
      this.#failures.push({ call, error })
    })
    // `settle` reports a call that is never awaited; it is not an unhandled rejection.
    Promise.prototype.then.call(call, undefined, () => {})
    return call
  }

  /** Awaits all calls. Rejects, once, with the failure of a call that was not awaited. */
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
