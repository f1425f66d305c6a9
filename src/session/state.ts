/**
 * How a session changes during one request: its claims, its data, and the cookies for the response.
 * `session.ts` decides when an app can make which call.
 */

import type { RequestBinding } from '../contracts/device-binding.ts'
import type { Outcome } from '../cookies/response.ts'
import { assertOptional } from '../lib/check.ts'
import { SessionError } from '../lib/errors.ts'
import { LONGEST_LIFE } from '../lib/limits.ts'
import { generateSid } from '../seal/key-ring.ts'
import { assertSubject, type SessionClaims } from './claims.ts'
import type { Config } from './config.ts'
import { SessionData } from './data.ts'
import { externalName } from './external.ts'
import { Families } from './families.ts'
import { Flash } from './flash.ts'
import type { Found } from './load.ts'
import { RecordedActivity } from './recorded-activity.ts'
import { type SealedClaims, sealClaims } from './seal-claims.ts'
import { deadlines, limitFrom } from './timeouts.ts'
import type { EndReason, SignInOptions } from './types.ts'

/** In seconds. */
const DAY = 86_400

/** Claims without the data. */
type NextClaims = Omit<SessionClaims, 'json'>

export class SessionState {
  readonly activity: RecordedActivity
  readonly binding: RequestBinding | undefined
  readonly #config: Config
  readonly #audience: string | undefined
  readonly #request: Request
  #flash: Flash | undefined
  #claims: SessionClaims | undefined
  #data: SessionData
  #ended: EndReason | undefined
  /** What happened in this request that is not reported yet. */
  #news: 'signed-in' | 'signed-out-others' | undefined
  /** The sid that the browser holds. */
  #heldSid: string | undefined
  readonly #families: Families
  /** The session token that was sealed for this response. */
  #token: string | undefined

