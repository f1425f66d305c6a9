/**
 * Whether a session was revoked. Asks first what this isolate remembers, then a list that can be
 * slow, stale or unreachable. Knows nothing of cookies or responses.
 */

import {
  type Ending,
  type Journal,
  type Revocable,
  type RevocationList,
  type RevocationTarget,
  targetName,
} from '../contracts/revocation-list.ts'
import { SessionError } from '../lib/errors.ts'
import { CLOCK_DIFFERENCE, CLOCK_TOLERANCE, LONGEST_LIFE } from '../lib/limits.ts'
import { withTimeout } from '../lib/timeout.ts'
import { ageOf, isWithin } from './age.ts'
import { endingOf, entriesOf, targetsOf } from './marks.ts'
import { RevocationMemory } from './memory.ts'
import { Reads } from './reads.ts'
import {
  type EndingTarget,
  eventOf,
  type MarkDetails,
  type Report,
  type Revocation,
  type Verdict,
} from './revocation.ts'

/** The list as configured. Durations are milliseconds. */
export interface RevocationConfig {
  readonly list: RevocationList
  readonly recheckAfter: number
  readonly staleIfError: number
  readonly timeout: number
  readonly now: () => number
  readonly report: Report
}

// An entry outlives its session by a minute, because clocks differ.
const GRACE = CLOCK_TOLERANCE
// A late response to a request of the same session can bring a replaced sid back within a minute.
const REPLACED_IN_FLIGHT = 60_000

// The part of `recheckAfter` for which the mark for everybody is kept.
const KEEP_ALL = 1 / 2

const REVOKED: Verdict = Object.freeze({ status: 'revoked' })

/** Revocation by a list. */
export class ListRevocation implements Revocation {
  readonly #config: RevocationConfig
  readonly #memory: RevocationMemory
  readonly #reads: Reads
  /** Only for a list with `changes`. With `recheckAfter` 0 every request reads by key instead. */
  readonly #journal: Journal | undefined
  /** When the mark for everybody was last read. */
  #askedOfAll = Number.NEGATIVE_INFINITY

  constructor(config: RevocationConfig) {
    this.#config = config
    this.#memory = new RevocationMemory(config.now)
    this.#reads = new Reads(config)
    const { list, recheckAfter } = config
    if (list.changes !== undefined && list.journal === undefined) {
      throw new TypeError('a revocation list with "changes" also needs "journal" of sealed-session')
    }
    if (recheckAfter > 0) {
      const join = (key: string, call: () => Promise<void>) => this.#reads.join(key, call)
      this.#journal = list.journal?.({ ...config, join })
    }
  }

