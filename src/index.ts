/** The core, for any runtime with the Web's `Request`, `Response` and `crypto`. */

export { SessionError, type SessionErrorCode } from './errors.ts'
export { generateKey } from './key-ring.ts'
export type { SessionOptions } from './options.ts'
export {
  memoryRevocationList,
  type RevocationList,
  type RevocationTarget,
} from './revocation-list.ts'
export { type SealOptions, seal, type UnsealOptions, unseal } from './seal.ts'
export { createSessionManager } from './session-manager.ts'
export type {
  Awaitable,
  CookieOptions,
  EndReason,
  Keys,
  LoadOptions,
  Session,
  SessionEvent,
  SessionManager,
  SignInOptions,
  TimeoutOptions,
} from './types.ts'
