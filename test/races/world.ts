/**
 * Virtual time. Whatever waits in here waits for an event, events happen one after the other, and
 * the next one happens only when everything that the last one set off has come to rest: so an
 * interleaving depends on nothing but its delays, and takes no time.
 */

interface Event {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

const realSetTimeout = globalThis.setTimeout
const realClearTimeout = globalThis.clearTimeout
const realNow = Date.now

// WebCrypto works outside the event loop; whoever waits for it is not at rest.
let outstanding = 0
for (const name of [
  'encrypt',
  'decrypt',
  'deriveKey',
  'deriveBits',
  'importKey',
  'exportKey',
  'generateKey',
  'digest',
  'sign',
  'verify',
] as const) {
  // biome-ignore lint/suspicious/noExplicitAny: ten signatures, none of which matters here.
  const original = (crypto.subtle as any)[name].bind(crypto.subtle)
  Object.defineProperty(crypto.subtle, name, {
    configurable: true,
    value: async (...parameters: unknown[]) => {
      outstanding++
      try {
        return await original(...parameters)
      } finally {
        outstanding--
      }
    },
  })
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

async function rest(): Promise<void> {
  do await turn()
  while (outstanding > 0)
}

export class World {
  /** The first failure of something that was begun in here; the harness itself must not fail. */
  failure: { readonly error: unknown } | undefined
  #instant: number
  #order = 0
  #events: Event[] = []
  readonly #timers = new Map<number, Event>()

  constructor(start: number) {
    this.#instant = start
  }

  readonly now = (): number => this.#instant

  /** Lets `run` happen at an instant. */
  at(instant: number, run: () => void | Promise<void>): Event {
    const guarded = async () => run()
    const event: Event = {
      at: Math.max(instant, this.#instant),
      order: this.#order++,
      run: () => {
        guarded().catch((error: unknown) => {
          this.failure ??= { error }
        })
      },
    }
    // Usually it belongs near the end.
    let index = this.#events.length
    while (index > 0 && (this.#events[index - 1] as Event).at > event.at) index--
    this.#events.splice(index, 0, event)
    return event
  }

  /** Milliseconds of this world. */
  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.at(this.#instant + milliseconds, resolve)
    })
  }

  /**
   * Lets everything happen, until nothing is left to come. Timers and `Date.now` are this world's
   * in the meantime.
   */
  async run(): Promise<void> {
    this.#install()
    try {
      await rest()
      for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
        this.#instant = event.at
        event.run()
        await rest()
        if (this.failure !== undefined) throw this.failure.error
      }
    } finally {
      globalThis.setTimeout = realSetTimeout
      globalThis.clearTimeout = realClearTimeout
      Date.now = realNow
    }
  }

  #install(): void {
    const setTimer = (run: () => void, milliseconds = 0) => {
      const event = this.at(this.#instant + milliseconds, () => {
        this.#timers.delete(event.order)
        run()
      })
      this.#timers.set(event.order, event)
      return event.order
    }
    const clearTimer = (id: number) => {
      const event = this.#timers.get(id)
      if (event === undefined) return
      this.#timers.delete(id)
      this.#events.splice(this.#events.indexOf(event), 1)
    }
    globalThis.setTimeout = setTimer as unknown as typeof setTimeout
    globalThis.clearTimeout = clearTimer as unknown as typeof clearTimeout
    Date.now = this.now
  }
}
