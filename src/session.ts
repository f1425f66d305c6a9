/**
 * One session for the length of one request: its data, its deadlines, and what changed. It is
 * handed the calls it needs and does no I/O of its own; `session-manager.ts` loads and commits it.
 */

import { Calls } from './calls.ts'
import { type ActivityClaims, assertSubject, type SessionClaims } from './claims.ts'
import { SessionError } from './errors.ts'
import { deepFreeze, toJson } from './json.ts'
import { generateSid } from './key-ring.ts'
import type { Revocation } from './revocation.ts'
import { deadlines, type Limits, type Timeouts, touchDue } from './timeouts.ts'
import type { EndReason, Session, SignInOptions } from './types.ts'

/** What a session is handed. */
export interface SessionTools {
  readonly now: () => number
  readonly timeouts: Timeouts
  readonly revocation: Revocation
  /** Checks data against the app's schema, and rejects with `data`. */
  readonly validate: (data: object) => Promise<object>
  /** Rejects with `too-large`. */
  readonly sealSession: (claims: SessionClaims) => Promise<string>
  readonly sealActivity: (claims: ActivityClaims) => Promise<string>
}

/** What `load` found. */
export type Found =
  | { readonly status: 'none'; readonly ended: EndReason | undefined }
  | {
      readonly status: 'live'
      /** With `act` and `chk` the latest that either cookie knows. */
      readonly claims: SessionClaims
      readonly chk: number | undefined
      /** Whether the activity cookie is missing, or behind on the check. */
      readonly activityIsStale: boolean
      /** Whether the request counts as activity until the handler says otherwise. */
      readonly isActivity: boolean
    }
  | { readonly status: 'locked'; readonly error: SessionError; readonly sid: string | undefined }

/** What `commit` has to write. */
export interface Outcome {
  readonly session: { readonly token: string } | 'clear' | 'keep'
  readonly activity: { readonly token: string } | 'clear' | 'keep'
  /** The session that lives on after this response. */
  readonly live: SessionClaims | undefined
}

/** Whether this request moves the idle deadline, and if not, whether it may set a cookie all the same. */
type Slide = 'touch' | 'passive' | 'skip'

const NOTHING: Outcome = { session: 'keep', activity: 'keep', live: undefined }
const CLEARED: Outcome = { session: 'clear', activity: 'clear', live: undefined }
const EMPTY = '{}'

/** The session behind the interface, with what only the manager calls. */
export class OpenSession<Data extends object> implements Session<Data> {
  /** Whether the app has looked, so that its answer depends on the cookie. */
  used = false
  readonly #tools: SessionTools
  readonly #calls = new Calls()
  #status: 'open' | 'committed' | 'destroyed' = 'open'
  #locked: SessionError | undefined
  #ended: EndReason | undefined
  #claims: SessionClaims | undefined
  #chk: number | undefined
  #slide: Slide = 'touch'
  #activityIsStale = false
  /** The sid that a browser holds, and that is revoked when the session leaves it. */
  #arrived: string | undefined
  /** The seal made for this response. */
  #token: string | undefined
  /** The app's data once it has been looked at. */
  #data: Partial<Data> | undefined
  /** The data's JSON as it came or was last sealed. */
  #baseline = EMPTY
  #outcome: Outcome | undefined

  constructor(found: Found, tools: SessionTools) {
    this.#tools = tools
    if (found.status === 'none') {
      this.#ended = found.ended
    } else if (found.status === 'locked') {
      this.#locked = found.error
      this.#arrived = found.sid
    } else {
      this.#claims = found.claims
      this.#arrived = found.claims.sid
      this.#baseline = found.claims.json
      this.#chk = found.chk
      this.#activityIsStale = found.activityIsStale
      this.#slide = found.isActivity ? 'touch' : 'passive'
    }
  }

  // What it is

  get sid(): string | undefined {
    return this.#look()?.sid
  }

  get subject(): string | undefined {
    return this.#look()?.subject
  }

  get ended(): EndReason | undefined {
    this.#look()
    return this.#ended
  }

  get remembered(): boolean {
    return this.#look()?.remembered ?? false
  }

