/**
 * The Durable Object that keeps the session records of one subject: one SQLite table. It does not know
 * what a record means.
 */

import { DurableObject } from 'cloudflare:workers'
import { systemClock } from '../lib/platform.ts'
import { ExpiringTables } from './expiring-tables.ts'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sessions (
    family TEXT PRIMARY KEY,
    record TEXT NOT NULL,
    until INTEGER NOT NULL
  ) WITHOUT ROWID`

const DAY = 86_400_000
const TABLES = { schema: SCHEMA, keys: { sessions: 'family' }, mostSwept: 10_000, sweepEvery: DAY }

/**
 * The class of the objects that `durableObjectSessionIndex` calls. Export it from your Worker, and
 * name it under `new_sqlite_classes` of a migration.
 *
 * @example
 * export { SessionIndexObject } from 'sealed-session/durable-object'
 */
export class SessionIndexObject extends DurableObject {
  readonly #tables = new ExpiringTables(this.ctx.storage, TABLES)

  /** The families and their records, as JSON. */
  list(): { family: string; record: string }[] {
    const rows = this.#tables.query(
      'SELECT family, record FROM sessions WHERE until > ?',
      systemClock(),
    )
    return rows.map(([family, record]) => ({ family: family as string, record: record as string }))
  }

  /** One record, as JSON; `null` if there is none. */
  read(family: string): string | null {
    const query = 'SELECT record FROM sessions WHERE family = ? AND until > ?'
    const [row] = this.#tables.query(query, family, systemClock())
    return row === undefined ? null : (row[0] as string)
  }

  async write(family: string, record: string, seconds: number): Promise<void> {
    const now = systemClock()
    const until = now + seconds * 1000
    this.#tables.query('INSERT OR REPLACE INTO sessions VALUES (?, ?, ?)', family, record, until)
    await this.#tables.willSweep()
  }

  remove(family: string): void {
    this.#tables.query('DELETE FROM sessions WHERE family = ?', family)
  }

  /** Deletes expired records. An object without records deletes its storage, and then costs nothing. */
  override async alarm(): Promise<void> {
    if (!(await this.#tables.sweep())) await this.#tables.clear()
  }
}
