/**
 * The same example with its revocation list on a Durable Object: `npm run start:durable` runs it, with
 * `wrangler.durable.toml`.
 */

import {
  durableObjectRevocationList,
  type RevocationObjectNamespace,
} from 'sealed-session/durable-object'
import app from './index.tsx'
import { useRevocationList } from './sessions.ts'

interface DurableEnv {
  REVOCATIONS: RevocationObjectNamespace
}

useRevocationList((env: unknown) => durableObjectRevocationList((env as DurableEnv).REVOCATIONS))

export { RevocationObject, SessionIndexObject } from 'sealed-session/durable-object'
export default app
