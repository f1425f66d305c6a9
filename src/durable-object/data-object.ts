/**
 * The Durable Object that keeps sealed data: one SQLite table. Knows nothing of sessions; an entry is a
 * key, a text, and how long to keep it.
 */

import { DurableObject } from 'cloudflare:workers'
import { systemClock } from '../lib/platform.ts'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entries (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    until INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS entries_by_end ON entries (until);`

const SWEEP_EVERY = 3_600_000
// The most that one alarm deletes, so that no call waits long for it.
const MOST_SWEPT = 1_000

/**
 * The class of the objects that `durableObjectDataStore` asks. Export it from your Worker, and name it
 * under `new_sqlite_classes` of a migration.
 *
 * @example
 * export { DataObject } from 'sealed-session/durable-object'
 */
export class DataObject extends DurableObject {
  #isReady = false
  #hasAlarm = false

  /** The text of a key, `null` where there is none. */
  read(key: string): string | null {
    const [row] = this.#query(
      'SELECT value FROM entries WHERE key = ? AND until > ?',
      key,
      systemClock(),
    )
    return row === undefined ? null : (row[0] as string)
  }

  /** Keeps a text. Resolves when it is on disk, and on those of other machines. */
  async write(key: string, value: string, seconds: number): Promise<void> {
    const now = systemClock()
    this.#query('INSERT OR REPLACE INTO entries VALUES (?, ?, ?)', key, value, now + seconds * 1000)
    if (this.#hasAlarm) return
    const { storage } = this.ctx
    if ((await storage.getAlarm()) === null) await storage.setAlarm(now + SWEEP_EVERY)
    this.#hasAlarm = true
  }

  /** Deletes entries whose time is over. */
  override async alarm(): Promise<void> {
    const now = systemClock()
    const swept = this.#query(
      `DELETE FROM entries WHERE key IN
        (SELECT key FROM entries WHERE until <= ? LIMIT ${MOST_SWEPT}) RETURNING 1`,
      now,
    )
    const [rest] = this.#query('SELECT 1 FROM entries LIMIT 1')
    this.#hasAlarm = rest !== undefined
    if (rest === undefined) return
    const isBehind = swept.length === MOST_SWEPT
    await this.ctx.storage.setAlarm(now + (isBehind ? 1_000 : SWEEP_EVERY))
  }

  #query(query: string, ...bindings: (string | number)[]) {
    const { sql } = this.ctx.storage
    if (!this.#isReady) sql.exec(SCHEMA)
    this.#isReady = true
    return [...sql.exec(query, ...bindings).raw()]
  }
}
