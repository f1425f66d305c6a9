/** The guide's recipe for D1. */

import { env } from 'cloudflare:workers'
import type { D1Database } from '@cloudflare/workers-types'
import { describe } from 'vitest'
import { holdsToTheContract } from '../contracts/revocation-list.ts'
import { d1RevocationList } from '../recipes/d1.ts'

const { DB } = env as unknown as { DB: D1Database }

describe('the list on D1', () => {
  holdsToTheContract(async () => {
    await DB.exec('DROP TABLE IF EXISTS revoked')
    await DB.exec(
      'CREATE TABLE revoked (name TEXT PRIMARY KEY, mark REAL NOT NULL, until INTEGER NOT NULL)',
    )
    return d1RevocationList(DB)
  })
})
