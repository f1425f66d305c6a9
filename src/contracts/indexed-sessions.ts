/**
 * Which sessions a subject has, over any store: what is recorded at a sign-in, a check and a
 * sign-out, and what a list shows. The manager asks the object that the app gave it, so that apps
 * without an index carry none of this.
 */

import { LruMap } from '../lib/bounded-map.ts'
import { assertOptional, kindOf, onlyMembers } from '../lib/check.ts'
import { SessionError } from '../lib/errors.ts'
import { utf8Length } from '../lib/json.ts'
import { CLOCK_TOLERANCE } from '../lib/limits.ts'
import { withTimeout } from '../lib/timeout.ts'
import { type RevocationTarget, targetName } from './revocation-list.ts'
import type { SessionIndexStore } from './session-index.ts'

/** What an app shows of a session: names and texts, at most 512 bytes as JSON. */
export type Description = Readonly<Record<string, string>>

/** One session of a subject, as `listSessions` gives it. */
export interface ListedSession {
  /** The sid that the session began with, `session.family`: what `revokeSession` takes. */
  readonly family: string
  /** The sign-in. */
  readonly createdAt: Date
  /** The last activity that was recorded. The last one of all may be up to 20 minutes later. */
  readonly lastSeenAt: Date
  /** When it is over whatever comes. The idle timeout may have ended it before. */
  readonly expiresAt: Date
  /** What `describe` gave at the sign-in. */
  readonly description: Description | undefined
}

/** Options of every session index. */
export interface SessionIndexOptions {
  /**
   * What to show of the browser that signs in. Default: `browser` and `system` from the user agent, and
   * the `country` on Cloudflare. It may give `undefined`. What it throws, or gives over 512 bytes of
   * JSON, costs the description and not the sign-in; an event says so.
   */
  describe?: (request: Request) => Description | undefined | Promise<Description | undefined>
  /** Ends the oldest sessions of a subject who signs in, so that at most this many go on. Default: no limit. */
  maxSessionsPerSubject?: number
}

/** What operators may want to hear of the index. `cause` is the error of the store or of `describe`. */
export type SessionIndexEvent =
  /** The index could not be asked or told. No sign-in or sign-out fails for it. */
  | { type: 'index-unavailable'; operation: 'read' | 'write' | 'remove'; cause: unknown }
  /** A record is not of the form that is written. It was skipped, and is removed. */
  | { type: 'index-damaged' }
  /** `describe` threw, or gave something else than at most 512 bytes of texts. */
  | { type: 'description-refused'; cause: unknown }

/** What the manager says of a session when it commits one. Instants are milliseconds. */
export interface IndexableSession {
  readonly family: string
  readonly subject: string | undefined
  readonly iat: number
  readonly act: number
  readonly limit: number
  readonly kept: number | undefined
  readonly external: string | undefined
}

/** What has happened to a session in a request. */
export interface Committed {
  readonly request: Request
  /** Whether it began, or survived a `signOutOthers`. */
  readonly news: 'signed-in' | 'kept' | undefined
  /** Last activity when it came. What is no activity does not move it. */
  readonly actBefore: number | undefined
}

type RevocableSession = IndexableSession & { readonly sid: string }

interface Ending {
  readonly target: RevocationTarget
}

/** What an index needs of the manager that it belongs to. */
export interface IndexHost {
  readonly now: () => number
  /** When a call to the store is given up, in milliseconds. */
  readonly timeout: number
  readonly report: (event: SessionIndexEvent) => unknown
  readonly revocation: {
    /** What this isolate knows to have ended a session. */
    endingHere(session: RevocableSession): Ending | undefined
    /** The marks of some targets, by their names. Rejects with `revocation-unavailable`. */
    marksOf(targets: readonly RevocationTarget[]): Promise<ReadonlyMap<string, number>>
    record(target: RevocationTarget, entry: { readonly limit: number }): Promise<void>
  }
  /** Which marks end a session. */
  readonly rules: {
    targetsOf(session: RevocableSession): readonly RevocationTarget[]
    endingOf(
      session: RevocableSession,
      markOf: (target: RevocationTarget) => number | undefined,
    ): Ending | undefined
  }
}

/** An index that belongs to a manager. Only `list` rejects. */
export interface OpenIndex {
  committed(session: IndexableSession, what: Committed): Promise<void>
  /** A session was left: its record goes, behind the answer. */
  left(session: { readonly family: string; readonly subject: string | undefined }): void
  /** Rejects with `index-unavailable`, and with `revocation-unavailable`. */
  list(subject: string): Promise<readonly ListedSession[]>
}

/** A session index: `kvSessionIndex(namespace)`, `memorySessionIndex()`, or your own on `sessionIndexOn(store)`. */
export interface SessionIndex {
  /** For the manager that it is given to. */
  open(host: IndexHost): OpenIndex
}

export const INDEX_OPTIONS: readonly (keyof SessionIndexOptions)[] = [
  'describe',
  'maxSessionsPerSubject',
]

/** What stands in a record. Instants are milliseconds. */
interface IndexRecord {
  readonly began: number
  readonly seen: number
  readonly until: number
  readonly kept?: number | undefined
  readonly ext?: string | undefined
  readonly about?: Description | undefined
}

