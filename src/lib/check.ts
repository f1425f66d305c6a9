/**
 * Errors for a developer's mistakes. Each names the option, the expected value and the kind of
 * value that was given. The value itself is never printed, because it can be a key.
 */

import { LONGEST_LIFE } from './limits.ts'

/** The kind of a value, for a message, and what to do if it is a promise. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (isThenable(value)) return 'a promise: await it first'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** Whether `await` would treat the value as a promise. */
export const isThenable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

/** Checks a duration option in whole seconds. */
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
 * Whether a number of seconds is more likely whole minutes in milliseconds, from 5 minutes up. A
 * number that is also whole days in seconds passes, because long timeouts are given in whole days.
 */
function looksLikeMilliseconds(value: unknown): value is number {
  if (typeof value !== 'number' || value < 300_000) return false
  return value % 60_000 === 0 && (value % 86_400 !== 0 || value > LONGEST_LIFE)
}

/** Checks that a value is of one of the primitive kinds, or left out. */
export function assertOptional(
  option: string,
  value: unknown,
  kind: 'boolean' | 'function' | 'string',
): void {
  if (value === undefined || typeof value === kind) return
  throw new TypeError(`"${option}" must be a ${kind}; got ${kindOf(value)}`)
}

/**
 * Checks that an object has no members but these. Otherwise a misspelt option would silently have
 * its default.
 */
export function onlyMembers(what: string, value: unknown, members: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${what} must be an object; got ${kindOf(value)}`)
  }
  const unknown = Object.keys(value).find((member) => !members.includes(member))
  if (unknown === undefined) return
  const near = nearest(unknown, members)
  const guess = near === undefined ? '' : `; did you mean "${near}"?`
  throw new TypeError(`no option "${unknown}" in ${what}${guess}; there are ${members.join(', ')}`)
}

/** The name that was probably meant: it differs by one typing error. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const given = spellings(name)
  return names.find((other) => spellings(other).some((text) => given.includes(text)))
}

/** The name, and the name without each of its letters: names that are one typing error apart share one of these. */
function spellings(name: string): readonly string[] {
  const text = name.toLowerCase()
  return [text, ...Array.from(text, (_, at) => text.slice(0, at) + text.slice(at + 1))]
}
