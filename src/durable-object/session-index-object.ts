/**
 * The Durable Object that keeps the session records of one subject: one SQLite table. It does not know
 * what a record means.
 */

import { DurableObject } from 'cloudflare:workers'
import { systemClock } from '../lib/platform.ts'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sessions (
    family TEXT PRIMARY KEY,
    record TEXT NOT NULL,
    until INTEGER NOT NULL
  ) WITHOUT ROWID`

const SWEEP_EVERY = 86_400_000

/**
 * The class of the objects that `durableObjectSessionIndex` calls. Export it from your Worker, and
 * name it under `new_sqlite_classes` of a migration.
 *
 * @example
 * export { SessionIndexObject } from 'sealed-session/durable-object'
 */
export class SessionIndexObject extends DurableObject {
  #isReady = false
  #hasAlarm = false

  /** The families and their records, as JSON. */
  list(): { family: string; record: string }[] {
    const rows = this.#query('SELECT family, record FROM sessions WHERE until > ?', systemClock())
    return rows.map(([family, record]) => ({ family: family as string, record: record as string }))
  }

  /** One record, as JSON; `null` if there is none. */
  read(family: string): string | null {
    const query = 'SELECT record FROM sessions WHERE family = ? AND until > ?'
    const [row] = this.#query(query, family, systemClock())
    return row === undefined ? null : (row[0] as string)
  }

  async write(family: string, record: string, seconds: number): Promise<void> {
    const now = systemClock()
    const until = now + seconds * 1000
    this.#query('INSERT OR REPLACE INTO sessions VALUES (?, ?, ?)', family, record, until)
    if (this.#hasAlarm) return
    const { storage } = this.ctx
    if ((await storage.getAlarm()) === null) await storage.setAlarm(now + SWEEP_EVERY)
    this.#hasAlarm = true
  }

  remove(family: string): void {
    this.#query('DELETE FROM sessions WHERE family = ?', family)
  }

  /** Deletes expired records. An object without records deletes its storage, and then costs nothing. */
  override async alarm(): Promise<void> {
    const now = systemClock()
    this.#query('DELETE FROM sessions WHERE until <= ?', now)
    const [rest] = this.#query('SELECT 1 FROM sessions LIMIT 1')
    this.#hasAlarm = rest !== undefined
    if (rest !== undefined) return this.ctx.storage.setAlarm(now + SWEEP_EVERY)
    this.#isReady = false
    await this.ctx.storage.deleteAll()
  }

  #query(query: string, ...bindings: (string | number)[]) {
    const { sql } = this.ctx.storage
    if (!this.#isReady) sql.exec(SCHEMA)
    this.#isReady = true
    return [...sql.exec(query, ...bindings).raw()]
  }
}
