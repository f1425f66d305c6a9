import type { Context } from 'hono'
import type { SessionEnv } from 'sealed-session/hono'

/** Ends what `sealed-session revoke --post` names. Mount it behind `session()` and a check of who asks. */
export async function revokeForOperator(c: Context<SessionEnv>): Promise<Response> {
  const { scope, name } = await c.req.json<{ scope: string; name: string }>()
  const { sessionManager } = c.var
  if (scope === 'all') await sessionManager.revokeAll()
  else if (scope === 'subject') await sessionManager.revokeSubject(name)
  else if (scope === 'session') await sessionManager.revokeSession(name)
  else return c.json({ error: 'the scope is "all", "subject" or "session"' }, 400)
  return c.body(null, 204)
}
