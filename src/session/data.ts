/**
 * The app's data of one session: parsed on first use, compared with what was sealed, frozen when it
 * is too late for changes. Knows nothing of claims or seals.
 */

import { SessionError } from '../lib/errors.ts'
import { biggestMembers, containersOf, freezeOwn, toJson } from '../lib/json.ts'
import { utf8Length } from '../lib/utf8.ts'

const NONE: ReadonlySet<unknown> = new Set()

/** Data as JSON, why it could not be loaded, or the way to it when somebody looks. */
export type DataSource = string | SessionError | (() => string)

export class SessionData {
  /** The JSON that was loaded or last sealed. */
  #baseline: DataSource
  #value: object | undefined
  /**
   * The objects that were parsed here. All others in `#value` belong to the app and can be shared.
   */
  #own: ReadonlySet<unknown> = NONE
  #isFrozen = false
  /** The JSON of frozen data, which cannot change any more. */
  #frozenJson: string | undefined

  constructor(source: DataSource) {
    this.#baseline = source
  }

  get value(): object {
    if (this.#value === undefined) {
      this.#value = JSON.parse(this.json()) as object
      this.#own = containersOf(this.#value)
      if (this.#isFrozen) freezeOwn(this.#value, this.#own)
    }
    return this.#value
  }

  set value(value: object) {
    this.#value = value
  }

  /** The current data as JSON. Throws `not-json`, and the fault if the data could not be loaded. */
  json(): string {
    if (this.#value === undefined) return this.#sealed()
    const json = this.#frozenJson ?? objectToJson(this.#value)
    if (this.#isFrozen) this.#frozenJson = json
    return json
  }

  #sealed(): string {
    if (typeof this.#baseline === 'function') this.#baseline = this.#baseline()
    if (typeof this.#baseline !== 'string') throw this.#baseline
    return this.#baseline
  }

  isChanged(): boolean {
    if (this.#value === undefined) return false
    try {
      return this.json() !== this.#sealed()
    } catch {
      // Sealing it throws the error that says why it cannot be sealed.
      return true
    }
  }

  /** Sets the JSON that later changes are compared with. */
  setBaseline(json: string): void {
    this.#baseline = json
  }

  /** From now on a change throws instead of getting lost. */
  freeze(): void {
    this.#isFrozen = true
    if (this.#value !== undefined) this.#value = freezeOwn(this.#value, this.#own) as object
  }

  /**
   * Goes back to what was last sealed. Objects that a handler still holds are frozen, because a
   * change to them would be lost.
   */
  reset(): void {
    this.freeze()
    this.#value = this.#frozenJson = undefined
    this.#isFrozen = false
  }
}

/** The error for a session cookie that browsers would drop. */
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

/** The JSON of an object, if parsing it gives an equal object. Throws `not-json`. */
export function objectToJson(value: unknown): string {
  const json = toJson(value, 'data')
  if (json.startsWith('{')) return json
  throw new SessionError('not-json', 'data must be an object')
}
