/**
 * For Cloudflare Workers: the revocation list and the session index on KV, and events in Analytics Engine.
 *
 * @module
 */

export { analyticsEvents, type EventDataset } from './cloudflare/analytics-events.ts'
export {
  type KvRevocationListOptions,
  kvRevocationList,
  type RevocationNamespace,
} from './cloudflare/kv-revocation-list.ts'
export { kvSessionIndex, type SessionIndexNamespace } from './cloudflare/kv-session-index.ts'
