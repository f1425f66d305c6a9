/**
 * The contract of a session index, where it is recorded which sessions a subject has, and the index
 * in memory. What is recorded when, and what a list shows, is in `indexed-sessions.ts`.
 */

import { onlyMembers } from '../lib/check.ts'
import { systemClock } from '../lib/platform.ts'
import {
  INDEX_OPTIONS,
  type SessionIndex,
  type SessionIndexOptions,
  sessionIndexOn,
} from './indexed-sessions.ts'

/** A record as it stands in the store, and the family that it is about. */
export interface StoredRecord {
  readonly family: string
  readonly record: unknown
}

/**
 * The contract of the store behind a session index. `test/contracts/session-index.ts` holds every
 * implementation to it.
 *
 * `subject` is 64 hex digits, the SHA-256 of a subject; `family` is a sid. A record is a JSON object
 * of at most 900 bytes. It is kept for at least `seconds` and may be gone after that.
 *
 * All calls reject when the store cannot be reached. They need no timeout, retry or cache of their
 * own.
 */
export interface SessionIndexStore {
  /** The records of a subject, in any order. A record that was damaged is given as it is. */
  list(subject: string): Promise<readonly StoredRecord[]>
  /** One record; `undefined` if there is none. */
  read(subject: string, family: string): Promise<unknown>
  /** Writes a record over the one before. */
  write(subject: string, family: string, record: object, seconds: number): Promise<void>
  /** Removes a record. Removing one that is not there is no failure. */
  remove(subject: string, family: string): Promise<void>
  /** Keeps the platform from ending work when the response has been delivered. */
  background?(work: Promise<void>): void
}

const HOUR = 3_600_000

interface Entry {
  readonly json: string
  readonly until: number
}

/** An index in the memory of this process, for tests and for a server that is one process. */
export function memorySessionIndex(
  options: SessionIndexOptions & { now?: () => number } = {},
): SessionIndex {
  onlyMembers('the options of memorySessionIndex', options, [...INDEX_OPTIONS, 'now'])
  const { now = systemClock, ...rest } = options
  return sessionIndexOn(memorySessionIndexStore(now), rest)
}

/** The store of `memorySessionIndex`. */
export function memorySessionIndexStore(now: () => number): SessionIndexStore {
  const bySubject = new Map<string, Map<string, Entry>>()
  let swept = now()

  function sweep(): void {
    if (now() < swept + HOUR) return
    swept = now()
    for (const [subject, entries] of bySubject) {
      for (const [family, { until }] of entries) if (until <= swept) entries.delete(family)
      if (entries.size === 0) bySubject.delete(subject)
    }
  }

  const alive = (subject: string): [string, Entry][] =>
    [...(bySubject.get(subject) ?? [])].filter(([, { until }]) => until > now())

  return {
    async list(subject) {
      return alive(subject).map(([family, { json }]) => ({ family, record: JSON.parse(json) }))
    },
    async read(subject, family) {
      const entry = bySubject.get(subject)?.get(family)
      return entry !== undefined && entry.until > now() ? JSON.parse(entry.json) : undefined
    },
    async write(subject, family, record, seconds) {
      sweep()
      const entries = bySubject.get(subject) ?? new Map<string, Entry>()
      entries.set(family, { json: JSON.stringify(record), until: now() + seconds * 1000 })
      bySubject.set(subject, entries)
    },
    async remove(subject, family) {
      const entries = bySubject.get(subject)
      entries?.delete(family)
      if (entries?.size === 0) bySubject.delete(subject)
    },
  }
}
