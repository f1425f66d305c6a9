/**
 * For Cloudflare Workers: the revocation list, the session index and the data store on KV, and events
 * in Analytics Engine.
 *
 * @module
 */

export { analyticsEvents, type EventDataset } from './cloudflare/analytics-events.ts'
export { type DataNamespace, kvDataStore } from './cloudflare/kv-data-store.ts'
export {
  type KvRevocationListOptions,
  kvRevocationList,
  type RevocationNamespace,
} from './cloudflare/kv-revocation-list.ts'
export { kvSessionIndex, type SessionIndexNamespace } from './cloudflare/kv-session-index.ts'
