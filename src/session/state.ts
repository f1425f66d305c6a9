/**
 * What becomes of a session in one request: its claims, its data, and what a response has to carry
 * of them. Seals and revokes through what it is handed. When an app may do what is `session.ts`'s
 * business.
 */

import { assertOptional } from '../lib/check.ts'
import { SessionError } from '../lib/errors.ts'
import type { Revocation } from '../revocation/revocation.ts'
import { generateSid } from '../seal/key-ring.ts'
import { type ActivityClaims, assertSubject, type SessionClaims } from './claims.ts'
import { SessionData } from './data.ts'
import { type Timeouts, touchDue } from './timeouts.ts'
import type { EndReason, SessionEvent } from './types.ts'

/** What a session is handed. */
export interface SessionTools {
  readonly now: () => number
  readonly timeouts: Timeouts
  readonly revocation: Revocation
  readonly report: (event: SessionEvent) => void
  /** What the app's schema makes of the JSON of data. Rejects with `data`. */
  readonly accept: (json: string) => Promise<string>
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
type NextClaims = Omit<SessionClaims, 'json'>

export class SessionState {
  /** Whether this request moves the idle deadline, and if not, whether a read may set a cookie all the same. */
  activity: 'forced' | 'counted' | 'passive' | 'ignored' = 'counted'
  readonly #tools: SessionTools
  #claims: SessionClaims | undefined
  #data = new SessionData()
  #ended: EndReason | undefined
  /** The last real revocation check. */
  #chk: number | undefined
  #activityIsStale = false
  /** The sid that the browser holds. */
  #arrived: string | undefined
  /** What a sign-out ends: also when the sid that came had been left, and its successor is on its way. */
  #family: string | undefined
  /** The seal made for this response. */
  #token: string | undefined

  constructor(found: Found, tools: SessionTools) {
    this.#tools = tools
    this.#family = found.status === 'live' ? found.claims.family : found.family
    if (found.status === 'none') this.#ended = found.ended
    if (found.status !== 'live') return
    this.#claims = found.claims
    this.#data = new SessionData(found.claims.json)
    this.#chk = found.chk
    this.#activityIsStale = found.activityIsStale
    this.#arrived = found.claims.sid
    this.activity = found.isActivity ? 'counted' : 'passive'
  }

  get claims(): SessionClaims | undefined {
    return this.#claims
  }

  get ended(): EndReason | undefined {
    return this.#ended
  }

  get data(): SessionData {
    return this.#data
  }

