/**
 * Receivers for an identity provider that ends sessions: OpenID Connect Back-Channel Logout, and
 * security events (CAEP over the Shared Signals Framework).
 *
 * @module
 */

export { type BackChannelLogoutOptions, backChannelLogout } from './logout/back-channel-logout.ts'
export type { Revoker } from './logout/revocation.ts'
export {
  type SecurityEventsOptions,
  type SubjectId,
  securityEvents,
} from './logout/security-events.ts'
export type { ProviderOptions } from './logout/verify.ts'
