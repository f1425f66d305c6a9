/**
 * What becomes of a session in one request: its claims, its data, and what a response has to carry
 * of them. Seals and asks through what it is handed. When an app may do what is `session.ts`'s
 * business.
 */

import type { ActivityClaims, SessionClaims } from './claims.ts'
import type { SessionError } from './errors.ts'
import { deepFreeze, toJson } from './json.ts'
import { generateSid } from './key-ring.ts'
import type { Revocation } from './revocation.ts'
import { type Timeouts, touchDue } from './timeouts.ts'
import type { EndReason } from './types.ts'

/** What a session is handed. */
export interface SessionTools {
  readonly now: () => number
  readonly timeouts: Timeouts
  readonly revocation: Revocation
  /** What the app's schema makes of data. Rejects with `data`. */
  readonly validate: (data: object) => Promise<object>
  /** Rejects with `too-large`. */
  readonly sealSession: (claims: SessionClaims) => Promise<string>
  readonly sealActivity: (claims: ActivityClaims) => Promise<string>
}

/** What `load` found: nothing that counts, a session, or one that nobody can vouch for now. */
export type Found =
  | {
      readonly status: 'none'
      readonly ended: EndReason | undefined
      /** Of the session that came and is over. */
      readonly family: string | undefined
    }
  | {
      readonly status: 'live'
      /** With the last activity that either cookie knows. */
      readonly claims: SessionClaims
      readonly chk: number | undefined
      /** Whether the activity cookie is missing, or behind on the check. */
      readonly activityIsStale: boolean
      /** Whether the request counts as activity until the handler says otherwise. */
      readonly isActivity: boolean
    }
  | {
      readonly status: 'locked'
      readonly error: SessionError
      readonly family: string | undefined
    }

/** What `commit` has to write. */
export interface Outcome {
  readonly session: { readonly token: string } | 'clear' | 'keep'
  readonly activity: { readonly token: string } | 'clear' | 'keep'
  /** The session that lives on after this response. */
  readonly live: SessionClaims | undefined
}

/** Claims before the data is put in. */
export type NextClaims = Omit<SessionClaims, 'json'>

const EMPTY = '{}'

export class SessionState {
  claims: SessionClaims | undefined
  ended: EndReason | undefined
  /** The last real revocation check. */
  chk: number | undefined
  /** Whether this request moves the idle deadline, and if not, whether a read may set a cookie all the same. */
  slide: 'touch' | 'passive' | 'skip' = 'touch'
  /** What a sign-out ends: also when the sid that came had been left, and its successor is on its way. */
  family: string | undefined
  /** The sid that the browser holds. */
  #arrived: string | undefined
  readonly #tools: SessionTools
  #activityIsStale = false
  /** The seal made for this response. */
  #token: string | undefined
  /** The app's data, once it has been looked at. */
  #data: object | undefined
  /** The data's JSON as it came or was last sealed. */
  #baseline = EMPTY
  #isFrozen = false

  constructor(found: Found, tools: SessionTools) {
    this.#tools = tools
    this.family = found.status === 'live' ? found.claims.family : found.family
    if (found.status === 'none') this.ended = found.ended
    if (found.status !== 'live') return
    this.claims = found.claims
    this.#arrived = found.claims.sid
    this.chk = found.chk
    this.slide = found.isActivity ? 'touch' : 'passive'
    this.#activityIsStale = found.activityIsStale
    this.#baseline = found.claims.json
  }

