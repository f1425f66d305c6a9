/**
 * What the browser itself asks and is told: the offer to register a key, the registration, and the
 * refresh with a proof (W3C, Device Bound Session Credentials).
 *
 * The requests can come without any cookie, for example after a link from another site, because the
 * cookies are `SameSite=Lax`. So the sealed offer, challenge and identifier speak for themselves, and
 * absent cookies mean nothing. The browser gives its key up at 400, 401, 404 and 429; at 503 it keeps it.
 */

import type { Bindable } from '../contracts/device-binding.ts'
import type { SealedCookie } from '../cookies/sealed-cookie.ts'
import { SessionError } from '../lib/errors.ts'
import { CLOCK_TOLERANCE } from '../lib/limits.ts'
import type { BindingHost } from '../session/config.ts'
import { type Found, findSession } from '../session/load.ts'
import type { BoundMarks } from './bound-marks.ts'
import {
  type BoundClaims,
  type ChallengeClaims,
  challengeCodec,
  type DeviceClaims,
  deviceCodec,
} from './claims.ts'
import { verifyProof } from './proof.ts'
import type { BindingRules } from './rules.ts'
import { SealedText } from './sealed-text.ts'

/** How long the browser can take, in milliseconds. */
const TO_REGISTER = 120_000
const TO_PROVE = 15_000
/** The part of a proof's life that is for the way to the server. */
const MARGIN = 1 / 30

/** What both the exchange with a browser and the requests of its pages work with. */
export interface SharedParts {
  readonly host: BindingHost
  readonly rules: BindingRules
  readonly marks: BoundMarks
  readonly cookie: SealedCookie<BoundClaims>
}

export class Exchange {
  readonly #parts: SharedParts
  readonly #offers: SealedText<ChallengeClaims>
  readonly #challenges: SealedText<ChallengeClaims>
  readonly #devices: SealedText<DeviceClaims>

  constructor(parts: SharedParts) {
    const { host } = parts
    this.#parts = parts
    this.#offers = new SealedText(host, 'offer', challengeCodec, TO_REGISTER)
    this.#challenges = new SealedText(host, 'challenge', challengeCodec, TO_PROVE)
    this.#devices = new SealedText(host, 'device', deviceCodec, host.timeouts.longest)
  }

  isOwn(request: Request): boolean {
    return this.#routeOf(request) !== undefined
  }

  async offer({ family, limit }: Bindable): Promise<string> {
    const { host, rules } = this.#parts
    const challenge = await this.#offers.seal({ family, at: host.now(), limit })
    return `(ES256); path="${rules.path}/register"; challenge="${challenge}"`
  }

  /** Answers a request that is ours. Never rejects for what a client sent. */
  async answer(request: Request): Promise<Response> {
    const isRegistration = this.#routeOf(request) === 'register'
    try {
      return await (isRegistration ? this.#register(request) : this.#refresh(request))
    } catch (error) {
      if (!(error instanceof SessionError)) throw error
      return answer(503, undefined, { 'Retry-After': '5' })
    }
  }

  async #register(request: Request): Promise<Response> {
    const { host } = this.#parts
    const proof = await verifyProof(itemOf(request, 'Secure-Session-Response'))
    const offer = await this.#offers.open(proof?.challenge)
    if (proof === undefined || offer === undefined || !this.#isRecent(offer, TO_REGISTER)) {
      return answer(403)
    }
    const { family, limit } = offer
    const found = await findSession(request, host)
    if (await this.#isOver(found, family, request)) return answer(403)
    const device = { ...proof.key, family, since: host.now(), limit }
    // No cookie yet: so the browser proves at its next request, and only then the session is bound.
    return this.#instruct(await this.#devices.seal(device))
  }

  async #refresh(request: Request): Promise<Response> {
    const { cookie, host, marks, rules } = this.#parts
    const id = itemOf(request, 'Sec-Secure-Session-Id')
    const device = await this.#devices.open(id)
    if (device === undefined || host.now() >= device.limit) return finish()
    const { family, since, limit } = device
    const found = await findSession(request, host)
    if (found.session.status === 'locked') throw found.session.error
    if (await this.#isOver(found, family, request)) return finish()

    const proof = await verifyProof(itemOf(request, 'Secure-Session-Response'), device)
    const challenge = await this.#challenges.open(proof?.challenge)
    const isProved =
      challenge !== undefined && challenge.family === family && this.#isRecent(challenge, TO_PROVE)
    if (!isProved) return this.#challenge(id, { family, at: host.now(), limit })

    const binding = host.hasList ? await marks.bind(family, since, limit) : 'known'
    if (binding === 'other') await host.report({ type: 'second-key' }, family)
    if (binding === 'other' || binding === 'over') return finish()
    if (binding === 'new') await host.report({ type: 'bound' }, family)
    const { at } = challenge
    const token = await cookie.seal({ family, provedAt: at, since }, await host.ring(), host.now())
    // Counted from the challenge: a proof that is sent again gives nothing more. The browser drops the
    // cookie a little before it stops to count, so that none is too late on its way to the server.
    const left = at + rules.lifetime - host.now() - rules.lifetime * MARGIN
    const maxAge = Math.max(1, Math.floor(left / 1000))
    return this.#instruct(id, cookie.write(token, maxAge))
  }

  async #challenge(id: string, claims: ChallengeClaims): Promise<Response> {
    const challenge = await this.#challenges.seal(claims)
    return answer(403, undefined, { 'Secure-Session-Challenge': `"${challenge}";id="${id}"` })
  }

