/**
 * The contract of the store behind a session index, and the store in memory. A store keeps records by
 * subject and family, and does not know what they mean.
 */

/** A record in the store, and its family. */
export interface StoredRecord {
  readonly family: string
  readonly record: unknown
}

/**
 * The contract of the store behind a session index. `sessionIndexContract` of `sealed-session/testing`
 * tests every implementation against it.
 *
 * `subject` is 64 hex digits, the SHA-256 of a subject; `family` is a sid. A record is a JSON object
 * of at most 900 bytes. It is kept for at least `seconds` and may be gone after that.
 *
 * All calls reject if the store cannot be reached. They need no timeout, retry or cache of their
 * own.
 */
export interface SessionIndexStore {
  /** The records of a subject, in any order. A damaged record is returned as it is. */
  list(subject: string): Promise<readonly StoredRecord[]>
  /** One record; `undefined` if there is none. */
  read(subject: string, family: string): Promise<unknown>
  /** Writes a record and replaces the earlier one. */
  write(subject: string, family: string, record: object, seconds: number): Promise<void>
  /** Removes a record. A missing record is not an error. */
  remove(subject: string, family: string): Promise<void>
  /** Lets work finish after the response, where the platform would cancel it (`waitUntil`). */
  background?(work: Promise<void>): void
}

const HOUR = 3_600_000

interface Entry {
  readonly json: string
  readonly until: number
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
