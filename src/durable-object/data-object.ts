/**
 * The Durable Object that keeps sealed data: one SQLite table. Knows nothing of sessions; an entry is a
 * key, a text, and how long to keep it.
 */

import { DurableObject } from 'cloudflare:workers'
import { systemClock } from '../lib/platform.ts'
import { ExpiringTables } from './expiring-tables.ts'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entries (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    until INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS entries_by_end ON entries (until);`

const TABLES = { schema: SCHEMA, keys: { entries: 'key' }, mostSwept: 1_000, sweepEvery: 3_600_000 }

/**
 * The class of the objects that `durableObjectDataStore` asks. Export it from your Worker, and name it
 * under `new_sqlite_classes` of a migration.
 *
 * @example
 * export { DataObject } from 'sealed-session/durable-object'
 */
export class DataObject extends DurableObject {
  readonly #tables = new ExpiringTables(this.ctx.storage, TABLES)

  /** The text of a key, `null` where there is none. */
  read(key: string): string | null {
    const [row] = this.#tables.query(
      'SELECT value FROM entries WHERE key = ? AND until > ?',
      key,
      systemClock(),
    )
    return row === undefined ? null : (row[0] as string)
  }

  /** Keeps a text. Resolves when it is on disk, and on those of other machines. */
  async write(key: string, value: string, seconds: number): Promise<void> {
    const now = systemClock()
    this.#tables.query(
      'INSERT OR REPLACE INTO entries VALUES (?, ?, ?)',
      key,
      value,
      now + seconds * 1000,
    )
    await this.#tables.willSweep()
  }

  /** Deletes entries whose time is over. */
  override async alarm(): Promise<void> {
    await this.#tables.sweep()
  }
}
