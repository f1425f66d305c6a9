/**
 * What an app needs in its own tests: sessions in any state, a clock, a list with troubles, a cookie jar,
 * and the contracts of lists and stores.
 *
 * @module
 */

export { type TestClock, testClock } from './testing/clock.ts'
export type { ContractCase } from './testing/contract-case.ts'
export { CookieJar, type CrossSite } from './testing/cookie-jar.ts'
export { dataStoreContract } from './testing/data-store-contract.ts'
export {
  type ListTrouble,
  TestRevocationList,
  type TestRevocationListOptions,
} from './testing/revocation-list.ts'
export {
  type ContractOptions,
  type MakeRevocationList,
  revocationChangesContract,
  revocationClaimContract,
  revocationListContract,
} from './testing/revocation-list-contract.ts'
export { type SessionState, sessionCookie } from './testing/session-cookie.ts'
export { sessionIndexContract } from './testing/session-index-contract.ts'
