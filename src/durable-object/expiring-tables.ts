/**
 * The SQLite tables of one object, whose rows have a column `until`: made at their first use, and swept
 * by the object's alarm while there are rows.
 */

import type { DurableObject } from 'cloudflare:workers'
import { systemClock } from '../lib/platform.ts'

/** The tables of an object. */
export interface Tables {
  /** Statements that make them unless they are there. */
  readonly schema: string
  /** The primary key of each table. */
  readonly keys: Readonly<Record<string, string>>
  /** The most rows of a table that one alarm deletes, so that no call waits long for it. */
  readonly mostSwept: number
  /** The time between two alarms, in milliseconds. */
  readonly sweepEvery: number
}

/** The storage of an object. */
type Storage = DurableObject['ctx']['storage']

const SWEEP_SOON = 1_000

export class ExpiringTables {
  readonly #storage: Storage
  readonly #tables: Tables
  #isReady = false
  #hasAlarm = false

  constructor(storage: Storage, tables: Tables) {
    this.#storage = storage
    this.#tables = tables
  }

  /** The rows of a statement. */
  query(statement: string, ...bindings: (string | number)[]): unknown[][] {
    const { sql } = this.#storage
    if (!this.#isReady) sql.exec(this.#tables.schema)
    this.#isReady = true
    return [...sql.exec(statement, ...bindings).raw()]
  }

  /** To be called after each write: sees to it that an alarm will come. */
  async willSweep(): Promise<void> {
    if (this.#hasAlarm) return
    if ((await this.#storage.getAlarm()) === null) {
      await this.#storage.setAlarm(systemClock() + this.#tables.sweepEvery)
    }
    this.#hasAlarm = true
  }

  /** For the object's `alarm`: deletes the rows whose time is over. Returns whether any are left. */
  async sweep(): Promise<boolean> {
    const { keys, mostSwept, sweepEvery } = this.#tables
    const now = systemClock()
    const swept = Object.entries(keys).map(([table, key]) =>
      this.query(
        `DELETE FROM ${table} WHERE ${key} IN
          (SELECT ${key} FROM ${table} WHERE until <= ? LIMIT ${mostSwept}) RETURNING 1`,
        now,
      ),
    )
    this.#hasAlarm = Object.keys(keys).some(
      (table) => this.query(`SELECT 1 FROM ${table} LIMIT 1`).length > 0,
    )
    if (this.#hasAlarm) {
      const isBehind = swept.some(({ length }) => length === mostSwept)
      await this.#storage.setAlarm(now + (isBehind ? SWEEP_SOON : sweepEvery))
    }
    return this.#hasAlarm
  }

  /** Deletes the object's storage. An object without storage costs nothing. */
  async clear(): Promise<void> {
    this.#isReady = false
    await this.#storage.deleteAll()
  }
}
