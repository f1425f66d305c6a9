/**
 * The claims of what the binding seals, and their wire form. Instants are NumericDate on the wire
 * (RFC 7519 section 2) and milliseconds here.
 */

import type { Codec } from '../cookies/sealed-cookie.ts'
import { parseObject } from '../lib/json.ts'
import { isSid } from '../session/claims.ts'

/** The claims of the bound cookie. */
export interface BoundClaims {
  readonly family: string
  /** When the challenge was made that the browser has answered. */
  readonly provedAt: number
  /** When the key was registered. */
  readonly since: number
}

/** The claims of a challenge, and of the offer to register a key. */
export interface ChallengeClaims {
  readonly family: string
  readonly at: number
  /** When the session is over in any case. */
  readonly limit: number
}

/** The public key of a browser: a point of P-256, as in a JWK (RFC 7518 section 6.2.1). */
export interface PublicKey {
  readonly x: string
  readonly y: string
}

/**
 * The claims of DBSC's session identifier. The browser sends it with every refresh and with nothing
 * else, so that the key takes no room in a cookie and no write of the session can lose it.
 */
export interface DeviceClaims extends PublicKey {
  readonly family: string
  readonly since: number
  readonly limit: number
}

export const boundCodec: Codec<BoundClaims> = {
  write: ({ family, provedAt, since }) =>
    JSON.stringify({ fam: family, prv: provedAt / 1000, reg: since / 1000 }),
  read(json) {
    const { fam, prv, reg } = parseObject(json) ?? {}
    if (!isSid(fam) || !isInstant(prv) || !isInstant(reg)) return undefined
    return { family: fam, provedAt: toMs(prv), since: toMs(reg) }
  },
}

export const challengeCodec: Codec<ChallengeClaims> = {
  write: ({ family, at, limit }) =>
    JSON.stringify({ fam: family, at: at / 1000, lim: (limit - at) / 1000 }),
  read(json) {
    const { fam, at, lim } = parseObject(json) ?? {}
    if (!isSid(fam) || !isInstant(at) || !isInstant(lim)) return undefined
    return { family: fam, at: toMs(at), limit: toMs(at) + toMs(lim) }
  },
}

export const deviceCodec: Codec<DeviceClaims> = {
  write: ({ family, since, limit, x, y }) =>
    JSON.stringify({ fam: family, reg: since / 1000, lim: (limit - since) / 1000, x, y }),
  read(json) {
    const { fam, reg, lim, x, y } = parseObject(json) ?? {}
    if (!isSid(fam) || !isInstant(reg) || !isInstant(lim)) return undefined
    if (typeof x !== 'string' || typeof y !== 'string') return undefined
    return { family: fam, since: toMs(reg), limit: toMs(reg) + toMs(lim), x, y }
  },
}

const isInstant = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0

// Seconds with a fraction are not exact in binary.
const toMs = (seconds: number): number => Math.round(seconds * 1000)
