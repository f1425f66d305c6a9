/**
 * The same example with its revocation list, session index and data store on Durable Objects:
 * `npm run start:durable` runs it, with `wrangler.durable.toml`.
 */

import {
  type DataObjectNamespace,
  durableObjectDataStore,
  durableObjectRevocationList,
  durableObjectSessionIndex,
  type RevocationObjectNamespace,
  type SessionIndexObjectNamespace,
} from 'sealed-session/durable-object'
import app from './index.tsx'
import { MAX_DATA, useDataStore, useRevocationList, useSessionIndex } from './sessions.ts'

interface DurableEnv {
  REVOCATIONS: RevocationObjectNamespace
  SESSIONS: SessionIndexObjectNamespace
  SESSION_DATA: DataObjectNamespace
}

useRevocationList((env: unknown) => durableObjectRevocationList((env as DurableEnv).REVOCATIONS))
useSessionIndex((env: unknown) => durableObjectSessionIndex((env as DurableEnv).SESSIONS))
useDataStore((env: unknown) =>
  durableObjectDataStore((env as DurableEnv).SESSION_DATA, { maxData: MAX_DATA }),
)

export { DataObject, RevocationObject, SessionIndexObject } from 'sealed-session/durable-object'
export default app
