/**
 * A session index over any store: which records a sign-in, later activity and a sign-out write, and
 * which sessions a list shows.
 */

import { LruMap } from '../lib/bounded-map.ts'
import { SessionError } from '../lib/errors.ts'
import { CLOCK_TOLERANCE } from '../lib/limits.ts'
import { withTimeout } from '../lib/timeout.ts'
import type { Description } from './describe-browser.ts'
import {
  hashOf,
  type IndexRecord,
  isDescription,
  LONGEST_DESCRIPTION,
  toRecord,
} from './index-record.ts'
import { type Ending, type Revocable, targetName } from './revocation-list.ts'
import type {
  Committed,
  ConnectedIndex,
  IndexableSession,
  IndexHost,
  ListedSession,
  SessionIndexOptions,
} from './session-index.ts'
import type { SessionIndexStore } from './session-index-store.ts'

/** The shortest time between two writes of a session's last activity. */
const SEEN_EVERY = 15 * 60_000
// How often the record is read, to see whether a write is due.
const LOOK_EVERY = 5 * 60_000
const FIRST_LOOK = 60_000
const REMEMBERED = 10_000
// A KV bulk read takes at most 100 keys, and a hashed subject has two.
const TARGETS_AT_ONCE = 90

/** The resolved options. */
export interface IndexSettings {
  readonly describe: NonNullable<SessionIndexOptions['describe']>
  readonly most: number | undefined
}

/** A valid record of a subject, and its family. */
interface Known {
  readonly family: string
  readonly record: IndexRecord
}

export class StoredIndex implements ConnectedIndex {
  readonly #store: SessionIndexStore
  readonly #settings: IndexSettings
  readonly #host: IndexHost
  /** When this isolate last read the record of a session. */
  readonly #compared = new LruMap<string, number>(REMEMBERED)

  constructor(store: SessionIndexStore, settings: IndexSettings, host: IndexHost) {
    this.#store = store
    this.#settings = settings
    this.#host = host
  }

  async committed(session: IndexableSession, what: Committed): Promise<void> {
    const { subject } = session
    if (subject === undefined) return
    if (what.news !== undefined) return this.#begin(subject, session, what)
    if (!isDue(session, what)) return
    const now = this.#host.now()
    const compared = this.#compared.get(session.family) ?? 0
    if (now - compared < FIRST_LOOK) return
    this.#compared.set(session.family, now)
    this.#behind('write', () => this.#refresh(subject, session, what.request))
  }

  left({ subject, family }: { family: string; subject: string | undefined }): void {
    if (subject === undefined) return
    this.#behind('remove', async () => this.#store.remove(await hashOf(subject), family))
  }

  async list(subject: string): Promise<readonly ListedSession[]> {
    let known: readonly Known[]
    try {
      known = await this.#recordsOf(await hashOf(subject))
    } catch (cause) {
      await this.#unavailable('read', cause)
      throw new SessionError('index-unavailable', 'the session index failed on a read', { cause })
    }
    const live = await this.#notEnded(subject, known)
    return live
      .toSorted((a, b) => b.record.seen - a.record.seen)
      .map(({ family, record: { began, seen, until, about } }) => ({
        family,
        createdAt: new Date(began),
        lastSeenAt: new Date(seen),
        expiresAt: new Date(until),
        description: about,
      }))
  }

