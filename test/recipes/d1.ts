import type { D1Database } from '@cloudflare/workers-types'
import type { RevocationList, RevocationTarget } from 'sealed-session'

// CREATE TABLE revoked (name TEXT PRIMARY KEY, mark REAL NOT NULL, until INTEGER NOT NULL)
export function d1RevocationList(db: D1Database): RevocationList {
  return {
    async read(targets) {
      const names = targets.map(nameOf)
      const query = `SELECT name, mark FROM revoked
        WHERE name IN (SELECT value FROM json_each(?)) AND until > ?`
      const statement = db.prepare(query).bind(JSON.stringify(names), Date.now())
      const { results } = await statement.all<{ name: string; mark: number }>()
      const marks = new Map(results.map(({ name, mark }) => [name, mark]))
      return names.map((name) => marks.get(name))
    },
    async write(target, mark, seconds) {
      const query = `INSERT INTO revoked VALUES (?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET until = excluded.until, mark = ${kept(target)}`
      await db
        .prepare(query)
        .bind(nameOf(target), mark, Date.now() + seconds * 1000)
        .run()
    },
  }
}

function nameOf({ scope, ...rest }: RevocationTarget): string {
  return [scope, ...Object.values(rest)].join('/')
}

// The list keeps the last mark written; of some scopes the newest, and of one the first.
function kept({ scope }: RevocationTarget): string {
  if (scope === 'bound') return 'mark'
  return scope === 'since' || scope === 'external' ? 'max(mark, excluded.mark)' : 'excluded.mark'
}
