/**
 * A browser that can bind sessions to its device, as Chromium does: it takes an offer, registers a
 * key, and proves that it holds it whenever the bound cookie is missing. Here the key is made in the
 * test, so that a test can also be the thief.
 */

import { CompactSign, type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose'
import { bindingFrom } from '../../src/binding/device-binding.ts'
import type { DeviceBindingOptions } from '../../src/binding.ts'
import type { SessionManager, SessionOptions } from '../../src/index.ts'
import { type AnyData, type Handler, setUp, Visitor } from '../kit/visitor.ts'

export const BOUND = '__Host-session-bound'
export const LIFETIME = 600
const SITE = 'https://site.example'

export interface Key {
  readonly privateKey: CryptoKey
  readonly jwk: JWK
}

export async function makeKey(): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const { kty, crv, x, y } = await exportJWK(publicKey)
  return { privateKey, jwk: { kty, crv, x, y } as JWK }
}

interface ProofShape {
  readonly header?: Record<string, unknown>
  readonly payload?: Record<string, unknown>
}

/** A proof with a challenge. The first one of a key carries the key. */
export async function prove(
  { privateKey }: Key,
  challenge: string,
  { header = {}, payload = {} }: ProofShape = {},
): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify({ jti: challenge, ...payload }))
  return new CompactSign(bytes)
    .setProtectedHeader({ alg: 'ES256', typ: 'dbsc+jwt', ...header })
    .sign(privateKey)
}

/** What a browser keeps of a registered session. */
export interface Instructions {
  readonly session_identifier: string
  readonly refresh_url: string
  readonly scope: { readonly include_site: boolean }
  readonly credentials: readonly { readonly name: string; readonly attributes: string }[]
  readonly allowed_refresh_initiators: readonly string[]
}

/** The challenge and the path of an offer. */
export function readOffer(response: Response): { path: string; challenge: string } | undefined {
  const offer = response.headers.get('Secure-Session-Registration')
  if (offer === null) return undefined
  const [, path, challenge] = /^\(ES256\); path="([^"]+)"; challenge="([^"]+)"$/.exec(offer) ?? []
  if (path === undefined || challenge === undefined) throw new TypeError('not an offer')
  return { path, challenge }
}

/** The challenge of an answer to a refresh. */
export function readChallenge(response: Response): string {
  const [, challenge] =
    /^"([^"]+)";id="[^"]+"$/.exec(response.headers.get('Secure-Session-Challenge') ?? '') ?? []
  if (challenge === undefined) throw new TypeError('no challenge')
  return challenge
}

export class Device {
  key: Key | undefined
  instructions: Instructions | undefined
  /** The last proof, which Chromium sends first. */
  lastProof: string | undefined
  /** Whether the requests of the browser itself come without cookies, as after a link from elsewhere. */
  isFromElsewhere = false
  readonly manager: SessionManager<AnyData>
  readonly visitor: Visitor

  constructor(manager: SessionManager<AnyData>, visitor: Visitor) {
    this.manager = manager
    this.visitor = visitor
  }

  /** One request of the page: proves first if the bound cookie is missing, and takes an offer. */
  async visit(handler?: Handler, headers: Record<string, string> = {}): Promise<Response> {
    const skipped = await this.proveIfMissing()
    const answer = await this.visitor.visit(handler, { ...headers, ...skipped })
    const offer = readOffer(answer)
    if (offer !== undefined) await this.register(offer)
    return answer
  }

  /** What a request sees. */
  async see<T>(look: (session: Parameters<Handler>[0]) => T): Promise<T> {
    let seen: { value: T } | undefined
    await this.visit((session) => {
      seen = { value: look(session) }
    })
    return (seen as { value: T }).value
  }

  /** Signs in, and proves: the session is bound then. */
  async signIn(subject = 'ada', options = {}): Promise<void> {
    await this.visit((session) => session.signIn(subject, options))
    await this.visit()
  }

  async register({ path, challenge }: { path: string; challenge: string }): Promise<Response> {
    const key = await makeKey()
    const proof = await prove(key, challenge, { header: { jwk: key.jwk } })
    const answer = await this.send(path, { 'Secure-Session-Response': proof })
    if (answer.status !== 200) return answer
    this.key = key
    this.instructions = (await answer.clone().json()) as Instructions
    this.lastProof = undefined
    return answer
  }

  /** The header of a request that goes out without a proof. */
  async proveIfMissing(): Promise<Record<string, string>> {
    const { instructions } = this
    const [credential] = instructions?.credentials ?? []
    if (credential === undefined || this.visitor.jar.get(credential.name) !== undefined) return {}
    const answer = await this.refresh()
    return answer.status === 200 ? {} : { 'Secure-Session-Skipped': 'server_error' }
  }

  /** `pause` is what happens between the challenge and the proof. */
  async refresh(pause: () => void = () => {}): Promise<Response> {
    const { key, instructions } = this
    if (key === undefined || instructions === undefined) throw new Error('not registered')
    const { session_identifier: id, refresh_url: url } = instructions
    const last = this.lastProof ? { 'Secure-Session-Response': this.lastProof } : {}
    const first = await this.send(url, { 'Sec-Secure-Session-Id': id, ...last })
    if (first.status !== 403) return this.#taken(first)
    this.lastProof = await prove(key, readChallenge(first))
    pause()
    const headers = { 'Sec-Secure-Session-Id': id, 'Secure-Session-Response': this.lastProof }
    return this.#taken(await this.send(url, headers))
  }

  /** A request of the browser itself. Its cookies are taken. */
  async send(path: string, headers: Record<string, string>): Promise<Response> {
    const answer = await this.manager.answerBinding(this.ownRequest(path, headers))
    if (answer === undefined) throw new Error(`${path} is not one of the binding's routes`)
    this.visitor.jar.store(answer, SITE)
    return answer
  }

  ownRequest(path: string, headers: Record<string, string> = {}): Request {
    const cookie = this.isFromElsewhere ? '' : this.visitor.jar.headerFor(SITE)
    return new Request(`${SITE}${path}`, {
      method: 'POST',
      headers: { ...headers, ...(cookie ? { cookie } : {}) },
    })
  }

  async #taken(answer: Response): Promise<Response> {
    if ([400, 401, 429].includes(answer.status)) this.instructions = undefined
    const body = answer.status === 200 ? await answer.clone().json() : undefined
    if ((body as { continue?: boolean } | undefined)?.continue === false) {
      this.instructions = undefined
    }
    return answer
  }
}

type BindingSetUp = Partial<SessionOptions<AnyData>> & {
  readonly device?: Partial<DeviceBindingOptions>
}

/** A manager with a binding, and a browser that can bind. Durations may be short. */
export function setUpBinding({ device = {}, ...options }: BindingSetUp = {}) {
  const binding = () =>
    bindingFrom({ policy: 'when-supported', ...device }, { lifetime: 1, grace: 1 })
  const site = setUp({ binding: binding(), ...options })
  const { manager, clock, keys, list, visitor } = site
  return {
    ...site,
    device: new Device(manager, visitor),
    /** Another browser at the same manager. */
    another: () => new Device(manager, new Visitor(manager, clock)),
    /** Another server with the same keys and list. */
    anotherManager: () =>
      setUp({ keys, revocationList: list, now: clock, binding: binding(), ...options }).manager,
  }
}
