/**
 * Values that JSON can represent exactly, and the members that make them too large. Knows nothing
 * of sessions.
 */

import { kindOf } from './check.ts'
import { SessionError } from './errors.ts'
import { utf8Length } from './utf8.ts'

// Far deeper than anything that fits in a cookie. The limit turns a circular value into an error.
const DEEPEST = 500

/**
 * The JSON of a value, if parsing it gives an equal value. Anything else (a Date, a Map, NaN, a
 * BigInt, an instance of a class) throws `not-json` with its path, because it would come back
 * different.
 */
export function toJson(value: unknown, path: string): string {
  assertJson(value, path, 0)
  return JSON.stringify(value)
}

/** The members of an object in JSON; `undefined` for any other text. */
export function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Whether it is an object and no array. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  isContainer(value) && !Array.isArray(value)

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
    // An undefined member comes back as a missing one, which reads the same.
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

/** Shortens the path for a message, because names of members can be long. */
export const shorten = (path: string): string => (path.length > 80 ? `${path.slice(0, 80)}…` : path)

/** The biggest members, for a message: names and sizes, no values. */
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

/** All objects and arrays in a value that `JSON.parse` returned. */
export function containersOf(parsed: unknown, found: Set<unknown> = new Set()): Set<unknown> {
  if (!isContainer(parsed)) return found
  found.add(parsed)
  for (const member of membersOf(parsed)) containersOf(member, found)
  return found
}

/**
 * The value, deeply frozen, so that a late change throws instead of getting lost. Objects in `own`
 * are frozen themselves. Other objects can be shared with the rest of the app, so they are replaced
 * by frozen copies. A member that is neither an array nor a plain object stays as it is.
 */
export function freezeOwn(value: unknown, own: ReadonlySet<unknown>): unknown {
  const top = own.has(value) && holdsOnly(own) ? value : withCopies(value, own)
  // Includes objects that were removed from the value, because the handler can still hold them.
  for (const container of own) Object.freeze(container)
  return top
}

/**
 * Whether all members are in `own` too. That is so if a request only reads, and then no copy is
 * needed.
 */
function holdsOnly(own: ReadonlySet<unknown>): boolean {
  for (const container of own as ReadonlySet<object>) {
    for (const member of membersOf(container)) {
      if (isContainer(member) && !own.has(member)) return false
    }
  }
  return true
}

/** The value with frozen copies in place of every object that is not in `own`. */
function withCopies(value: unknown, own: ReadonlySet<unknown>): unknown {
  const taken = new Map<object, object>()
  const take = (item: unknown): unknown => {
    if (!isContainer(item) || !(Array.isArray(item) || isPlain(item))) return item
    const known = taken.get(item)
    if (known !== undefined) return known
    const stand = own.has(item) ? item : Array.isArray(item) ? new Array(item.length) : {}
    taken.set(item, stand)
    return stand
  }
  const top = take(value)
  // Iterating a map also visits entries that are added on the way.
  for (const [from, to] of taken) {
    for (const [name, member] of Object.entries(from)) {
      const stand = take(member)
      if (from === to && stand === member) continue
      // Defined, not assigned, because assigning `__proto__` would set the prototype. An object
      // that the app has frozen stays as it is.
      Reflect.defineProperty(to, name, { value: stand, enumerable: true })
    }
    Object.freeze(to)
  }
  return top
}

const membersOf = (container: object): readonly unknown[] =>
  Array.isArray(container) ? container : Object.values(container)

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Whether it is an object without a class, from this realm or another. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.hasOwn(prototype, 'isPrototypeOf')
}