  async check(session: Revocable, chk: number | undefined): Promise<Verdict> {
    const known = this.#knownEnding(session)
    if (known !== undefined) return this.#revoked(session, known)
    const { recheckAfter, staleIfError, report } = this.#config
    const last = this.#lastCheck(session, chk)
    const age = ageOf(last, this.#config.now())
    if (this.#isWithin(recheckAfter, last)) {
      this.#journal?.refreshBeforeNeeded()
      return { status: 'good', checkedAt: last }
    }
    try {
      if (!(await this.#journal?.refresh())) {
        // With 0, even a shared read is too old, because it began before this request.
        return await this.#ask(session, recheckAfter > 0 ? 'join' : 'ask')
      }
      const ending = this.#knownEnding(session)
      if (ending !== undefined) return this.#revoked(session, ending)
      const checkedAt = this.#lastCheck(session, chk)
      if (this.#isWithin(recheckAfter, checkedAt)) return { status: 'good', checkedAt }
      return await this.#ask(session, 'join')
    } catch (cause) {
      if (staleIfError === 0 || age >= staleIfError) {
        return { status: 'unavailable', error: this.#unavailable('read', cause) }
      }
      report({ type: 'revocation-stale', age: Math.max(0, age) / 1000, cause })
      return { status: 'good', checkedAt: last }
    }
  }

  async recheck(session: Revocable): Promise<Verdict> {
    const known = this.#knownEnding(session)
    if (known !== undefined) return this.#revoked(session, known)
    try {
      return await this.#ask(session, 'ask')
    } catch (cause) {
      return { status: 'unavailable', error: this.#unavailable('read', cause) }
    }
  }

  endingInMemory(session: Revocable): Ending | undefined {
    return this.#memory.endingOf(session)
  }

  async marksOf(
    targets: readonly RevocationTarget[],
    key = 'index',
  ): Promise<ReadonlyMap<string, number>> {
    try {
      return await this.#reads.ask(key, () => this.#read(targets))
    } catch (cause) {
      throw this.#unavailable('read', cause)
    }
  }

  async record(target: EndingTarget, details: MarkDetails = {}): Promise<void> {
    const { list, now, report, timeout } = this.#config
    const { limit = now() + LONGEST_LIFE * 1000, mark = this.#memory.nextMark(target) } = details
    const family = target.scope === 'session' ? target.sid : details.family
    // A second click on "sign out" must not fail because KV accepts one write a second for a key.
    const seconds = secondsUntil(limit, now())
    if (seconds <= 0) return
    const writes = entriesOf(target, mark).map(async ([entry, instant]) => {
      if ('sid' in entry && this.#memory.isRecorded(entry, family)) return false
      await withTimeout(list.write(entry, instant, seconds), timeout)
      this.#memory.remember(entry, instant, family)
      return true
    })
    // Every entry is written, even if one fails.
    const results = await Promise.allSettled(writes)
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw this.#unavailable('write', failed.reason)
    // A second sign-out of one session is no event.
    const isNew = results.some((result) => result.status === 'fulfilled' && result.value)
    if (isNew) await report(...eventOf(target, details.family))
  }

  async note(target: RevocationTarget, mark: number, limit: number): Promise<void> {
    const { list, now, timeout } = this.#config
    const seconds = secondsUntil(limit, now())
    try {
      await withTimeout(list.write(target, mark, seconds), timeout)
    } catch (cause) {
      throw this.#unavailable('write', cause)
    }
  }

  endLocally(family: string): void {
    for (const [entry, mark] of entriesOf({ scope: 'session', sid: family }, this.#config.now())) {
      this.#memory.endLocally(entry, mark, family)
    }
  }

  nextStart(subject: string | undefined, mark = 0): number {
    return this.#memory.nextStart(subject, mark)
  }

  nextOthers(subject: string): number {
    return this.#nextOwnMark('others', subject)
  }

  #nextOwnMark(scope: 'since' | 'others', subject: string): number {
    const mark = this.#memory.nextOwnMark(scope, subject)
    if (mark !== undefined) return mark
    throw this.#unavailable('write', new Error('too many marks of one subject at once'))
  }

  async nextSince(subject: string): Promise<number> {
    const scopes = ['subject', 'since'] as const
    const targets = [{ scope: 'all' } as const, ...scopes.map((scope) => ({ scope, subject }))]
    const marks = await this.marksOf(targets, `since ${subject}`)
    const mark = this.#nextOwnMark('since', subject)
    // Sessions of another server can begin a second ahead. A mark further ahead bars the subject.
    if ([...marks.values()].some((known) => known > mark + CLOCK_DIFFERENCE)) {
      throw new SessionError('ended', 'a mark in the revocation list bars the subject')
    }
    return Math.max(mark, ...marks.values())
  }

  /** The mark known in this isolate that ends the session. */
  #knownEnding(session: Revocable): Ending | undefined {
    const known = this.#memory.endingOf(session)
    if (known !== undefined) return known
    const ending = this.#journal?.endingOf(session)
    if (ending === undefined) return undefined
    this.#learn(ending.target, ending.mark, session.family)
    // If an operator corrects the mark, the journal has to learn it, even without other requests.
    this.#journal?.refreshBeforeNeeded()
    return ending
  }

  /** When the session was last found good. The journal is used only if the cookies are too old. */
  #lastCheck({ sid }: Revocable, chk: number | undefined): number | undefined {
    const last = later(chk, this.#memory.checkedAt(sid))
    const isRecent = this.#isWithin(this.#config.recheckAfter, last)
    return isRecent || !this.#journal?.reaches(last) ? last : later(last, this.#journal.checkedAt)
  }

  #isWithin(limit: number, checkedAt: number | undefined): boolean {
    return isWithin(limit, checkedAt, this.#config.now())
  }

  /** Asks the list about a session. Rejects if the list fails or is late. */
  async #ask(session: Revocable, how: 'ask' | 'join'): Promise<Verdict> {
    const { checkedAt, marks } = await this.#reads[how](session.sid, () =>
      this.#readAbout(session, how === 'join'),
    )
    const ending =
      endingOf(session, (target) => marks.get(targetName(target))) ??
      // A revocation by this isolate while the read was under way counts too.
      this.#knownEnding(session)
    if (ending !== undefined) {
      this.#learn(ending.target, ending.mark, session.family)
      return this.#revoked(session, ending)
    }
    this.#memory.foundGood(session.sid, checkedAt)
    return { status: 'good', checkedAt }
  }

  /**
   * Reads the marks that concern a session. The mark for everybody is the same for all sessions, so
   * it is kept for a part of `recheckAfter`; the check is then as old as that mark.
   */
  async #readAbout(session: Revocable, mayKnow: boolean) {
    const asked = this.#config.now()
    const askedOfAll = this.#askedOfAll
    const isKnown = mayKnow && this.#isWithin(this.#config.recheckAfter * KEEP_ALL, askedOfAll)
    const targets = targetsOf(session).filter(({ scope }) => scope !== 'all' || !isKnown)
    const marks = await this.#read(targets)
    if (isKnown) return { checkedAt: Math.min(asked, askedOfAll), marks }
    // The memory holds the mark, unless it is not an instant: an operator can correct that one.
    if (marks.get('all') !== Number.POSITIVE_INFINITY) this.#askedOfAll = asked
    return { checkedAt: asked, marks }
  }

  /** Remembers the mark that ended a session, unless an operator can still correct it. */
  #learn(target: RevocationTarget, mark: number, family: string): void {
    // Any mark ends a sid. It is not remembered as recorded, because the entry can expire before
    // the session's limit.
    if ('sid' in target) this.#memory.endLocally(target, mark, family)
    else if (mark <= this.#config.now() + CLOCK_TOLERANCE) this.#memory.remember(target, mark)
  }

  /** The marks that the list has for some targets. This isolate remembers them. */
  async #read(targets: readonly RevocationTarget[]): Promise<ReadonlyMap<string, number>> {
    const { list, now, report } = this.#config
    const answer = await list.read(targets)
    if (answer.length !== targets.length) throw new TypeError('the list answered for other targets')
    const found = new Map<string, number>()
    for (const [index, target] of targets.entries()) {
      const mark = answer[index]
      if (mark === undefined) continue
      // No server writes a mark so far ahead. An operator made a mistake, perhaps in the unit, or
      // set a ban until then.
      const isInstant = mark <= now() + CLOCK_TOLERANCE
      const isOfSid = 'sid' in target
      found.set(targetName(target), isInstant || isOfSid ? mark : Number.POSITIVE_INFINITY)
      if (isOfSid) continue
      if (isInstant) this.#memory.remember(target, mark)
      // It ends every session that it names, but it is not remembered, so that an operator can
      // correct it.
      else report({ type: 'revocation-unreadable', scope: target.scope })
    }
    return found
  }

  async #revoked({ iat, family }: Revocable, { target, mark }: Ending): Promise<Verdict> {
    const age = this.#config.now() - mark
    // A session cannot be replaced before it began, so an earlier mark is not an instant.
    if (target.scope === 'replaced' && mark >= iat && age > REPLACED_IN_FLIGHT) {
      await this.#config.report({ type: 'replaced-sid', age: age / 1000 }, family)
    }
    return REVOKED
  }

  #unavailable(operation: 'read' | 'write', cause: unknown): SessionError {
    this.#config.report({ type: 'revocation-unavailable', operation, cause })
    const message = `the revocation list failed on a ${operation}`
    return new SessionError('revocation-unavailable', message, { cause })
  }
}

const later = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)

/** How long an entry is kept for a session that is over at `limit`. */
const secondsUntil = (limit: number, now: number): number => Math.ceil((limit + GRACE - now) / 1000)
