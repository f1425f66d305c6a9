/** Makes a session index: on a store of the app, or in memory. */

import { assertOptional, kindOf, onlyMembers } from '../lib/check.ts'
import { systemClock } from '../lib/platform.ts'
import type { Description } from './describe-browser.ts'
import type { SessionIndex, SessionIndexOptions } from './session-index.ts'
import { memorySessionIndexStore, type SessionIndexStore } from './session-index-store.ts'
import { StoredIndex } from './stored-index.ts'

/** The names of the options that every index takes. */
export const INDEX_OPTIONS: readonly (keyof SessionIndexOptions)[] = [
  'describe',
  'maxSessionsPerSubject',
]

/**
 * Makes a session index on your own store.
 *
 * @example
 * createSessionManager({ keys, revocationList, sessionIndex: sessionIndexOn(myStore) })
 */
export function sessionIndexOn(
  store: SessionIndexStore,
  options: SessionIndexOptions = {},
): SessionIndex {
  onlyMembers('the options of a session index', options, INDEX_OPTIONS)
  const { describe = describeByDefault, maxSessionsPerSubject: most } = options
  assertOptional('describe', describe, 'function')
  if (most !== undefined && !(Number.isInteger(most) && most >= 1)) {
    const got = typeof most === 'number' ? most : kindOf(most)
    throw new TypeError(
      `"maxSessionsPerSubject" must be a whole number, at least 1; got ${got}. For no limit leave it out`,
    )
  }
  return { connect: (host) => new StoredIndex(store, { describe, most }, host) }
}

/** An index in the memory of this process, for tests and for a server that is one process. */
export function memorySessionIndex(
  options: SessionIndexOptions & { now?: () => number } = {},
): SessionIndex {
  onlyMembers('the options of memorySessionIndex', options, [...INDEX_OPTIONS, 'now'])
  const { now = systemClock, ...rest } = options
  return sessionIndexOn(memorySessionIndexStore(now), rest)
}

async function describeByDefault(request: Request): Promise<Description> {
  // Loaded at the first sign-in, so that servers without an index never parse it.
  const { describeBrowser } = await import('./describe-browser.ts')
  return describeBrowser(request)
}
