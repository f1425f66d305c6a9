/**
 * The Durable Object that keeps a revocation list: one SQLite table. Knows nothing of sessions; a mark
 * is a name, an instant, and how long to keep it.
 */

import { DurableObject } from 'cloudflare:workers'
import { systemClock } from '../lib/platform.ts'
import { ExpiringTables } from './expiring-tables.ts'

/** What the object answers to `changes`. Milliseconds by its own clock. */
export interface RecordedMarks {
  now: number
  from: number
  names: string[]
  /** In the order of the names. */
  marks: number[]
}

// `at` is when a mark was recorded. One that lies ahead when it is recorded has an index of its own,
// because it belongs into every answer for as long as it does.
const AHEAD = 'mark > at + 60000'
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS marks (
    name TEXT PRIMARY KEY,
    mark REAL NOT NULL,
    at INTEGER NOT NULL,
    until INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS marks_by_time ON marks (at);
  CREATE INDEX IF NOT EXISTS marks_by_end ON marks (until);
  CREATE INDEX IF NOT EXISTS marks_ahead ON marks (mark) WHERE ${AHEAD};
  CREATE TABLE IF NOT EXISTS claims (
    name TEXT PRIMARY KEY,
    claimant TEXT NOT NULL,
    until INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS claims_by_end ON claims (until);`

// A claim whose time is over counts for nothing.
const CLAIM = `
  INSERT INTO claims (name, claimant, until) VALUES (?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET claimant = excluded.claimant, until = excluded.until
  WHERE until <= ?`

// Of a `since` or `external` target the newest mark stays, of a `bound` one the first; a row whose time
// is over counts for nothing.
const WRITE = `
  INSERT INTO marks (name, mark, at, until) VALUES (?, ?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET mark = excluded.mark, at = excluded.at, until = excluded.until
  WHERE until <= excluded.at OR (excluded.name NOT GLOB 'bound/*' AND (
    (excluded.name NOT GLOB 'since/*' AND excluded.name NOT GLOB 'external/*') OR excluded.mark >= mark
  ))`

/** The most marks of one answer. */
const MOST_MARKS = 50_000
const TABLES = {
  schema: SCHEMA,
  keys: { marks: 'name', claims: 'name' },
  mostSwept: 10_000,
  sweepEvery: 3_600_000,
}

/**
 * The class of the object that `durableObjectRevocationList` asks. Export it from your Worker, and
 * name it under `new_sqlite_classes` of a migration.
 *
 * @example
 * export { RevocationObject } from 'sealed-session/durable-object'
 */
export class RevocationObject extends DurableObject {
  readonly #tables = new ExpiringTables(this.ctx.storage, TABLES)

  /** The marks of some names, in their order; `null` where nothing is recorded. */
  read(names: string[]): (number | null)[] {
    const now = systemClock()
    return names.map((name) => {
      const [row] = this.#tables.query(
        'SELECT mark FROM marks WHERE name = ? AND until > ?',
        name,
        now,
      )
      return row === undefined ? null : (row[0] as number)
    })
  }

  /** Records a mark. Resolves when it is on disk, and on those of other machines. */
  async write(name: string, mark: number, seconds: number): Promise<void> {
    const now = systemClock()
    this.#tables.query(WRITE, name, mark, now, now + seconds * 1000)
    await this.#tables.willSweep()
  }

  /** Whether the name is the claimant's. One that asks again after its call broke off gets the same answer. */
  async claim(name: string, until: number, claimant: string): Promise<boolean> {
    const now = systemClock()
    this.#tables.query(CLAIM, name, claimant, until, now)
    const [row] = this.#tables.query('SELECT claimant FROM claims WHERE name = ?', name)
    await this.#tables.willSweep()
    return row?.[0] === claimant
  }

  /**
   * The marks recorded at or after `since`, the latest if there are too many, and those that lie ahead.
   * Without those that bind: they end nothing, and there is one for each sign-in.
   */
  changes(since: number): RecordedMarks {
    const now = systemClock()
    const rows = this.#tables.query(
      `SELECT name, mark, at FROM marks WHERE at >= ? AND name NOT GLOB 'bound/*'
        ORDER BY at DESC LIMIT ${MOST_MARKS + 1}`,
      since,
    )
    // What was recorded in the same millisecond as the first that has no room may be incomplete.
    const left = rows[MOST_MARKS]?.[2] as number | undefined
    const recent = left === undefined ? rows : rows.filter(([, , at]) => (at as number) > left)
    const from = left === undefined ? since : left + 1
    const ahead = this.#tables.query(
      `SELECT name, mark FROM marks WHERE ${AHEAD} AND mark > ? AND at < ?`,
      now,
      from,
    )
    const all = [...ahead, ...recent]
    const names = all.map(([name]) => name as string)
    return { now, from, names, marks: all.map(([, mark]) => mark as number) }
  }

  /** Deletes what is over. */
  override async alarm(): Promise<void> {
    await this.#tables.sweep()
  }
}
