/** What survives a trip through JSON, and what makes it too large. Knows nothing of sessions. */

import { SessionError } from './errors.ts'

// Far deeper than anything that fits in a cookie; it turns a circle into an error instead of a hang.
const DEEPEST = 500

/**
 * The JSON of a value that comes back equal. Anything else (a Date, a Map, NaN, a BigInt, an
 * instance of a class) is `not-json`, with its path: it would come back as something different.
 */
export function toJson(value: unknown, path: string): string {
  assertJson(value, path, 0)
  return JSON.stringify(value)
}

function assertJson(value: unknown, path: string, depth: number): void {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return
  if (typeof value === 'number' && Number.isFinite(value)) return
  if (typeof value !== 'object') throw notJson(path, String(typeof value))
  if (depth > DEEPEST) throw notJson(path.slice(0, 80), 'circular or deeper than 500 levels')
  if (Array.isArray(value)) {
    // By index, because a hole would come back as null.
    for (let index = 0; index < value.length; index++) {
      assertJson(value[index], `${path}[${index}]`, depth + 1)
    }
    return
  }
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw notJson(path, `an instance of ${prototype.constructor?.name || 'a class'}`)
  }
  for (const [name, member] of Object.entries(value)) {
    // A member that is undefined comes back as none, which reads the same.
    if (member !== undefined) assertJson(member, `${path}.${name}`, depth + 1)
  }
}

function notJson(path: string, kind: string): SessionError {
  return new SessionError(
    'not-json',
    `${path} is ${kind} and would not come back equal; store strings, finite numbers, booleans, null, arrays and plain objects`,
  )
}

/** The members that take most room, for a message: names and sizes, no values. */
export function biggestMembers(json: string): string {
  const sizes = Object.entries(JSON.parse(json) as object).map(
    ([name, member]) => [name, utf8Length(JSON.stringify(member))] as const,
  )
  sizes.sort(([, a], [, b]) => b - a)
  return sizes
    .slice(0, 3)
    .map(([name, size]) => `${name.slice(0, 40)} (${size} bytes)`)
    .join(', ')
}

export const utf8Length = (text: string): number => new TextEncoder().encode(text).length

/** Freezes all the way down, so that a change in vain throws instead of getting lost. */
export function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const member of Object.values(value)) deepFreeze(member)
}
