/**
 * One session during one request, as an app sees it: what the app can read and do, and when it is
 * too late. Knows nothing of requests, cookies or responses.
 */

import type { Outcome } from '../cookies/response.ts'
import { onlyMembers } from '../lib/check.ts'
import { SessionError } from '../lib/errors.ts'
import { Calls } from './calls.ts'
import type { SessionClaims } from './claims.ts'
import type { Config } from './config.ts'
import type { Found } from './load.ts'
import { NOTHING, SessionState } from './state.ts'
import { deadlines, type Limits } from './timeouts.ts'
import type { DataOf, FlashMessage, Session, SignInOptions } from './types.ts'

/** The implementation of `Session`, with the members that only the manager uses. */
export class RequestSession<Data extends object> implements Session<Data> {
  /** Whether the app has used the session, so that its response depends on the cookie. */
  used = false
  /** The request that it was loaded from. */
  readonly request: Request
  readonly #config: Config
  readonly #state: SessionState
  readonly #calls = new Calls()
  readonly #locked: SessionError | undefined
  /** Whether the browser sent cookies that `destroy()` has to clear. */
  readonly #hasCookies: boolean
  #status: 'open' | 'committed' | 'destroyed' = 'open'
  #destroying: Promise<void> | undefined
  #settling: Promise<Outcome> | undefined
  #failure: unknown

  static {
    // The proxy is the last object in the prototype chain, so only unknown properties reach it.
    // Every `await` reads `then`; that costs 0.1 µs less when it does not reach the proxy.
    const strict = new Proxy(Object.prototype, { set: refuseProperty })
    // biome-ignore lint/suspicious/noThenProperty: it says that a session is no promise.
    const base = Object.create(strict, { then: { value: undefined } })
    Object.setPrototypeOf(RequestSession.prototype, base)
  }

  constructor(found: Found, config: Config, request: Request) {
    const { session } = found
    this.request = request
    this.#config = config
    this.#state = new SessionState(found, config, request)
    this.#locked = session.status === 'locked' ? session.error : undefined
    this.#hasCookies = session.status !== 'none' || session.ended !== undefined
  }

  // What an app can read

  get sid(): string | undefined {
    return this.#look().claims?.sid
  }

  get family(): string | undefined {
    return this.#look().claims?.family
  }

  get subject(): string | undefined {
    return this.#look().claims?.subject
  }

  async subjectTags(): Promise<readonly string[]> {
    const { subject } = this
    if (subject === undefined) return []
    const keys = await this.#config.ring()
    return Promise.all(keys.map((key) => key.subjectTag(subject)))
  }

  get ended(): Session['ended'] {
    return this.#look().ended
  }

  get remembered(): boolean {
    return this.#look().claims?.remembered ?? false
  }

  get bound(): Date | undefined {
    const { binding, claims } = this.#look()
    return toDate(claims && binding?.since)
  }

  get proofAge(): number | undefined {
    const { binding, claims } = this.#look()
    return claims && binding?.age
  }

