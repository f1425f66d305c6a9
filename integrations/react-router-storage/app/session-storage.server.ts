import { createSessionManager, memoryRevocationList, type Session } from 'sealed-session'

interface Data {
  theme: string
}

export const sessions = createSessionManager<Data>({
  keys: () => process.env.SESSION_KEYS ?? '', // a function, because a build has no key
  revocationList: memoryRevocationList(), // for one process; for more, sealed-session/redis
})

export const getSession = (request: Request) => sessions.load(request)

/** The headers for `redirect` or `data`, with whatever other headers they are to have. */
export async function commitSession(session: Session<Data>, headers?: HeadersInit) {
  const committed = await sessions.commit(session, new Response(null, headers ? { headers } : {}))
  return committed.headers
}