  /** Records a session that began, or that survived its own `signOutOthers`. */
  async #begin(
    subject: string,
    session: IndexableSession,
    { news, request }: Committed,
  ): Promise<void> {
    const { most } = this.#settings
    const { family, iat } = session
    const isSignIn = news === 'signed-in'
    const writing = this.#try('write', async () => {
      const hash = await hashOf(subject)
      const before = isSignIn ? undefined : toRecord(await this.#store.read(hash, family))
      await this.#write(hash, session, before, request)
    })
    if (most !== undefined && isSignIn) {
      await this.#try('read', async () => {
        const others = await this.#recordsOf(await hashOf(subject))
        const older = others.filter((other) => other.family !== family && other.record.began <= iat)
        if (older.length < most) return
        const live = await this.#notEnded(subject, older)
        const oldestFirst = live.toSorted((a, b) => a.record.began - b.record.began)
        const excess = oldestFirst.slice(0, Math.max(0, live.length + 1 - most))
        await Promise.all(excess.map((one) => this.#end(subject, one)))
      })
    }
    await writing
  }

  async #end(subject: string, { family, record }: Known): Promise<void> {
    const limit = record.until
    await this.#host.revocation.record({ scope: 'session', sid: family }, { limit })
    this.left({ subject, family })
  }

  /** Records the last activity, unless the record is recent. */
  async #refresh(subject: string, session: IndexableSession, request: Request): Promise<void> {
    const hash = await hashOf(subject)
    const stored = await this.#store.read(hash, session.family)
    const before = toRecord(stored)
    if (stored !== undefined && before === undefined)
      await this.#host.report({ type: 'index-damaged' })
    const isRecent = before !== undefined && session.act - before.seen < SEEN_EVERY
    if (isRecent && before.kept === session.kept) return
    await this.#write(hash, session, before, request)
  }

  async #write(
    hash: string,
    { family, iat, act, limit, kept, external }: IndexableSession,
    before: IndexRecord | undefined,
    request: Request,
  ): Promise<void> {
    const about = before === undefined ? await this.#describe(request) : before.about
    const record = { began: iat, seen: act, until: limit, kept, ext: external, about }
    const seconds = Math.ceil((limit + CLOCK_TOLERANCE - this.#host.now()) / 1000)
    await this.#store.write(hash, family, record, seconds)
  }

  async #describe(request: Request): Promise<Description | undefined> {
    try {
      const description: unknown = await this.#settings.describe(request)
      if (description === undefined || isDescription(description)) return description
      throw new TypeError(
        `"describe" must give an object of texts, at most ${LONGEST_DESCRIPTION} bytes as JSON`,
      )
    } catch (cause) {
      await this.#host.report({ type: 'description-refused', cause })
      return undefined
    }
  }

  /** The records that have not expired. Damaged ones are reported and removed. */
  async #recordsOf(hash: string): Promise<readonly Known[]> {
    const stored = await this.#within(this.#store.list(hash))
    const now = this.#host.now()
    const known: Known[] = []
    for (const { family, record: value } of stored) {
      const record = toRecord(value)
      if (record === undefined) {
        await this.#host.report({ type: 'index-damaged' })
        this.#behind('remove', () => this.#store.remove(hash, family))
      } else if (record.until > now) known.push({ family, record })
    }
    return known
  }

  /** The sessions that no mark has ended. Removes the records of sessions that were ended one by one. */
  async #notEnded(subject: string, known: readonly Known[]): Promise<readonly Known[]> {
    if (known.length === 0) return known
    const sessions = known.map(({ family, record: { began, until, seen, kept, ext } }) => ({
      // Its current sid is in the browser only.
      ...{ sid: '', family, subject, iat: began, limit: until, act: seen },
      ...{ kept, external: ext },
    }))
    const endings = await this.#endingsOf(sessions)
    // An operator can correct other marks, and then the session continues.
    const ended = known.filter((_, index) => endings[index]?.target.scope === 'session')
    for (const { family } of ended) this.left({ subject, family })
    return known.filter((_, index) => endings[index] === undefined)
  }

  /** The marks that ended these sessions. Their current sids do not matter. */
  async #endingsOf(sessions: readonly Revocable[]): Promise<readonly (Ending | undefined)[]> {
    const { revocation, rules } = this.#host
    // A replaced sid does not end its family.
    const all = sessions.flatMap(rules.targetsOf).filter(({ scope }) => scope !== 'replaced')
    const targets = [...new Map(all.map((target) => [targetName(target), target])).values()]
    const marks = new Map<string, number>()
    for (let at = 0; at < targets.length; at += TARGETS_AT_ONCE) {
      const some = await revocation.marksOf(targets.slice(at, at + TARGETS_AT_ONCE))
      for (const [name, mark] of some) marks.set(name, mark)
    }
    return sessions.map(
      (session) =>
        rules.endingOf(session, (target) => marks.get(targetName(target))) ??
        revocation.endingInMemory(session),
    )
  }

  #within<T>(work: Promise<T>): Promise<T> {
    return withTimeout(work, this.#host.timeout)
  }

  /** Runs work with a timeout. A failure becomes an event. */
  async #try(operation: 'read' | 'write' | 'remove', work: () => Promise<void>): Promise<void> {
    try {
      await this.#within(work())
    } catch (cause) {
      // The revocation list reports its own failures.
      if (!(cause instanceof SessionError)) await this.#unavailable(operation, cause)
    }
  }

  #behind(operation: 'write' | 'remove', work: () => Promise<void>): void {
    const working = this.#try(operation, work)
    this.#store.background?.(working)
  }

  async #unavailable(operation: 'read' | 'write' | 'remove', cause: unknown): Promise<void> {
    await this.#host.report({ type: 'index-unavailable', operation, cause })
  }
}

/**
 * Whether to read the record: a minute after the session began or survived a `signOutOthers`,
 * because that write can have failed, and then every 5 minutes.
 */
function isDue(
  { iat, act, kept = iat }: IndexableSession,
  { actBefore = act }: Committed,
): boolean {
  const look = (instant: number) =>
    instant < kept + FIRST_LOOK ? -1 : Math.floor((instant - kept) / LOOK_EVERY)
  return look(actBefore) < look(act)
}
