/** Seals the claims of a session. Data that does not fit goes to the data store, if there is one. */

import type { SessionClaims } from './claims.ts'
import type { Config } from './config.ts'
import { tooLarge } from './data.ts'

/** Claims, and the token that holds them. */
export interface SealedClaims {
  readonly claims: SessionClaims
  readonly token: string
}

/** Rejects with `too-large`, `keys-unavailable` and `data-unavailable`. */
export async function sealClaims(claims: SessionClaims, config: Config): Promise<SealedClaims> {
  const { cookies, dataStore, now, report, ring } = config
  const { json, limit } = claims
  const store = claims.ref === undefined ? dataStore : undefined
  if (!store?.takes(json)) {
    const token = await cookies.session.seal(claims, await ring(), now())
    if (token.length <= cookies.session.maxTokenLength) return { claims, token }
    if (store === undefined) {
      await report({ type: 'data-too-large', bytes: token.length }, claims.family)
      throw tooLarge(token.length, cookies.session, claims)
    }
  }
  return sealClaims({ ...claims, json: '{}', ref: await store.write(json, limit) }, config)
}
