/**
 * For Cloudflare Workers: the revocation list on KV.
 *
 * @module
 */

export {
  type KvRevocationListOptions,
  kvRevocationList,
  type RevocationNamespace,
} from './cloudflare/kv-revocation-list.ts'
