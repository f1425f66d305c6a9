import { createSessionManager, memoryRevocationList } from 'sealed-session'

interface Data {
  theme: string
}

export const sessions = createSessionManager<Data>({
  keys: () => process.env.SESSION_KEYS ?? '', // a function, because a build has no key
  revocationList: memoryRevocationList(), // for one process; for more, sealed-session/redis
})
