import type postgres from 'postgres'
import type { RevocationList, RevocationTarget } from 'sealed-session'

// CREATE TABLE revoked (name text PRIMARY KEY, mark float8 NOT NULL, until timestamptz NOT NULL)
export function postgresRevocationList(sql: postgres.Sql): RevocationList {
  return {
    async read(targets) {
      const names = targets.map(nameOf)
      const rows = await sql<{ name: string; mark: number }[]>`
        SELECT name, mark FROM revoked WHERE name = ANY(${names}) AND until > now()`
      const marks = new Map(rows.map(({ name, mark }) => [name, mark]))
      return names.map((name) => marks.get(name))
    },
    async write(target, mark, seconds) {
      await sql`
        INSERT INTO revoked VALUES (${nameOf(target)}, ${mark}, now() + ${seconds} * interval '1 s')
        ON CONFLICT (name) DO UPDATE SET until = excluded.until, mark = ${kept(sql, target)}`
    },
  }
}

function nameOf({ scope, ...rest }: RevocationTarget): string {
  return [scope, ...Object.values(rest)].join('/')
}

// The list keeps the last mark written; of some scopes the newest, and of one the first.
function kept(sql: postgres.Sql, { scope }: RevocationTarget) {
  if (scope === 'bound') return sql`revoked.mark`
  const keepsNewest = scope === 'since' || scope === 'external'
  return keepsNewest ? sql`greatest(revoked.mark, excluded.mark)` : sql`excluded.mark`
}
