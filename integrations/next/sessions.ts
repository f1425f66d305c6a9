import { createSessionManager, memoryRevocationList, type Session } from 'sealed-session'

export interface Data {
  theme: string
}

const create = () =>
  createSessionManager<Data>({
    keys: () => process.env.SESSION_KEYS ?? '', // a function, because a build has no key
    revocationList: memoryRevocationList(), // for one process; for more, sealed-session/redis
  })

// Next bundles pages, route handlers and proxy.ts apart; this makes them share one manager.
const shared = globalThis as { sessions?: ReturnType<typeof create> }
shared.sessions ??= create()
export const sessions = shared.sessions

/** A route handler with a session that it can change. */
export const withSession =
  (handler: (request: Request, session: Session<Data>) => Promise<Response>) =>
  (request: Request) =>
    sessions.handle(request, (session) => handler(request, session))
