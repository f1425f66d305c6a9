import { createContext, type MiddlewareFunction } from 'react-router'
import { createSessionManager, memoryRevocationList, type Session } from 'sealed-session'

export interface Data {
  theme: string
}

export const sessions = createSessionManager<Data>({
  keys: () => process.env.SESSION_KEYS ?? '', // a function, because a build has no key
  revocationList: memoryRevocationList(), // for one process; for more, sealed-session/redis
})

export const sessionContext = createContext<Session<Data>>()

export const withSession: MiddlewareFunction<Response> = ({ request, context }, next) =>
  sessions.handle(request, (session) => {
    context.set(sessionContext, session)
    return next()
  })
