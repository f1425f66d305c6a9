/**
 * The session index on Workers KV. The record of a session is the metadata of its key, so one list
 * operation reads all sessions of a subject.
 */

import type { SessionIndex, SessionIndexOptions } from '../contracts/session-index.ts'
import { INDEX_OPTIONS, sessionIndexOn } from '../contracts/session-index-on.ts'
import type { SessionIndexStore } from '../contracts/session-index-store.ts'
import { onlyMembers } from '../lib/check.ts'

/** The part of a KV namespace that is used: `KVNamespace` of `@cloudflare/workers-types` has it. */
export interface SessionIndexNamespace {
  list(options: { prefix: string; cursor?: string | null }): Promise<{
    keys: { name: string; metadata?: unknown }[]
    list_complete: boolean
    cursor?: string
  }>
  getWithMetadata(key: string): Promise<{ value: string | null; metadata: unknown }>
  put(
    key: string,
    value: string,
    options: { expirationTtl: number; metadata: object },
  ): Promise<void>
  delete(key: string): Promise<void>
}

// KV refuses entries shorter than 60 s.
const LEAST_TTL = 60

/**
 * Makes a session index on a KV namespace. It can share the namespace of the revocation list.
 *
 * Keys are `sessions/<SHA-256 of the subject in hex>/<family>`. KV takes 60 s or more to propagate, so a
 * list in another place can miss a session that has just begun.
 *
 * @example
 * createSessionManager({
 *   keys: env.SESSION_KEYS,
 *   revocationList: kvRevocationList(env.REVOCATIONS),
 *   sessionIndex: kvSessionIndex(env.SESSIONS),
 * })
 */
export function kvSessionIndex(
  namespace: SessionIndexNamespace,
  options: SessionIndexOptions = {},
): SessionIndex {
  onlyMembers('the options of kvSessionIndex', options, INDEX_OPTIONS)
  return sessionIndexOn(kvSessionIndexStore(namespace), options)
}

/** The store of `kvSessionIndex`. */
export function kvSessionIndexStore(namespace: SessionIndexNamespace): SessionIndexStore {
  if (typeof namespace?.list !== 'function' || typeof namespace.put !== 'function') {
    throw new TypeError(
      'kvSessionIndex() takes a KV namespace; is its binding in wrangler.toml, and of the same name?',
    )
  }
  const keyOf = (subject: string, family: string) => `sessions/${subject}/${family}`
  let waitUntil: ((work: Promise<unknown>) => void) | undefined
  const ready = loadWaitUntil().then((found) => {
    waitUntil = found
  })

  return {
    async list(subject) {
      const prefix = keyOf(subject, '')
      const found: { family: string; record: unknown }[] = []
      let cursor: string | undefined
      do {
        const page = await namespace.list(cursor === undefined ? { prefix } : { prefix, cursor })
        for (const { name, metadata } of page.keys) {
          found.push({ family: name.slice(prefix.length), record: metadata })
        }
        cursor = page.list_complete ? undefined : page.cursor
      } while (cursor !== undefined)
      return found
    },
    async read(subject, family) {
      const { value, metadata } = await namespace.getWithMetadata(keyOf(subject, family))
      return value === null ? undefined : metadata
    },
    async write(subject, family, record, seconds) {
      const expirationTtl = Math.max(LEAST_TTL, seconds)
      await namespace.put(keyOf(subject, family), '', { expirationTtl, metadata: record })
    },
    remove: (subject, family) => namespace.delete(keyOf(subject, family)),
    background(work) {
      if (waitUntil !== undefined) waitUntil(work)
      else ready.then(() => waitUntil?.(work))
    },
  }
}

/** `waitUntil` of the Workers runtime; `undefined` in other runtimes. */
async function loadWaitUntil(): Promise<((work: Promise<unknown>) => void) | undefined> {
  // Not a literal, so that bundlers for other platforms do not try to resolve the module.
  const name = ['cloudflare', 'workers'].join(':')
  try {
    return ((await import(/* @vite-ignore */ name)) as { waitUntil?: (work: unknown) => void })
      .waitUntil
  } catch {
    return undefined
  }
}
