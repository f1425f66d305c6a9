/** What survives a trip through JSON, and what makes it too large. Knows nothing of sessions. */

import { kindOf } from './check.ts'
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
  if (typeof value === 'number') throw notJson(path, String(value))
  if (typeof value !== 'object') throw notJson(path, kindOf(value))
  if (depth > DEEPEST) throw notJson(path, 'circular or deeper than 500 levels')
  if (Array.isArray(value)) {
    if (Object.keys(value).length !== value.length) {
      throw notJson(path, 'an array with holes or members of its own')
    }
    for (const [index, item] of value.entries()) assertJson(item, `${path}[${index}]`, depth + 1)
    return
  }
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== null && !Object.hasOwn(prototype, 'isPrototypeOf')) {
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
    `${shorten(path)} is ${kind} and would not come back equal; store strings, finite numbers, ` +
      'booleans, null, arrays and plain objects',
  )
}

/** Names of members stand in messages, and may be long. */
export const shorten = (path: string): string => (path.length > 80 ? `${path.slice(0, 80)}…` : path)

/** The members that take most room, for a message: names and sizes, no values. */
export function biggestMembers(json: string): string {
  const sizes = Object.entries(JSON.parse(json) as object).map(
    ([name, member]) => [name, utf8Length(JSON.stringify(member))] as const,
  )
  sizes.sort(([, a], [, b]) => b - a)
  return sizes
    .slice(0, 3)
    .map(([name, size]) => `${shorten(name)} (${size} bytes)`)
    .join(', ')
}

export const utf8Length = (text: string): number => new TextEncoder().encode(text).length

/** Freezes all the way down, so that a change in vain throws instead of getting lost. */
export function deepFreeze(value: unknown): void {
  const found = new Set([value])
  for (const item of found) {
    // Views of memory cannot be frozen, and are no data of ours.
    if (typeof item !== 'object' || item === null || ArrayBuffer.isView(item)) continue
    Object.freeze(item)
    for (const member of Object.values(item)) found.add(member)
  }
}