  /** The session instructions, perhaps with the bound cookie. */
  #instruct(id: string, setCookie?: string): Response {
    const { cookie, host, rules } = this.#parts
    const { attributes } = host
    const body = {
      session_identifier: id,
      refresh_url: `${rules.path}/refresh`,
      scope: { include_site: false, scope_specification: [] },
      credentials: [{ type: 'cookie', name: cookie.name, attributes }],
      // Otherwise a link from an identity provider would arrive without a proof. With `None` any page
      // could make the browser spend its quota of proofs.
      allowed_refresh_initiators: /SameSite=None/i.test(attributes) ? [] : ['*'],
    }
    return answer(200, body, setCookie === undefined ? {} : { 'Set-Cookie': setCookie })
  }

  /** Whether the cookies that came say that the session of a family is over, or is another's now. */
  async #isOver({ session, families }: Found, family: string, request: Request): Promise<boolean> {
    if (families.length === 0) return false
    if (!families.some((one) => one.family === family)) return true
    if (session.status === 'live') return session.claims.family !== family
    // Data that the schema refuses for now is no end of the session.
    if (session.status === 'locked' || session.ended === 'data') return false
    return session.ended !== 'revoked' || this.#isEnded(request, family)
  }

  /** Whether this isolate knows a mark that ends the family. */
  async #isEnded(request: Request, family: string): Promise<boolean> {
    const { cookies, now, revocation, ring, timeouts } = this.#parts.host
    const header = request.headers.get('Cookie') ?? ''
    const how = { ring: await ring(), now: now(), longest: timeouts.longest }
    const { claims } = await cookies.session.open(header, how)
    return claims
      .filter((one) => one.family === family)
      .some((one) => FINAL.includes(revocation.endingInMemory(one)?.target.scope))
  }

  #isRecent({ at }: ChallengeClaims, life: number): boolean {
    const age = this.#parts.host.now() - at
    return age < life && age >= -CLOCK_TOLERANCE
  }

  #routeOf({ method, url }: Request): 'register' | 'refresh' | undefined {
    if (method !== 'POST') return undefined
    const { path } = this.#parts.rules
    const { pathname } = new URL(url)
    if (pathname === `${path}/refresh`) return 'refresh'
    return pathname === `${path}/register` ? 'register' : undefined
  }
}

/**
 * Marks that end a whole family. The others end a sid or what has not survived `signOutOthers`, and the
 * request may have left with cookies that the answer to another has replaced meanwhile.
 */
const FINAL: readonly (string | undefined)[] = ['session', 'subject', 'since', 'external', 'all']

/** A string of a header field: browsers send it without the quotes of RFC 9651 section 3.3.3. */
function itemOf({ headers }: Request, name: string): string {
  const value = headers.get(name) ?? ''
  return /^"(.*)"$/.exec(value)?.[1] ?? value
}

/** The browser forgets the key. */
const finish = (): Response => answer(200, { continue: false })

function answer(status: number, body?: object, headers: Record<string, string> = {}): Response {
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' }
  return new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { 'Cache-Control': 'no-store', ...type, ...headers },
  })
}
