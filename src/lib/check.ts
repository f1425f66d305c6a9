/**
 * Answers to a developer's mistakes: each names the option, what was expected and what kind of
 * thing came. The thing itself is never printed, because it may be a key.
 */

import { LONGEST_LIFE } from './limits.ts'

/** What kind of thing a value is, for a message. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** A duration option in whole seconds. */
export function wholeSeconds(
  option: string,
  value: unknown,
  least: number = 0,
  most: number = LONGEST_LIFE,
): number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) {
    return value as number
  }
  const got = typeof value === 'number' ? value : kindOf(value)
  throw new TypeError(
    `"${option}" must be a whole number of seconds from ${least} to ${most}; got ${got}`,
  )
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
  throw new TypeError(`${what} has no option "${unknown}"; there are ${members.join(', ')}`)
}
