/** The two things taken from the platform that are not a function of their arguments. */

/** The default clock, in milliseconds. */
export const systemClock = (): number => Date.now()

/** `length` bytes from the platform's secure generator. */
export const randomBytes = (length: number): Uint8Array<ArrayBuffer> =>
  crypto.getRandomValues(new Uint8Array(length))
