/** The core, for any runtime with the Web's `Request`, `Response` and `crypto`. */

export type {
  DataEvent,
  DataStore,
  DataStoreAdapter,
  DataStoreOptions,
} from './contracts/data-store.ts'
export {
  dataStore,
  type MemoryDataStoreOptions,
  memoryDataStore,
} from './contracts/data-store-on.ts'
export type { Description } from './contracts/describe-browser.ts'
export type { BindingEvent } from './contracts/device-binding.ts'
export { migratingRevocationList } from './contracts/migrating-revocation-list.ts'
export {
  type JournalEvent,
  memoryRevocationList,
  type RevocationChanges,
  type RevocationList,
  type RevocationTarget,
} from './contracts/revocation-list.ts'
export type {
  ListedSession,
  SessionIndex,
  SessionIndexEvent,
  SessionIndexOptions,
} from './contracts/session-index.ts'
export { memorySessionIndex, sessionIndexOn } from './contracts/session-index-on.ts'
export type { SessionIndexStore, StoredRecord } from './contracts/session-index-store.ts'
export type { CookieOptions } from './cookies/attributes.ts'
export { type DataIssue, SessionError, type SessionErrorCode } from './lib/errors.ts'
export { journal } from './revocation/journal.ts'
export type { RevocationEvent } from './revocation/revocation.ts'
export { type Awaitable, generateKey, type Keys } from './seal/key-ring.ts'
export type { SealOptions, UnsealOptions } from './seal/purpose.ts'
export { seal, unseal } from './seal/seal.ts'
export type { SessionEvent } from './session/events.ts'
export { logEvents } from './session/log-events.ts'
export { createSessionManager } from './session/manager.ts'
export type { RevokeOptions, SessionManager } from './session/manager-types.ts'
export type { SessionOptions } from './session/options.ts'
export type {
  DataOf,
  EndReason,
  FlashMessage,
  Session,
  SignInOptions,
  TimeoutOptions,
} from './session/types.ts'
export { type OnceOptions, once } from './tokens/once.ts'
export { sign, verify } from './tokens/sign.ts'
