/** A provider that signs what a test wants, and an app whose sessions it can end. */

import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT, UnsecuredJWT } from 'jose'
import { memoryRevocationList, type RevocationList } from '../../src/index.ts'
import { setUp, testClock, Visitor } from '../kit/visitor.ts'

export const ISSUER = 'https://op.example'
export const AUDIENCE = 'the-client'

const { publicKey, privateKey } = await generateKeyPair('ES256')
const other = await generateKeyPair('ES256')

export const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] }

export type Claims = Record<string, unknown>

/** Signs claims as they are; a member that is `undefined` is left out. */
export async function sign(claims: Claims, header: Partial<JWTHeaderParameters> = {}) {
  const present = Object.entries(claims).filter(([, value]) => value !== undefined)
  const signer = new SignJWT(Object.fromEntries(present))
  const full = { alg: 'ES256', kid: 'one', ...header } as JWTHeaderParameters
  const sign = signer.setProtectedHeader(full)
  return full.crit === undefined
    ? sign.sign(privateKey)
    : sign.sign(privateKey, { crit: { 'http://x/unknown': true } })
}

export const signByAnother = (claims: Claims) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'logout+jwt' })
    .sign(other.privateKey)

export const unsigned = (claims: Claims) => new UnsecuredJWT(claims).encode()

/** An app with sessions, whose list a test can take away. */
export function app() {
  const clock = testClock()
  const memory = memoryRevocationList({ now: clock })
  const state = { isAway: false, writes: 0 }
  const list: RevocationList = {
    read: memory.read,
    write: async (...args) => {
      if (state.isAway) throw new Error('the list is away')
      state.writes++
      await memory.write(...args)
    },
  }
  const { manager } = setUp({ now: clock, revocationList: list })
  async function signedIn(subject: string, sid?: string): Promise<Visitor> {
    const visitor = new Visitor(manager, clock)
    const external = [ISSUER, sid ?? ''] as const
    await visitor.visit((session) => session.signIn(subject, sid === undefined ? {} : { external }))
    return visitor
  }
  return { clock, manager, state, signedIn }
}

/** Which of the visitors are still signed in. */
export async function live(...visitors: readonly Visitor[]): Promise<boolean[]> {
  const seen: boolean[] = []
  for (const visitor of visitors) {
    seen.push((await visitor.copy().see(({ subject }) => subject)) !== undefined)
  }
  return seen
}