  get createdAt(): Date | undefined {
    return toDate(this.#look()?.iat)
  }

  get age(): number | undefined {
    const iat = this.#look()?.iat
    return iat === undefined ? undefined : Math.max(0, this.#tools.now() - iat) / 1000
  }

  get lastActivityAt(): Date | undefined {
    return toDate(this.#look() && this.#actAfterResponse())
  }

  get idleExpiresAt(): Date | undefined {
    return toDate(this.#deadlines()?.idle)
  }

  get absoluteExpiresAt(): Date | undefined {
    return toDate(this.#deadlines()?.absolute)
  }

  get data(): Partial<Data> {
    this.#look()
    return this.#currentData()
  }

  set data(data: Partial<Data>) {
    this.#assertOpen()
    this.#data = data
  }

  // What an app may call

  signIn(subject: string, options: SignInOptions = {}): Promise<void> {
    return this.#begin(async () => {
      assertSubject(subject)
      const before = this.#claims
      const isSame = before?.subject === subject
      const next = {
        ...this.#fresh(subject),
        remembered: options.remember ?? (isSame && before.remembered),
      }
      const data = isSame || before?.subject === undefined ? this.#currentData() : {}
      await this.#moveTo(next, data, () => this.#revokeArrived())
      // A sign-in is good by itself: every mark that could end it is older.
      this.#chk = next.iat
      this.#slide = 'touch'
      this.#ended = undefined
    })
  }

  regenerate(): Promise<void> {
    return this.#begin(async () => {
      if (this.#claims === undefined) return
      const next = { ...this.#claims, sid: generateSid(), act: this.#actAfterResponse() }
      await this.#moveTo(next, this.#currentData(), () => this.#revokeArrived())
    })
  }

  signOutOthers(): Promise<void> {
    return this.#begin(async () => {
      if (this.#claims?.subject === undefined) {
        throw new TypeError(
          'signOutOthers() needs a signed-in session; guard the route with requireSignIn()',
        )
      }
      const { subject } = this.#claims
      await this.#recheck()
      if (this.#claims === undefined) throw new SessionError('ended', 'the session was revoked')
      const { revocation } = this.#tools
      const mark = revocation.mark()
      const next = {
        ...this.#claims,
        sid: generateSid(),
        kept: mark + 1,
        act: this.#actAfterResponse(),
      }
      // The mark ends the sid that is left behind as well: only the new one is kept.
      await this.#moveTo(next, this.#currentData(), () =>
        revocation.revoke({ scope: 'others', subject }, mark),
      )
    })
  }

  destroy(): Promise<void> {
    if (this.#status === 'destroyed') return Promise.resolve()
    if (this.#status === 'committed') return Promise.reject(committed())
    this.used = true
    return this.#calls.begin(async () => {
      this.#status = 'destroyed'
      this.#claims = undefined
      deepFreeze(this.#data)
      const sid = this.#arrived
      if (sid === undefined && this.#locked !== undefined) throw this.#locked
      try {
        await this.#revokeArrived()
      } catch (error) {
        if (sid !== undefined) this.#tools.revocation.endHere(sid)
        throw error
      }
    })
  }

  touch(): void {
    this.#assertOpen()
    this.#slide = 'touch'
  }

  skipTouch(): void {
    this.#assertOpen()
    this.#slide = 'skip'
  }

  recheck(): Promise<void> {
    return this.#begin(() => this.#recheck())
  }

  save(): Promise<void> {
    return this.#begin(() => this.#save())
  }

  // What only the manager calls

  /** Awaits what was begun and seals what changed. Rejects and may be called again; then it is final. */
  async settle(): Promise<Outcome> {
    if (this.#outcome !== undefined) return this.#outcome
    await this.#calls.settle()
    const outcome = await this.#decide()
    if (this.#status === 'open') this.#status = 'committed'
    deepFreeze(this.#data)
    this.#outcome = outcome
    return outcome
  }

  async #decide(): Promise<Outcome> {
    if (this.#status === 'destroyed') return CLEARED
    if (this.#locked !== undefined) return NOTHING
    if (this.#isChanged()) await this.#save()
    if (this.#claims === undefined) return NOTHING

    const act = this.#actAfterResponse()
    const { sid } = this.#claims
    const slides =
      this.#slide === 'touch' && touchDue(this.#claims.act, this.#tools.now(), this.#tools.timeouts)
    const isDue =
      slides || sid !== this.#arrived || (this.#activityIsStale && this.#slide !== 'skip')
    this.#claims = { ...this.#claims, act }
    const activity = isDue && (await this.#tools.sealActivity({ sid, act, chk: this.#chk }))
    return {
      session: this.#token === undefined ? 'keep' : { token: this.#token },
      activity: activity === false ? 'keep' : { token: activity },
      live: this.#claims,
    }
  }

  // How it is done

  /** The claims, for whoever looks at them. */
  #look(): SessionClaims | undefined {
    this.used = true
    if (this.#locked !== undefined && this.#status === 'open') throw this.#locked
    return this.#claims
  }

  #assertOpen(): void {
    this.#look()
    if (this.#status === 'committed') throw committed()
    if (this.#status === 'destroyed') {
      throw new SessionError(
        'destroyed',
        'the session was destroyed; it cannot be changed any more',
      )
    }
  }

  #begin(work: () => Promise<void>): Promise<void> {
    try {
      this.#assertOpen()
    } catch (error) {
      return Promise.reject(error)
    }
    return this.#calls.begin(async () => {
      this.#assertOpen()
      await work()
    })
  }

  /** Last activity once this response has been delivered. */
  #actAfterResponse(): number {
    const { now, timeouts } = this.#tools
    const act = this.#claims?.act ?? now()
    const slides =
      this.#status === 'open' && this.#slide === 'touch' && touchDue(act, now(), timeouts)
    return slides ? Math.max(act, now()) : act
  }

  #deadlines(): Limits | undefined {
    const claims = this.#look()
    return claims && deadlines({ ...claims, act: this.#actAfterResponse() }, this.#tools.timeouts)
  }

  #currentData(): Partial<Data> {
    if (this.#data === undefined) {
      this.#data = JSON.parse(this.#baseline) as Partial<Data>
      if (this.#status !== 'open') deepFreeze(this.#data)
    }
    return this.#data
  }

  #isChanged(): boolean {
    if (this.#data === undefined) return false
    try {
      return JSON.stringify(this.#data) !== this.#baseline
    } catch {
      // Sealing it says what cannot be sealed.
      return true
    }
  }

  /** A session that begins now. */
  #fresh(subject: string | undefined): Omit<SessionClaims, 'json'> {
    const iat = this.#tools.revocation.start(subject)
    return { sid: generateSid(), iat, kept: undefined, act: iat, subject, remembered: false }
  }

  async #save(): Promise<void> {
    const next = this.#claims === undefined ? this.#fresh(undefined) : this.#claims
    await this.#moveTo({ ...next, act: this.#actAfterResponse() }, this.#currentData())
  }

  /**
   * Goes on with new claims. Seals before it leaves the old sid, so that data which does not fit
   * costs nobody the session; what cannot be sealed is dropped.
   */
  async #moveTo(
    next: Omit<SessionClaims, 'json'>,
    data: Partial<Data>,
    leave?: () => Promise<void>,
  ): Promise<void> {
    const { validate, sealSession } = this.#tools
    let claims: SessionClaims
    let token: string
    try {
      claims = { ...next, json: toJson(await validate(data), 'data') }
      token = await sealSession(claims)
    } catch (error) {
      this.#replaceData(undefined)
      throw error
    }
    await leave?.()
    this.#claims = claims
    this.#token = token
    // What the schema made of the data is what comes back; what the handler holds is what may change.
    this.#baseline = JSON.stringify(data)
    if (data !== this.#data) this.#replaceData(data)
  }

  /** Changes made to the data that is left behind throw instead of getting lost. */
  #replaceData(data: Partial<Data> | undefined): void {
    if (this.#data !== undefined) Object.freeze(this.#data)
    this.#data = data
  }

  async #revokeArrived(): Promise<void> {
    if (this.#arrived === undefined) return
    await this.#tools.revocation.revoke({ scope: 'session', sid: this.#arrived })
    this.#arrived = undefined
  }

  async #recheck(): Promise<void> {
    if (this.#claims === undefined) return
    const verdict = await this.#tools.revocation.recheck(this.#claims)
    if (verdict.status === 'unavailable') throw verdict.error
    if (verdict.status === 'good') {
      this.#activityIsStale = verdict.checkedAt !== this.#chk
      this.#chk = verdict.checkedAt
      return
    }
    this.#claims = this.#token = this.#arrived = undefined
    this.#ended = 'revoked'
    this.#baseline = EMPTY
    this.#replaceData(undefined)
  }
}

const committed = () =>
  new SessionError('committed', 'the response already carries the session; change it before')

const toDate = (instant: number | undefined): Date | undefined =>
  instant === undefined ? undefined : new Date(instant)
