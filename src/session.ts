/**
 * One session for the length of one request, as an app sees it: what it may read and do, and when
 * it is too late. Knows nothing of requests, cookies or responses.
 */

import { Calls } from './calls.ts'
import { assertSubject, type SessionClaims } from './claims.ts'
import { SessionError } from './errors.ts'
import { generateSid } from './key-ring.ts'
import { type Found, type Outcome, SessionState, type SessionTools } from './session-state.ts'
import { deadlines, type Limits } from './timeouts.ts'
import type { Session, SignInOptions } from './types.ts'

/** The session behind the interface, with what only the manager uses. */
export class OpenSession<Data extends object> implements Session<Data> {
  /** Whether the app has looked, so that its answer depends on the cookie. */
  used = false
  readonly #tools: SessionTools
  readonly #state: SessionState
  readonly #calls = new Calls()
  readonly #locked: SessionError | undefined
  #status: 'open' | 'committed' | 'destroyed' = 'open'
  #outcome: Outcome | undefined

  constructor(found: Found, tools: SessionTools) {
    this.#tools = tools
    this.#state = new SessionState(found, tools)
    this.#locked = found.status === 'locked' ? found.error : undefined
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
    return iat === undefined ? undefined : Math.max(0, this.#tools.now() - iat) / 1000
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
    return this.#look().data as Partial<Data>
  }

  set data(data: Partial<Data>) {
    this.#assertOpen()
    this.#state.data = data
  }

  // What an app may do

  signIn(subject: string, options: SignInOptions = {}): Promise<void> {
    return this.#begin(async (state) => {
      assertSubject(subject)
      const before = state.claims
      const isSame = before?.subject === subject
      const remembered = options.remember ?? (isSame && before.remembered)
      const next = { ...state.fresh(subject), remembered }
      const data = isSame || before?.subject === undefined ? state.data : {}
      await state.moveTo(next, data, async () => {
        // Of a session that is over already something may still be on its way; nobody waits for that.
        const ending = state.end()
        await (before === undefined ? ending.catch(() => {}) : ending)
      })
      // A sign-in is good by itself: every mark that could end it is older.
      state.chk = next.iat
      state.slide = 'touch'
      state.ended = undefined
    })
  }

  regenerate(): Promise<void> {
    return this.#begin(async (state) => {
      if (state.claims === undefined) return
      const next = { ...state.claims, sid: generateSid(), act: state.act() }
      await state.moveTo(next, state.data, () => state.leave())
    })
  }

  signOutOthers(): Promise<void> {
    return this.#begin(async (state) => {
      const subject = state.claims?.subject
      if (subject === undefined) {
        throw new TypeError('signOutOthers() needs a subject: guard the route with requireSignIn()')
      }
      await state.recheck()
      if (state.claims === undefined) throw new SessionError('ended', 'the session was revoked')
      const { revocation } = this.#tools
      const mark = revocation.mark()
      const next = { ...state.claims, sid: generateSid(), kept: mark + 1, act: state.act() }
      // The mark ends the sid that is left behind as well: only the new one is kept.
      await state.moveTo(next, state.data, () =>
        revocation.revoke({ scope: 'others', subject }, mark),
      )
    })
  }

  destroy(): Promise<void> {
    if (this.#status === 'destroyed') return Promise.resolve()
    if (this.#status === 'committed') return Promise.reject(committed())
    this.used = true
    return this.#calls.begin(async () => {
      const state = this.#state
      this.#status = 'destroyed'
      state.claims = undefined
      state.freeze()
      const { family } = state
      if (family === undefined && this.#locked !== undefined) throw this.#locked
      try {
        await state.end()
      } catch (error) {
        if (family !== undefined) this.#tools.revocation.endHere(family)
        throw error
      }
    })
  }

  touch(): void {
    this.#assertOpen()
    this.#state.slide = 'touch'
  }

  skipTouch(): void {
    this.#assertOpen()
    this.#state.slide = 'skip'
  }

  recheck(): Promise<void> {
    return this.#begin((state) => state.recheck())
  }

  save(): Promise<void> {
    return this.#begin((state) => state.save())
  }

  /** For the manager: awaits what was begun and seals what changed. After a rejection it may be called again. */
  async settle(): Promise<Outcome> {
    if (this.#outcome !== undefined) return this.#outcome
    await this.#calls.settle()
    this.#outcome = await this.#decide()
    if (this.#status === 'open') this.#status = 'committed'
    this.#state.freeze()
    return this.#outcome
  }

  async #decide(): Promise<Outcome> {
    if (this.#status === 'destroyed')
      return { session: 'clear', activity: 'clear', live: undefined }
    if (this.#locked !== undefined) return { session: 'keep', activity: 'keep', live: undefined }
    return this.#state.outcome()
  }

  // When it may

  #look(): SessionState {
    this.used = true
    if (this.#locked !== undefined && this.#status !== 'destroyed') throw this.#locked
    return this.#state
  }

  #assertOpen(): void {
    this.#look()
    if (this.#status === 'committed') throw committed()
    if (this.#status === 'destroyed') {
      throw new SessionError(
        'destroyed',
        'the session was destroyed and cannot be changed any more',
      )
    }
  }

  /** Runs work on the session after what was begun before. Too late is a rejection that nobody swallows. */
  #begin(work: (state: SessionState) => Promise<void>): Promise<void> {
    try {
      this.#assertOpen()
    } catch (error) {
      return Promise.reject(error)
    }
    return this.#calls.begin(async () => {
      this.#assertOpen()
      await work(this.#state)
    })
  }

  /** The claims as they stand once this response has been delivered. */
  #afterResponse(): SessionClaims | undefined {
    const { claims } = this.#look()
    if (claims === undefined || this.#status !== 'open') return claims
    return { ...claims, act: this.#state.act() }
  }

  #deadlines(): Limits | undefined {
    const claims = this.#afterResponse()
    return claims && deadlines(claims, this.#tools.timeouts)
  }
}

const committed = () =>
  new SessionError('committed', 'the response already carries the session: change it before')

const toDate = (instant: number | undefined): Date | undefined =>
  instant === undefined ? undefined : new Date(instant)
