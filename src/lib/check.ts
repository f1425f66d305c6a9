/**
 * Answers to a developer's mistakes: each names the option, what was expected and what kind of
 * thing came. The thing itself is never printed, because it may be a key.
 */

import { LONGEST_LIFE } from './limits.ts'

/** What kind of thing a value is, for a message. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (isThenable(value)) return 'a promise'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** A promise, or what `await` takes for one. */
export const isThenable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

/** A duration option in whole seconds. */
export function wholeSeconds(
  option: string,
  value: unknown,
  least: number = 0,
  most: number = LONGEST_LIFE,
): number {
  const isInRange =
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
  if (isInRange && !looksLikeMilliseconds(value)) return value
  const got = typeof value === 'number' ? value : kindOf(value)
  const remedy = looksLikeMilliseconds(value)
    ? `, which looks like milliseconds: for ${value / 60_000} minutes give ${value / 1000}`
    : ''
  throw new TypeError(
    `"${option}" must be a whole number of seconds from ${least} to ${most}; got ${got}${remedy}`,
  )
}

/**
 * Whole minutes in milliseconds, from five up. People who mean seconds give so many of them in whole
 * days: of the numbers that are both, this leaves every one that is.
 */
function looksLikeMilliseconds(value: unknown): value is number {
  if (typeof value !== 'number' || value < 300_000) return false
  return value % 60_000 === 0 && (value % 86_400 !== 0 || value > LONGEST_LIFE)
}

/** A value of one of the primitive kinds, or left out. */
export function assertOptional(
  option: string,
  value: unknown,
  kind: 'boolean' | 'function' | 'string',
): void {
  if (value === undefined || typeof value === kind) return
  throw new TypeError(`"${option}" must be a ${kind}; got ${kindOf(value)}`)
}

/** An object with no members but these: a misspelt option would otherwise be a default unawares. */
export function onlyMembers(what: string, value: unknown, members: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${what} must be an object; got ${kindOf(value)}`)
  }
  const unknown = Object.keys(value).find((member) => !members.includes(member))
  if (unknown === undefined) return
  const near = nearest(unknown, members)
  const guess = near === undefined ? '' : `; did you mean "${near}"?`
  throw new TypeError(`${what} has no option "${unknown}"${guess}; there are ${members.join(', ')}`)
}

/** The name that was probably meant, if one differs by a slip or two of the keys. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const most = name.length < 6 ? 1 : 2
  const distances = names.map((other) => distance(name.toLowerCase(), other.toLowerCase()))
  const least = Math.min(...distances)
  return least <= most ? names[distances.indexOf(least)] : undefined
}

/** How many characters to insert, delete or replace (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [index, character] of [...from].entries()) {
    const next = [index + 1]
    for (let column = 1; column <= to.length; column++) {
      const [left = 0, above = 0, corner = 0] = [next[column - 1], row[column], row[column - 1]]
      const replaced = corner + (character === to[column - 1] ? 0 : 1)
      next.push(Math.min(left + 1, above + 1, replaced))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