/** What is written of a session's activity, at most. */
const SEEN_EVERY = 15 * 60_000
// A look is a read. Those that find an instant older than the above write.
const LOOK_EVERY = 5 * 60_000
const FIRST_LOOK = 60_000
const LONGEST_DESCRIPTION = 512
const REMEMBERED = 10_000
// KV answers for at most 100 keys at once, and a hashed subject has two.
const TARGETS_AT_ONCE = 90

/**
 * A session index on a store of your own.
 *
 * @example
 * createSessionManager({ keys, revocationList, sessionIndex: sessionIndexOn(myStore) })
 */
export function sessionIndexOn(
  store: SessionIndexStore,
  options: SessionIndexOptions = {},
): SessionIndex {
  onlyMembers('the options of a session index', options, INDEX_OPTIONS)
  const { describe = describeByDefault, maxSessionsPerSubject: most } = options
  assertOptional('describe', describe, 'function')
  if (most !== undefined && !(Number.isInteger(most) && most >= 1)) {
    const got = typeof most === 'number' ? most : kindOf(most)
    throw new TypeError(
      `"maxSessionsPerSubject" must be a whole number, at least 1; got ${got}. For no limit leave it out`,
    )
  }
  return { open: (host) => new StoredIndex(store, { describe, most }, host) }
}

async function describeByDefault(request: Request): Promise<Description> {
  // Loaded when somebody signs in, so that servers without an index never parse it.
  const { describeBrowser } = await import('./describe-browser.ts')
  return describeBrowser(request)
}

interface Settings {
  readonly describe: NonNullable<SessionIndexOptions['describe']>
  readonly most: number | undefined
}

/** A record of a subject that is of the form, and its family. */
interface Known {
  readonly family: string
  readonly record: IndexRecord
}

class StoredIndex implements OpenIndex {
  readonly #store: SessionIndexStore
  readonly #settings: Settings
  readonly #host: IndexHost
  /** When this isolate last compared a session with its record. */
  readonly #compared = new LruMap<string, number>(REMEMBERED)

  constructor(store: SessionIndexStore, settings: Settings, host: IndexHost) {
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

  /** A session that began, or goes on after the mark of a `signOutOthers`. */
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

  /** Records that the session was seen, unless that was done a moment ago. */
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

  /** The records that are not past their time. Damaged ones are reported and removed. */
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

  /** Those that no mark has ended. The records of those that were ended one by one go. */
  async #notEnded(subject: string, known: readonly Known[]): Promise<readonly Known[]> {
    if (known.length === 0) return known
    const sessions = known.map(({ family, record: { began, until, seen, kept, ext } }) => ({
      ...{ sid: family, family, subject, iat: began, limit: until, act: seen },
      ...{ kept, external: ext },
    }))
    const endings = await this.#endingsOf(sessions)
    // Other marks can be mended by an operator, and then the session goes on.
    const ended = known.filter((_, index) => endings[index]?.target.scope === 'session')
    for (const { family } of ended) this.left({ subject, family })
    return known.filter((_, index) => endings[index] === undefined)
  }

  /** What has ended these sessions, whatever their sids are by now. */
  async #endingsOf(
    sessions: readonly RevocableSession[],
  ): Promise<readonly (Ending | undefined)[]> {
    const { revocation, rules } = this.#host
    // A sid that was left is not the end of its family.
    const all = sessions.flatMap(rules.targetsOf).filter(({ scope }) => scope !== 'replaced')
    const targets = [...new Map(all.map((target) => [targetName(target), target])).values()]
    const marks = new Map<string, number>()
    for (let at = 0; at < targets.length; at += TARGETS_AT_ONCE) {
      const some = await revocation.marksOf(targets.slice(at, at + TARGETS_AT_ONCE))
      for (const [name, mark] of some) marks.set(name, mark)
    }
    return sessions.map((session) => {
      const known = rules.endingOf(session, (target) => marks.get(targetName(target)))
      const ending = known ?? revocation.endingHere(session)
      return ending?.target.scope === 'replaced' ? undefined : ending
    })
  }

  #within<T>(work: Promise<T>): Promise<T> {
    return withTimeout(work, this.#host.timeout)
  }

  /** Work that may fail, with an event, and is given up in time. */
  async #try(operation: 'read' | 'write' | 'remove', work: () => Promise<void>): Promise<void> {
    try {
      await this.#within(work())
    } catch (cause) {
      // The list of revocations reports for itself.
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
 * Whether the activity of a request is a reason to look at the record: a minute after the session
 * began or survived a `signOutOthers`, because that write may have failed, and then every 5 minutes.
 */
function isDue(
  { iat, act, kept = iat }: IndexableSession,
  { actBefore = act }: Committed,
): boolean {
  const look = (instant: number) =>
    instant < kept + FIRST_LOOK ? -1 : Math.floor((instant - kept) / LOOK_EVERY)
  return look(actBefore) < look(act)
}

/** A record of the form that is written. */
function toRecord(value: unknown): IndexRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { began, seen, until, kept, ext, about } = value as Record<string, unknown>
  const isForm =
    [began, seen, until, kept ?? 0].every(Number.isFinite) &&
    (ext === undefined || typeof ext === 'string') &&
    (about === undefined || isDescription(about))
  return isForm ? (value as IndexRecord) : undefined
}

function isDescription(value: unknown): value is Description {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  if (!Object.values(value).every((text) => typeof text === 'string')) return false
  return utf8Length(JSON.stringify(value)) <= LONGEST_DESCRIPTION
}

/** All subjects have keys of one length, so that none is the beginning of another's. */
async function hashOf(subject: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(subject))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