  get createdAt(): Date | undefined {
    return toDate(this.#look().claims?.iat)
  }

  get age(): number | undefined {
    const iat = this.#look().claims?.iat
    return iat === undefined ? undefined : Math.max(0, this.#config.now() - iat) / 1000
  }

  get lastActivityAt(): Date | undefined {
    return toDate(this.#afterResponse()?.act)
  }

  get idleExpiresAt(): Date | undefined {
    return toDate(this.#deadlines()?.idle)
  }

  get absoluteExpiresAt(): Date | undefined {
    return toDate(this.#deadlines()?.absolute)
  }

  get data(): DataOf<Data> {
    const { data } = this.#look()
    try {
      return data.value as DataOf<Data>
    } catch (error) {
      this.#failure = error
      throw error
    }
  }

  set data(data: DataOf<Data>) {
    const state = this.#assertOpen()
    if (data === undefined)
      throw new TypeError('session.data must be an object; give {} to empty it')
    state.data.value = data as object
  }

  // What an app can do

  signIn(subject: string, options: SignInOptions = {}): Promise<void> {
    return this.#begin(async (state) => {
      onlyMembers('the options of signIn', options, ['remember', 'endOthers', 'external'])
      await state.signIn(subject, options)
    })
  }

  regenerate(): Promise<void> {
    return this.#begin((state) => state.regenerate())
  }

  signOutOthers(): Promise<void> {
    return this.#begin((state) => state.signOutOthers())
  }

  destroy(): Promise<void> {
    this.used = true
    if (this.#status === 'committed') return Promise.reject(committed())
    this.#destroying ??= this.#calls.begin(async () => {
      this.#status = 'destroyed'
      await this.#state.destroy()
      // Without keys the cookies cannot be opened, so there is no sid to revoke.
      if (this.#locked?.code === 'keys-unavailable') throw this.#locked
    })
    return this.#destroying
  }

  touch(): void {
    this.#assertOpen().activity.mode = 'forced'
  }

  skipTouch(): void {
    this.#assertOpen().activity.mode = 'ignored'
  }

  askForProof(): void {
    this.#assertOpen().binding?.askForProof()
  }

  recheck(): Promise<void> {
    // A stream goes on after commit and must notice a sign-out.
    if (this.#status === 'committed') return this.#recheckCommitted()
    return this.#begin((state) => state.recheck())
  }

  save(): Promise<void> {
    return this.#begin((state) => state.save())
  }

  flash(name: string, data?: unknown): void {
    // A sign-out has a message too.
    const state = this.#status === 'destroyed' ? this.#state : this.#assertOpen()
    state.flash.add(name, data)
  }

  takeFlash(): Promise<readonly FlashMessage[]> {
    return this.#begin((state) => state.flash.take())
  }

  // For the manager

  /** The last error that the app got. A framework may have answered it without knowing it. */
  get failure(): unknown {
    return this.#failure ?? this.#calls.failure
  }

  /** Whether it belongs to the manager with this configuration. */
  isOf(config: Config): boolean {
    return this.#config === config
  }

  /**
   * Awaits the calls that were begun and seals what changed. After a rejection it can be called
   * again.
   */
  settle(): Promise<Outcome> {
    this.#settling ??= this.#settle().catch((error: unknown) => {
      this.#settling = undefined
      throw error
    })
    return this.#settling
  }

  async #settle(): Promise<Outcome> {
    await this.#calls.settle()
    if (this.#status === 'destroyed') {
      return this.#state.withOthers(this.#hasCookies ? this.#state.cleared() : NOTHING)
    }
    // Sealing takes a while. A change during that time is already too late.
    this.#status = 'committed'
    this.#state.data.freeze()
    if (this.#locked !== undefined) return this.#state.withOthers(NOTHING)
    try {
      return await this.#state.withOthers(await this.#state.outcome())
    } catch (error) {
      this.#status = 'open'
      this.#state.data.reset()
      throw error
    }
  }

  async #recheckCommitted(): Promise<void> {
    await this.#look().recheck()
    this.#state.data.freeze()
  }

  // Whether it can be used now

  #look(): SessionState {
    this.used = true
    if (this.#locked === undefined || this.#status === 'destroyed') return this.#state
    this.#failure = this.#locked
    throw this.#locked
  }

  #assertOpen(): SessionState {
    const state = this.#look()
    if (this.#status === 'committed') throw committed()
    if (this.#status === 'open') return state
    throw new SessionError('destroyed', 'the session was destroyed')
  }

  /**
   * Runs work after the calls that were begun before it. Commit awaits it. After commit nothing
   * would await it, so the call rejects, and the platform reports the rejection if the app ignores
   * it.
   */
  #begin<T>(work: (state: SessionState) => Promise<T>): Promise<T> {
    this.used = true
    if (this.#status === 'committed') return Promise.reject(committed())
    return this.#calls.begin(async () => work(this.#assertOpen()))
  }

  /** The claims once this response has been delivered. */
  #afterResponse(): SessionClaims | undefined {
    const { claims } = this.#look()
    if (claims === undefined || this.#status !== 'open') return claims
    return { ...claims, act: this.#state.act() }
  }

  #deadlines(): Limits | undefined {
    const claims = this.#afterResponse()
    return claims && deadlines(claims, this.#config.timeouts)
  }
}

/** `session.user = …` would be lost at the end of the request. */
function refuseProperty(_: object, property: string | symbol): never {
  const name = String(property)
  throw new TypeError(`a session has no property "${name}": keep it in session.data.${name}`)
}

const committed = () =>
  new SessionError('committed', 'the response has begun: change the session before that')

const toDate = (instant: number | undefined): Date | undefined =>
  instant === undefined ? undefined : new Date(instant)
