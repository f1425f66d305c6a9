/**
 * For Cloudflare Workers: the revocation list, the session index and the data store on KV.
 *
 * @module
 */

export { type DataNamespace, kvDataStore } from './cloudflare/kv-data-store.ts'
export {
  type KvRevocationListOptions,
  kvRevocationList,
  type RevocationNamespace,
} from './cloudflare/kv-revocation-list.ts'
export { kvSessionIndex, type SessionIndexNamespace } from './cloudflare/kv-session-index.ts'
