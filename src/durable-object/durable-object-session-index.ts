/** The session index on Durable Objects: one object for each subject, strongly consistent. */

import { waitUntil } from 'cloudflare:workers'
import type { SessionIndex, SessionIndexOptions } from '../contracts/session-index.ts'
import { INDEX_OPTIONS, sessionIndexOn } from '../contracts/session-index-on.ts'
import type { SessionIndexStore } from '../contracts/session-index-store.ts'
import { onlyMembers } from '../lib/check.ts'

/** The part of a namespace that is used: `DurableObjectNamespace<SessionIndexObject>` has it. */
export interface SessionIndexObjectNamespace {
  idFromName(name: string): { toString(): string }
  get(id: { toString(): string }): SessionIndexObjectStub
}

/** The object as a Worker sees it. */
export interface SessionIndexObjectStub {
  list(): Promise<{ family: string; record: string }[]>
  read(family: string): Promise<string | null>
  write(family: string, record: string, seconds: number): Promise<void>
  remove(family: string): Promise<void>
}

/**
 * Makes a session index on Durable Objects. A list shows every sign-in and sign-out at once.
 *
 * @example
 * export { SessionIndexObject } from 'sealed-session/durable-object'
 *
 * durableObjectSessionIndex(env.SESSIONS)
 */
export function durableObjectSessionIndex(
  namespace: SessionIndexObjectNamespace,
  options: SessionIndexOptions = {},
): SessionIndex {
  onlyMembers('the options of durableObjectSessionIndex', options, INDEX_OPTIONS)
  return sessionIndexOn(durableObjectSessionIndexStore(namespace), options)
}

/** The store of `durableObjectSessionIndex`. */
export function durableObjectSessionIndexStore(
  namespace: SessionIndexObjectNamespace,
): SessionIndexStore {
  if (typeof namespace?.idFromName !== 'function') {
    throw new TypeError(
      'durableObjectSessionIndex() takes a Durable Object namespace; does wrangler.toml have a binding ' +
        'of the same name?',
    )
  }
  const objectOf = (subject: string) => namespace.get(namespace.idFromName(subject))
  return {
    async list(subject) {
      const rows = await objectOf(subject).list()
      return rows.map(({ family, record }) => ({ family, record: parsed(record) }))
    },
    async read(subject, family) {
      const record = await objectOf(subject).read(family)
      return record === null ? undefined : parsed(record)
    },
    write: (subject, family, record, seconds) =>
      objectOf(subject).write(family, JSON.stringify(record), seconds),
    remove: (subject, family) => objectOf(subject).remove(family),
    background: waitUntil,
  }
}

/** The record; a text that is not JSON as it is, so that it is found to be damaged. */
function parsed(record: string): unknown {
  try {
    return JSON.parse(record)
  } catch {
    return record
  }
}