  constructor(found: Found, config: Config, request: Request) {
    const { session, families, audience, binding } = found
    this.binding = binding
    this.#config = config
    this.#request = request
    this.#families = new Families(families, config, binding)
    this.activity = new RecordedActivity(session, config)
    this.#audience = audience
    this.#data = new SessionData(session.status === 'locked' ? '{}' : session.data)
    if (session.status === 'none') this.#ended = session.ended
    if (session.status !== 'live') return
    this.#claims = session.claims
    this.#heldSid = session.claims.sid
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

  /** The messages, made when somebody asks for them. */
  get flash(): Flash {
    this.#flash ??= new Flash({
      config: this.#config,
      header: this.#request.headers.get('Cookie') ?? '',
      audience: this.#audience,
      family: this.#claims?.family,
    })
    return this.#flash
  }

  /** Last activity once this response has been delivered. */
  act(): number {
    return this.activity.act(this.#claims)
  }

  async signIn(
    subject: string,
    { remember, endOthers = false, external }: SignInOptions,
  ): Promise<void> {
    assertSubject(subject)
    assertOptional('remember', remember, 'boolean')
    assertOptional('endOthers', endOthers, 'boolean')
    const { revocation } = this.#config
    const before = this.#claims
    const isSame = before?.subject === subject
    const replacesSubject = !isSame && before?.subject !== undefined
    const remembered = remember ?? (isSame && before.remembered)
    const data = replacesSubject ? await this.#freshData() : this.#data
    // Asked for before the family changes: messages that wait go with the visitor.
    const { flash } = this
    const since = endOthers ? await revocation.nextSince(subject) : undefined
    const next = {
      ...this.#fresh(subject, remembered, since),
      external: external && (await externalName(external)),
    }
    await this.#moveTo(next, data, async () => {
      if (since !== undefined) await revocation.record({ scope: 'since', subject }, { mark: since })
      await this.#families.leave(before?.family)
      this.#heldSid = undefined
    })
    if (replacesSubject) flash.drop()
    this.activity.begin(next.iat)
    this.binding?.begin(next)
    this.#ended = undefined
    this.#news = 'signed-in'
  }

  async regenerate(): Promise<void> {
    if (this.#claims === undefined) return
    const { family, limit } = this.#claims
    const next = { ...this.#claims, sid: generateSid(), act: this.act() }
    await this.#moveTo(next, this.#data, async () => {
      const sid = this.#heldSid
      if (sid !== undefined) {
        await this.#config.revocation.record({ scope: 'replaced', sid }, { family, limit })
      }
      this.#heldSid = undefined
    })
  }

  async signOutOthers(): Promise<void> {
    const subject = this.#claims?.subject
    if (subject === undefined) {
      throw new TypeError('signOutOthers() needs a subject: guard the route with requireSignIn()')
    }
    await this.recheck()
    if (this.#claims === undefined) throw new SessionError('ended', 'the session was revoked')
    const { revocation } = this.#config
    const { iat, kept = iat } = this.#claims
    const target = { scope: 'others', subject } as const
    // The mark also ends the current sid, even if a server whose clock is ahead made it.
    const mark = Math.max(revocation.nextOthers(subject), kept)
    const next = { ...this.#claims, sid: generateSid(), kept: mark + 1, act: this.act() }
    await this.#moveTo(next, this.#data, () => revocation.record(target, { mark }))
    this.#news ??= 'signed-out-others'
  }

  /**
   * Ends every session whose cookie came with the request. If the list cannot be written, they still
   * end in this isolate.
   */
  async destroy(): Promise<void> {
    this.flash.drop()
    this.#claims = undefined
    this.#data.freeze()
    await this.#families.endAll()
  }

  /** Asks the revocation list now. */
  async recheck(): Promise<void> {
    if (this.#claims === undefined) return
    const verdict = await this.#config.revocation.recheck(this.#claims)
    if (verdict.status === 'unavailable') throw verdict.error
    if (verdict.status === 'good') {
      this.activity.checked(verdict.checkedAt)
      if (this.binding === undefined || (await this.binding.recheck())) return
    }
    const reason = verdict.status === 'good' ? 'unbound' : 'revoked'
    await this.#config.report({ type: 'ended', reason }, this.#claims.family)
    this.flash.drop()
    this.#claims = undefined
    this.#heldSid = undefined
    this.#token = undefined
    this.#ended = reason
    this.#replaceData(await this.#freshData())
  }

  /** Seals the data under the current sid. */
  save(): Promise<void> {
    const next = this.#claims
      ? { ...this.#claims, act: this.act() }
      : this.#fresh(undefined, false, undefined)
    return this.#moveTo(next, this.#data)
  }

  /** Seals what changed and returns the cookies for the response. */
  async outcome(): Promise<Outcome> {
    const { cookies, index, now, ring } = this.#config
    if (this.#data.isChanged()) await this.save()
    if (this.#claims === undefined) return NOTHING
    const { sid } = this.#claims
    const isDue = sid !== this.#heldSid || this.activity.isDue(this.#claims)
    const act = this.act()
    this.#claims = { ...this.#claims, act }
    const maxAge = this.#maxAge()
    const session = this.#token && cookies.session.write(this.#token, maxAge)
    let activity: string | undefined
    if (isDue) {
      const recorded = { sid, act, chk: this.activity.chk, bound: this.binding?.claim }
      const token = await cookies.activity.seal(recorded, await ring(), now())
      activity = cookies.activity.write(token, maxAge)
    }
    if (this.#news !== undefined || index !== undefined) await this.#announce(this.#claims)
    return { session, activity, isLive: true }
  }

  /** Reports a sign-in, and keeps the session index up to date. */
  async #announce(claims: SessionClaims): Promise<void> {
    const { index, report } = this.#config
    const news = this.#news
    this.#news = undefined
    if (news === 'signed-in') await report({ type: news }, claims.family)
    await index?.committed(claims, {
      request: this.#request,
      news,
      actBefore: this.activity.before,
    })
  }

  /** The `Set-Cookie` values that clear both cookies. */
  cleared(): Outcome {
    const { session, activity } = this.#config.cookies
    return { session: session.clear(), activity: activity.clear(), isLive: false }
  }

  /** Adds the cookie of the messages and what binds to a device, if the response has to carry them. */
  async withOthers(outcome: Outcome): Promise<Outcome> {
    const binding = await this.binding?.outcome(outcome)
    const all = binding ? { ...outcome, binding } : outcome
    if (this.#flash === undefined) return all
    // Messages without a session wait in one of their own.
    const fresh = this.#fresh(undefined, false, undefined)
    return { ...all, flash: await this.#flash.outcome(fresh, this.#claims?.family) }
  }

  /**
   * The remaining life of a remembered session, in seconds, and a day more: while the browser still
   * sends the cookie, the server can say why the session ended.
   */
  #maxAge(): number | undefined {
    if (!this.#claims?.remembered) return undefined
    const { now, timeouts } = this.#config
    const left = deadlines(this.#claims, timeouts).absolute - now()
    return Math.min(LONGEST_LIFE, Math.ceil(left / 1000) + DAY)
  }

  /** A session that begins now, later than `mark`. */
  #fresh(subject: string | undefined, remembered: boolean, mark: number | undefined): NextClaims {
    const { revocation, timeouts } = this.#config
    const iat = revocation.nextStart(subject, mark)
    const sid = generateSid()
    const limit = limitFrom(iat, remembered, timeouts)
    const audience = this.#audience
    return {
      sid,
      family: sid,
      iat,
      limit,
      act: iat,
      kept: undefined,
      subject,
      external: undefined,
      audience,
      remembered,
    }
  }

  /**
   * Goes on with new claims. Seals before it leaves the old sid, so that the session is not lost
   * when the data does not fit. Data that cannot be sealed is dropped.
   */
  async #moveTo(next: NextClaims, data: SessionData, leave?: () => Promise<void>): Promise<void> {
    const { accept, version } = this.#config.data
    let sealed: SealedClaims
    // The data at this moment. A change that the handler makes while the sealing is under way
    // counts as a later change.
    let json: string | undefined
    try {
      // Data in the store is written again only for a change, or for a later limit.
      if (next.ref === undefined || data.isChanged()) json = data.json()
      sealed = await sealClaims(
        json === undefined
          ? { ...next, json: '{}' }
          : { ...next, ref: undefined, version, json: await accept(json) },
        this.#config,
      )
    } catch (error) {
      this.#data.reset()
      throw error
    }
    await leave?.()
    this.#claims = sealed.claims
    this.#token = sealed.token
    if (json !== undefined) data.setBaseline(json)
    if (data !== this.#data) this.#replaceData(data)
  }

  async #freshData(): Promise<SessionData> {
    return new SessionData(await this.#config.data.fresh())
  }

  #replaceData(data: SessionData): void {
    this.#data.freeze()
    this.#data = data
  }
}

export const NOTHING: Outcome = { session: undefined, activity: undefined, isLive: false }