  get data(): object {
    if (this.#data === undefined) {
      this.#data = JSON.parse(this.#baseline) as object
      if (this.#isFrozen) deepFreeze(this.#data)
    }
    return this.#data
  }

  set data(data: object) {
    this.#data = data
  }

  /** From here on a change of the data throws instead of getting lost. */
  freeze(): void {
    this.#isFrozen = true
    deepFreeze(this.#data)
  }

  /** Last activity once this response has been delivered. */
  act(): number {
    const now = this.#tools.now()
    if (this.claims === undefined) return now
    return this.#slides() ? Math.max(this.claims.act, now) : this.claims.act
  }

  /** A session that begins now. */
  fresh(subject: string | undefined): NextClaims {
    const iat = this.#tools.revocation.start(subject)
    const sid = generateSid()
    return { sid, family: sid, iat, kept: undefined, act: iat, subject, remembered: false }
  }

  /**
   * Goes on with new claims. Seals before it leaves the old sid, so that data which does not fit
   * costs nobody the session. Data that cannot be sealed is dropped.
   */
  async moveTo(next: NextClaims, data: object, leave?: () => Promise<void>): Promise<void> {
    const keepsData = data === this.#data
    const sealed = await this.#seal(next, data)
    await leave?.()
    this.claims = sealed.claims
    this.#token = sealed.token
    // Measured on what the handler holds, which a schema may have made something else of.
    this.#baseline = JSON.stringify(data)
    if (!keepsData) this.#leaveData()
  }

  /** Seals the data under the sid that it has. */
  save(): Promise<void> {
    const next = this.claims ?? this.fresh(undefined)
    return this.moveTo(
      { ...next, act: this.claims === undefined ? next.act : this.act() },
      this.data,
    )
  }

  /** Revokes the sid that the browser holds, because the session goes on under another. */
  async leave(): Promise<void> {
    const sid = this.#arrived
    if (sid !== undefined) await this.#tools.revocation.revoke({ scope: 'left', sid })
    this.#arrived = undefined
  }

  /** Ends the session that came, with all that was made of it. */
  async end(): Promise<void> {
    const sid = this.family
    if (sid !== undefined) await this.#tools.revocation.revoke({ scope: 'session', sid })
    this.family = this.#arrived = undefined
  }

  /** Asks the revocation list now. */
  async recheck(): Promise<void> {
    if (this.claims === undefined) return
    const verdict = await this.#tools.revocation.recheck(this.claims, this.chk)
    if (verdict.status === 'unavailable') throw verdict.error
    if (verdict.status === 'good') {
      this.#activityIsStale ||= verdict.checkedAt !== this.chk
      this.chk = verdict.checkedAt
      return
    }
    this.claims = this.#arrived = this.#token = undefined
    this.ended = 'revoked'
    this.#baseline = EMPTY
    this.#leaveData()
  }

  /** Seals what changed and says what the response has to carry. */
  async outcome(): Promise<Outcome> {
    if (this.#isChanged()) await this.save()
    if (this.claims === undefined) return { session: 'keep', activity: 'keep', live: undefined }
    const { sid } = this.claims
    const act = this.act()
    const isDue =
      this.#slides() || sid !== this.#arrived || (this.#activityIsStale && this.slide !== 'skip')
    this.claims = { ...this.claims, act }
    const activity = isDue
      ? { token: await this.#tools.sealActivity({ sid, act, chk: this.chk }) }
      : ('keep' as const)
    const session = this.#token === undefined ? ('keep' as const) : { token: this.#token }
    return { session, activity, live: this.claims }
  }

  #slides(): boolean {
    const { now, timeouts } = this.#tools
    return this.slide === 'touch' && touchDue(this.claims?.act ?? 0, now(), timeouts)
  }

  #isChanged(): boolean {
    if (this.#data === undefined) return false
    try {
      return toJson(this.#data, 'data') !== this.#baseline
    } catch {
      // Sealing it says what about it cannot be sealed.
      return true
    }
  }

  async #seal(next: NextClaims, data: object): Promise<{ claims: SessionClaims; token: string }> {
    try {
      const claims = { ...next, json: toJson(await this.#tools.validate(data), 'data') }
      return { claims, token: await this.#tools.sealSession(claims) }
    } catch (error) {
      this.#leaveData()
      throw error
    }
  }

  /** Back to the baseline. Whoever still holds the data left behind cannot change it unawares. */
  #leaveData(): void {
    if (this.#data !== undefined) Object.freeze(this.#data)
    this.#data = undefined
  }
}
