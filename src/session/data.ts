/**
 * The app's data of one session: parsed when somebody looks, compared with what was sealed, frozen
 * when it is too late for changes. Knows nothing of claims or seals.
 */

import { SessionError } from '../lib/errors.ts'
import { biggestMembers, deepFreeze, toJson, utf8Length } from '../lib/json.ts'

export class SessionData {
  /** The JSON that came or was last sealed. */
  #baseline: string
  #value: object | undefined
  #isFrozen = false

  constructor(json = '{}') {
    this.#baseline = json
  }

  get value(): object {
    if (this.#value === undefined) {
      this.#value = JSON.parse(this.#baseline) as object
      if (this.#isFrozen) deepFreeze(this.#value)
    }
    return this.#value
  }

  set value(value: object) {
    this.#value = value
  }

  /** As JSON now. Throws `not-json`. */
  json(): string {
    return this.#value === undefined ? this.#baseline : objectToJson(this.#value)
  }

  isChanged(): boolean {
    try {
      return this.json() !== this.#baseline
    } catch {
      // Sealing it says what about it cannot be sealed.
      return true
    }
  }

  /** What was sealed, from which later changes differ. */
  setBaseline(json: string): void {
    this.#baseline = json
  }

  /** From here on a change throws instead of getting lost. */
  freeze(): void {
    this.#isFrozen = true
    deepFreeze(this.#value)
  }

  /** Back to what was last sealed. Whoever still holds the data left behind cannot change it unawares. */
  reset(): void {
    deepFreeze(this.#value)
    this.#value = undefined
    this.#isFrozen = false
  }
}

/** The error for a session that a browser would not keep. */
export function tooLarge(
  length: number,
  { name, maxTokenLength }: { readonly name: string; readonly maxTokenLength: number },
  { json, subject = '' }: { readonly json: string; readonly subject: string | undefined },
): SessionError {
  return new SessionError(
    'too-large',
    `the session takes ${length + name.length} bytes and browsers drop a cookie over ` +
      `${maxTokenLength + name.length}; the subject takes ${utf8Length(subject)}, and the biggest ` +
      `members of data are: ${biggestMembers(json)}`,
  )
}

/** The JSON of an object that comes back equal. Throws `not-json`. */
export function objectToJson(value: unknown): string {
  const json = toJson(value, 'data')
  if (json.startsWith('{')) return json
  throw new SessionError('not-json', 'data must be an object')
}
