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
  if (!isPlain(value)) {
    const className = Object.getPrototypeOf(value).constructor?.name
    throw notJson(path, `an instance of ${className || 'a class'}`)
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

/** All objects and arrays of what `JSON.parse` gave. */
export function containersOf(parsed: unknown): ReadonlySet<unknown> {
  const found = new Set<unknown>()
  if (isContainer(parsed)) found.add(parsed)
  for (const container of found) {
    for (const member of Object.values(container as object)) {
      if (isContainer(member)) found.add(member)
    }
  }
  return found
}

/**
 * The value, frozen all the way down: a change in vain throws instead of getting lost. Objects of
 * `own` are frozen themselves. Others may be shared with the rest of the app, so frozen copies take
 * their place. What is neither an array nor a plain object stays as it is.
 */
export function freezeOwn(value: unknown, own: ReadonlySet<unknown>): unknown {
  const frozen = new Map<object, object>()
  const take = (item: unknown): unknown => {
    if (!isContainer(item) || !(Array.isArray(item) || isPlain(item))) return item
    const known = frozen.get(item)
    if (known !== undefined) return known
    const taken = own.has(item) ? item : Array.isArray(item) ? new Array(item.length) : {}
    frozen.set(item, taken)
    return taken
  }
  const top = take(value)
  // A map's iteration meets what is added on the way.
  for (const [from, to] of frozen) {
    for (const [name, member] of Object.entries(from)) {
      const taken = take(member)
      if (from === to && taken === member) continue
      // Not assigned, which `__proto__` would not survive. What the app has frozen stays as it is.
      Reflect.defineProperty(to, name, { value: taken, enumerable: true })
    }
    Object.freeze(to)
  }
  return top
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null

/** An object of no class, of this realm or another. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.hasOwn(prototype, 'isPrototypeOf')
}
