/**
 * Verifies a token that a provider signed: signature, issuer, audience, type and age. Knows nothing of
 * events, subjects or responses.
 */

import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose'
import { kindOf } from '../lib/check.ts'
import { SessionError } from '../lib/errors.ts'
import { isObject } from '../lib/json.ts'
import { systemClock } from '../lib/platform.ts'

/** The provider whose tokens are accepted. */
export interface ProviderOptions {
  /** The `iss` of the provider, exactly as its ID tokens have it. Required. */
  issuer: string
  /** The `aud` of tokens for this app: its client id. Required. */
  audience: string
  /** The URL of the provider's keys (`jwks_uri` of its metadata), or the keys themselves. Required. */
  jwks: string | URL | JSONWebKeySet
  /** The clock, in milliseconds like `Date.now`, for tests. */
  now?: () => number
}

/** A token that must not be acted on. The message is for the sender, and holds nothing of the token. */
export class RefusedToken extends Error {}

/** The claims of a token, once it is verified. */
export interface Verified extends JWTPayload {
  iat: number
  events: Record<string, unknown>
}

/** What tokens of a receiver look like. */
export interface TokenRules {
  /** The values of `typ` that are accepted, in lower case. */
  readonly types: readonly (string | undefined)[]
  /** The greatest age of `iat`, in seconds. */
  readonly maxAge: number
}

// Asymmetric ones only: a provider's public key must never verify an HMAC (RFC 8725 section 3.1).
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]

/** How far the provider's clock can differ, in seconds. */
const CLOCK_TOLERANCE = 60

/** The options that `verifier` reads, for the check of unknown ones. */
export const PROVIDER_OPTIONS = ['issuer', 'audience', 'jwks', 'now'] as const

/**
 * Makes the function that verifies tokens. It rejects with `RefusedToken` for a bad token, and with
 * `keys-unavailable` if the provider's keys could not be fetched.
 */
export function verifier(
  { issuer, audience, jwks, now = systemClock }: ProviderOptions,
  { types, maxAge }: TokenRules,
): (token: string) => Promise<Verified> {
  assertText('issuer', issuer)
  assertText('audience', audience)
  const keys = readKeys(jwks)
  return async (token) => {
    const currentDate = new Date(now())
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      algorithms: ALGORITHMS,
      issuer,
      audience,
      currentDate,
      clockTolerance: CLOCK_TOLERANCE,
      // It also requires `iat`, and refuses one from the future.
      maxTokenAge: maxAge,
    }).catch(refuseBadToken)
    const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, '')
    if (!types.includes(type)) throw new RefusedToken('the token has another type')
    if (!isObject(payload.events)) throw new RefusedToken('the token has no events')
    return payload as Verified
  }
}

function assertText(option: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return
  throw new TypeError(`"${option}" must be a non-empty string; got ${kindOf(value)}`)
}

function readKeys(jwks: unknown): JWTVerifyGetKey {
  if (isObject(jwks) && Array.isArray(jwks.keys)) {
    return createLocalJWKSet(jwks as unknown as JSONWebKeySet)
  }
  const isAddress = (typeof jwks === 'string' || jwks instanceof URL) && URL.canParse(jwks)
  if (isAddress) return keysAt(new URL(jwks))
  throw new TypeError(
    `"jwks" must be the URL of the provider's keys, or an object with "keys"; got ${kindOf(jwks)}`,
  )
}

/** The keys at an address. They are fetched again at most every 30 seconds. */
function keysAt(url: URL): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(url)
  return async (header, token) => {
    const isRecent = keys.coolingDown
    try {
      return await keys(header, token)
    } catch (error) {
      if (!isRecent || !(error instanceof errors.JWKSNoMatchingKey)) throw error
      // The provider may have it by now. The sender can try again.
      throw new Error('the key was not among those that were fetched a moment ago')
    }
  }
}

/** Errors of `jose` about the token itself. All others are about the keys, and can pass. */
const ABOUT_THE_TOKEN = [
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
]

function refuseBadToken(error: unknown): never {
  if (error instanceof errors.JWTExpired) throw new RefusedToken('the token is too old')
  if (error instanceof errors.JWTClaimValidationFailed) {
    throw new RefusedToken(`the claim "${error.claim}" of the token is wrong`)
  }
  if (ABOUT_THE_TOKEN.some((known) => error instanceof known)) {
    throw new RefusedToken('the token could not be verified')
  }
  throw new SessionError('keys-unavailable', "the provider's keys could not be read", {
    cause: error,
  })
}
