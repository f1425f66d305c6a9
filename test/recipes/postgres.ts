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
        ON CONFLICT (name) DO UPDATE SET until = excluded.until, mark = CASE
          WHEN ${keepsNewest(target)} THEN greatest(revoked.mark, excluded.mark) ELSE excluded.mark END`
    },
  }
}

function nameOf({ scope, ...rest }: RevocationTarget): string {
  return [scope, ...Object.values(rest)].join('/')
}

// The list keeps the last mark written, and of these the newest.
function keepsNewest({ scope }: RevocationTarget): boolean {
  return scope === 'since' || scope === 'external'
}
