/**
 * One session for the length of one request, as an app sees it: what it may read and do, and when
 * it is too late. Knows nothing of requests, cookies or responses.
 */

import { onlyMembers } from '../lib/check.ts'
import { SessionError } from '../lib/errors.ts'
import { Calls } from './calls.ts'
import type { SessionClaims } from './claims.ts'
import type { Found } from './load.ts'
import type { Config } from './options.ts'
import { type Outcome, SessionState } from './state.ts'
import { deadlines, type Limits } from './timeouts.ts'
import type { Session, SignInOptions } from './types.ts'

const NOTHING: Outcome = { session: undefined, activity: undefined, isLive: false }

/** The session behind the interface, with what only the manager uses. */
export class RequestSession<Data extends object> implements Session<Data> {
  /** Whether the app has looked, so that its answer depends on the cookie. */
  used = false
  /** What it was loaded from. */
  readonly request: Request
  readonly #config: Config
  readonly #state: SessionState
  readonly #calls = new Calls()
  readonly #locked: SessionError | undefined
  /** Whether the browser has cookies that could be cleared. */
  readonly #came: boolean
  #status: 'open' | 'committed' | 'destroyed' = 'open'
  #destroying: Promise<void> | undefined
  #settling: Promise<Outcome> | undefined

  static {
    // Behind the methods in the prototype chain, where only a property that is none of them gets.
    // Every `await` asks for `then`, which costs 0.1 µs less when it does not get as far as the proxy.
    const strict = new Proxy(Object.prototype, { set: refuseProperty })
    // biome-ignore lint/suspicious/noThenProperty: it says that a session is no promise.
    const base = Object.create(strict, { then: { value: undefined } })
    Object.setPrototypeOf(RequestSession.prototype, base)
  }

  constructor(found: Found, config: Config, request: Request) {
    const { session } = found
    this.request = request
    this.#config = config
    this.#state = new SessionState(found, config)
    this.#locked = session.status === 'locked' ? session.error : undefined
    this.#came = session.status !== 'none' || session.ended !== undefined
  }

  // What it is

  get sid(): string | undefined {
    return this.#look().claims?.sid
  }

  get subject(): string | undefined {
    return this.#look().claims?.subject
  }

  get ended(): Session['ended'] {
    return this.#look().ended
  }

  get remembered(): boolean {
    return this.#look().claims?.remembered ?? false
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

  get data(): Partial<Data> {
    return this.#look().data.value as Partial<Data>
  }

  set data(data: Partial<Data>) {
    const state = this.#assertOpen()
    if (data === undefined)
      throw new TypeError('session.data must be an object; give {} to empty it')
    state.data.value = data
  }

  // What an app may do

  signIn(subject: string, options: SignInOptions = {}): Promise<void> {
    return this.#begin(async (state) => {
      onlyMembers('the options of signIn', options, ['remember', 'endOthers'])
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
      // Without keys nobody knows what to revoke.
      if (this.#locked?.code === 'keys-unavailable') throw this.#locked
    })
    return this.#destroying
  }

  touch(): void {
    this.#assertOpen().activity = 'forced'
  }

  skipTouch(): void {
    this.#assertOpen().activity = 'ignored'
  }

  recheck(): Promise<void> {
    // A stream goes on after commit, and has to notice a sign-out.
    if (this.#status === 'committed') return this.#recheckCommitted()
    return this.#begin((state) => state.recheck())
  }

  save(): Promise<void> {
    return this.#begin((state) => state.save())
  }

  // What only the manager calls

  /** Whether it is one of the manager with this configuration. */
  isOf(config: Config): boolean {
    return this.#config === config
  }

  /** Awaits what was begun and seals what changed. After a rejection it may be called again. */
  settle(): Promise<Outcome> {
    this.#settling ??= this.#settle().catch((error: unknown) => {
      this.#settling = undefined
      throw error
    })
    return this.#settling
  }

  async #settle(): Promise<Outcome> {
    await this.#calls.settle()
    if (this.#status === 'destroyed') return this.#came ? this.#state.cleared() : NOTHING
    // Sealing takes a while, and what comes meanwhile is too late already.
    this.#status = 'committed'
    this.#state.data.freeze()
    if (this.#locked !== undefined) return NOTHING
    try {
      return await this.#state.outcome()
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

  // When it may

  #look(): SessionState {
    this.used = true
    if (this.#locked !== undefined && this.#status !== 'destroyed') throw this.#locked
    return this.#state
  }

  #assertOpen(): SessionState {
    const state = this.#look()
    if (this.#status === 'committed') throw committed()
    if (this.#status === 'open') return state
    throw new SessionError('destroyed', 'the session was destroyed and cannot be changed any more')
  }

  /**
   * Runs work after what was begun before; commit awaits it. After commit nobody would, so that a
   * call in vain is a rejection that the platform reports.
   */
  #begin(work: (state: SessionState) => Promise<void>): Promise<void> {
    this.used = true
    if (this.#status === 'committed') return Promise.reject(committed())
    return this.#calls.begin(async () => work(this.#assertOpen()))
  }

  /** The claims as they stand once this response has been delivered. */
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

/** `session.user = …` would be gone with the request. */
function refuseProperty(_: object, property: string | symbol): never {
  const name = String(property)
  throw new TypeError(
    `a session has no property "${name}": keep it in the data, as session.data.${name}`,
  )
}

const committed = () =>
  new SessionError('committed', 'the response already carries the session: change it before')

const toDate = (instant: number | undefined): Date | undefined =>
  instant === undefined ? undefined : new Date(instant)