  /** Last activity once this response has been delivered. */
  act(): number {
    const now = this.#tools.now()
    if (this.#claims === undefined) return now
    return this.#slides() ? Math.max(this.#claims.act, now) : this.#claims.act
  }

  async signIn(subject: string, remember: boolean | undefined): Promise<void> {
    assertSubject(subject)
    assertOptional('remember', remember, 'boolean')
    const before = this.#claims
    const isSame = before?.subject === subject
    const remembered = remember ?? (isSame && before.remembered)
    const data = isSame || before?.subject === undefined ? this.#data : new SessionData()
    await this.#moveTo({ ...this.#fresh(subject), remembered }, data, async () => {
      // Of a session that is over something may still be on its way; no sign-in fails for that.
      await this.#end().catch((error) => {
        if (before !== undefined) throw error
      })
    })
    // A sign-in is good by itself: every mark that could end it is older.
    this.#chk = this.#claims?.iat
    this.#ended = undefined
    this.activity = 'counted'
  }

  async regenerate(): Promise<void> {
    if (this.#claims === undefined) return
    const next = { ...this.#claims, sid: generateSid(), act: this.act() }
    await this.#moveTo(next, this.#data, async () => {
      if (this.#arrived !== undefined) await this.#tools.revocation.leave(this.#arrived)
      this.#arrived = undefined
    })
  }

  async signOutOthers(): Promise<void> {
    const subject = this.#claims?.subject
    if (subject === undefined) {
      throw new TypeError('signOutOthers() needs a subject: guard the route with requireSignIn()')
    }
    await this.recheck()
    if (this.#claims === undefined) throw new SessionError('ended', 'the session was revoked')
    const { revocation } = this.#tools
    const { iat, kept = iat } = this.#claims
    // It ends the sid that is left behind as well, even one of a server whose clock is ahead.
    const mark = Math.max(revocation.mark(), kept)
    const next = { ...this.#claims, sid: generateSid(), kept: mark + 1, act: this.act() }
    await this.#moveTo(next, this.#data, () =>
      revocation.revoke({ scope: 'others', subject }, mark),
    )
  }

  /** Ends the session, here even if the list cannot be told. */
  async destroy(): Promise<void> {
    this.#claims = undefined
    this.#data.freeze()
    const family = this.#family
    try {
      await this.#end()
    } catch (error) {
      if (family !== undefined) this.#tools.revocation.endHere(family)
      throw error
    }
  }

  /** Asks the revocation list now. */
  async recheck(): Promise<void> {
    if (this.#claims === undefined) return
    const verdict = await this.#tools.revocation.recheck(this.#claims)
    if (verdict.status === 'unavailable') throw verdict.error
    if (verdict.status === 'good') {
      const checkedAt = verdict.checkedAt ?? this.#chk
      this.#activityIsStale ||= checkedAt !== this.#chk
      this.#chk = checkedAt
      return
    }
    this.#tools.report({ type: 'ended', reason: 'revoked' })
    this.#claims = this.#arrived = this.#token = undefined
    this.#ended = 'revoked'
    this.#leaveData(new SessionData())
  }

  /** Seals the data under the sid that it has. */
  save(): Promise<void> {
    const next = this.#claims ? { ...this.#claims, act: this.act() } : this.#fresh(undefined)
    return this.#moveTo(next, this.#data)
  }

  /** Seals what changed and says what the response has to carry. */
  async outcome(): Promise<Outcome> {
    if (this.#data.isChanged()) await this.save()
    if (this.#claims === undefined) return { session: 'keep', activity: 'keep', live: undefined }
    const { sid } = this.#claims
    const act = this.act()
    const isDue =
      this.#slides() ||
      sid !== this.#arrived ||
      (this.#activityIsStale && this.activity !== 'ignored')
    const activity = isDue
      ? { token: await this.#tools.sealActivity({ sid, act, chk: this.#chk }) }
      : 'keep'
    this.#claims = { ...this.#claims, act }
    const session = this.#token === undefined ? 'keep' : { token: this.#token }
    return { session, activity, live: this.#claims }
  }

  #slides(): boolean {
    const { now, timeouts } = this.#tools
    if (this.activity === 'forced') return true
    return this.activity === 'counted' && touchDue(this.#claims?.act ?? 0, now(), timeouts)
  }

  /** A session that begins now. */
  #fresh(subject: string | undefined): NextClaims {
    const iat = this.#tools.revocation.start(subject)
    const sid = generateSid()
    return { sid, family: sid, iat, kept: undefined, act: iat, subject, remembered: false }
  }

  /**
   * Goes on with new claims. Seals before it leaves the old sid, so that data which does not fit
   * costs nobody the session. Data that cannot be sealed is dropped.
   */
  async #moveTo(next: NextClaims, data: SessionData, leave?: () => Promise<void>): Promise<void> {
    const { accept, sealSession } = this.#tools
    let claims: SessionClaims
    let token: string
    // As the handler holds it now: what it changes while this is under way is a change.
    let json: string
    try {
      json = data.json()
      claims = { ...next, json: await accept(json) }
      token = await sealSession(claims)
    } catch (error) {
      this.#data.reset()
      throw error
    }
    await leave?.()
    this.#claims = claims
    this.#token = token
    data.setBaseline(json)
    if (data !== this.#data) this.#leaveData(data)
  }

  #leaveData(data: SessionData): void {
    this.#data.freeze()
    this.#data = data
  }

  /** Ends the session that came, with all that was made of it. */
  async #end(): Promise<void> {
    if (this.#family !== undefined) await this.#tools.revocation.end(this.#family)
    this.#family = this.#arrived = undefined
  }
}
