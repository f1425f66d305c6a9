/** Impure calls: the clock, randomness. */

/** The default clock, in milliseconds. */
export const systemClock = (): number => Date.now()

/** `length` bytes from the platform's secure generator. */
export const randomBytes = (length: number): Uint8Array<ArrayBuffer> =>
  crypto.getRandomValues(new Uint8Array(length))
