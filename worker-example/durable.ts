/**
 * The same example with its revocation list on a Durable Object: `npm run start:durable` runs it, with
 * `wrangler.durable.toml`.
 */

import {
  durableObjectRevocationList,
  durableObjectSessionIndex,
  type RevocationObjectNamespace,
  type SessionIndexObjectNamespace,
} from 'sealed-session/durable-object'
import app from './index.tsx'
import { useRevocationList, useSessionIndex } from './sessions.ts'

interface DurableEnv {
  REVOCATIONS: RevocationObjectNamespace
  SESSIONS: SessionIndexObjectNamespace
}

useRevocationList((env: unknown) => durableObjectRevocationList((env as DurableEnv).REVOCATIONS))
useSessionIndex((env: unknown) => durableObjectSessionIndex((env as DurableEnv).SESSIONS))

export { RevocationObject, SessionIndexObject } from 'sealed-session/durable-object'
export default app
