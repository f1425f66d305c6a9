/**
 * Whether a session was ended before its time: asked of a list that may be slow, stale or away,
 * and first of what this isolate remembers. Knows nothing of cookies or responses.
 */

import {
  type RevocationList,
  type RevocationTarget,
  targetName,
} from '../contracts/revocation-list.ts'
import { BoundedMap } from '../lib/bounded-map.ts'
import { SessionError } from '../lib/errors.ts'
import { CLOCK_TOLERANCE } from '../lib/limits.ts'
import { withTimeout } from '../lib/timeout.ts'
import { isRevoked, type Revocable, targetsOf } from './marks.ts'
import { RevocationMemory } from './memory.ts'

/** What operators may want to hear of the list. `cause` is the error of the list itself. */
export type RevocationEvent =
  /** The list could not be read; a session went on because its last check was recent enough. `age` in seconds. */
  | { type: 'revocation-stale'; age: number; cause: unknown }
  /** The list could not be read or written, and what needed it was refused. */
  | { type: 'revocation-unavailable'; operation: 'read' | 'write'; cause: unknown }
  /** An entry of the list is not an instant; it ends every session that it names. */
  | { type: 'revocation-unreadable'; scope: 'subject' | 'others' | 'all' }

/** What is known of a session's revocation. `checkedAt` is when the list was really asked. */
export type Verdict =
  | { readonly status: 'good'; readonly checkedAt: number | undefined }
  | { readonly status: 'revoked' }
  | { readonly status: 'unavailable'; readonly error: SessionError }

/** The list as configured. Durations are milliseconds. */
export interface RevocationConfig {
  readonly list: RevocationList
  readonly recheckAfter: number
  readonly staleIfError: number
  readonly timeout: number
  /** How long a revocation has to be remembered: the longest life of a session. */
  readonly longest: number
  readonly now: () => number
  readonly report: (event: RevocationEvent) => void
}

/** What sessions and the manager need of revocation. What writes rejects with `revocation-unavailable`. */
export interface Revocation {
  /** A session just loaded: `chk` is the last check its cookies know of. Asks the list only when that is too old. */
  check(session: Revocable, chk: number | undefined): Promise<Verdict>
  /** Asks the list now, whatever is remembered. */
  recheck(session: Revocable): Promise<Verdict>
  /** Records that a session ended, by the sid that it began with. */
  end(family: string): Promise<void>
  /** Ends it in this isolate only, for when the list could not be told. */
  endHere(family: string): void
  /** Records that a sid was left: the session goes on under another. */
  leave(sid: string): Promise<void>
  /** Records a mark, of now if none is given. */
  revoke(target: RevocationTarget, mark?: number): Promise<void>
  /** When a session that begins now begins. */
  start(subject: string | undefined): number
  /** The instant for a mark that is made now. */
  mark(): number
}

/** What a list said of a session, and when it was asked. */
interface Reading {
  readonly asked: number
  readonly marks: Promise<ReadonlyMap<string, number>>
}

// After a read was given up, the list is left alone this long.
const RETRY_AFTER = 5_000
const READS_UNDER_WAY = 1_000
// On Workers the read of a request that was cancelled never settles: nobody waits for another's for long.
const JOIN_FOR = 250

const REVOKED: Verdict = Object.freeze({ status: 'revoked' })

/** Revocation by a list. */
export function revocationBy(config: RevocationConfig): Revocation {
  const { list, recheckAfter, staleIfError, timeout, longest, now, report } = config
  const memory = new RevocationMemory(now)
  const underWay = new BoundedMap<string, Reading>(READS_UNDER_WAY)
  let retryAt = 0

  const unavailable = (operation: 'read' | 'write', cause: unknown) => {
    report({ type: 'revocation-unavailable', operation, cause })
    const message = `the revocation list failed on a ${operation}`
    return new SessionError('revocation-unavailable', message, { cause })
  }

  /** What the list has of a session; this isolate knows it from then on. */
  async function readMarks(session: Revocable): Promise<ReadonlyMap<string, number>> {
    const targets = targetsOf(session)
    const answer = await list.read(targets)
    if (answer.length !== targets.length) throw new TypeError('the list answered for other targets')
    const found = new Map<string, number>()
    for (const [index, target] of targets.entries()) {
      const mark = answer[index]
      if (mark === undefined) continue
      // One from so far ahead is no server's: a slip, perhaps in another unit, or a ban until then.
      const isInstant = mark <= now() + CLOCK_TOLERANCE
      found.set(targetName(target), isInstant ? mark : Number.POSITIVE_INFINITY)
      // For a sid any mark will do; that it stands there says not for how long, so it is no record.
      if ('sid' in target) memory.endHere(target)
      else if (isInstant) memory.remember(target, mark)
      // It ends all that it names but is not remembered, so that an operator can mend it.
      else report({ type: 'revocation-unreadable', scope: target.scope })
    }
    return found
  }

  function beginRead(session: Revocable): Reading {
    const reading = { asked: now(), marks: readMarks(session) }
    const done = () => forget(session, reading)
    underWay.set(session.sid, reading)
    reading.marks.then(done, done)
    return reading
  }

  function forget({ sid }: Revocable, reading: Reading): void {
    if (underWay.get(sid) === reading) underWay.delete(sid)
  }

  /** What another request of the session is being told, if that comes soon. */
  async function join(session: Revocable, other: Reading): Promise<Reading | undefined> {
    try {
      await withTimeout(other.marks, JOIN_FOR, () => forget(session, other))
      return other
    } catch {
      return undefined
    }
  }

  /** Asks the list. Rejects when it fails or is late. */
  async function ask(session: Revocable, mayJoin: boolean): Promise<Verdict> {
    if (now() < retryAt) throw new Error('the list did not answer a moment ago')
    const other = mayJoin ? underWay.get(session.sid) : undefined
    const joined = other && (await join(session, other))
    const reading = joined ?? (other && underWay.get(session.sid)) ?? beginRead(session)
    const found = await withTimeout(reading.marks, other ? timeout - JOIN_FOR : timeout, () => {
      forget(session, reading)
      retryAt = now() + RETRY_AFTER
    })
    // What this isolate revoked while the read was under way counts too.
    if (isRevoked(session, found) || memory.isRevoked(session)) return REVOKED
    memory.foundGood(session.sid, reading.asked)
    return { status: 'good', checkedAt: reading.asked }
  }

  async function revoke(target: RevocationTarget, mark = memory.mark()): Promise<void> {
    // A second click on "sign out" must not fail because KV takes one write a second for a key.
    if ('sid' in target && memory.isRecorded(target)) return
    // A minute more than the longest life, for clocks that differ.
    const seconds = Math.ceil((longest + CLOCK_TOLERANCE) / 1000)
    try {
      await withTimeout(list.write(target, mark, seconds), timeout)
    } catch (cause) {
      throw unavailable('write', cause)
    }
    memory.remember(target, mark)
  }

  return {
    async check(session, chk) {
      if (memory.isRevoked(session)) return REVOKED
      const checkedAt = later(chk, memory.checkedAt(session.sid))
      const age = checkedAt === undefined ? Number.POSITIVE_INFINITY : now() - checkedAt
      // By another server's clock it may be ahead; with 0 it is not trusted all the same.
      const isWithin = (limit: number) => limit > 0 && age < limit
      if (isWithin(recheckAfter)) return { status: 'good', checkedAt }
      try {
        // With 0 a read that began before this request is too old as well.
        return await ask(session, recheckAfter > 0)
      } catch (cause) {
        if (!isWithin(staleIfError))
          return { status: 'unavailable', error: unavailable('read', cause) }
        report({ type: 'revocation-stale', age: Math.max(0, age) / 1000, cause })
        return { status: 'good', checkedAt }
      }
    },

    async recheck(session) {
      if (memory.isRevoked(session)) return REVOKED
      try {
        return await ask(session, false)
      } catch (cause) {
        return { status: 'unavailable', error: unavailable('read', cause) }
      }
    },

    end: (family) => revoke({ scope: 'session', sid: family }),
    endHere: (family) => memory.endHere({ scope: 'session', sid: family }),
    leave: (sid) => revoke({ scope: 'replaced', sid }),
    revoke,
    start: (subject) => memory.start(subject),
    mark: () => memory.mark(),
  }
}

const later = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)

/** `revocationList: 'none'`: nothing is recorded, and nothing can be promised. */
export function noRevocation(now: () => number): Revocation {
  return {
    check: async (_, chk) => ({ status: 'good', checkedAt: chk }),
    recheck: async () => ({ status: 'good', checkedAt: undefined }),
    end: async () => {},
    endHere: () => {},
    leave: async () => {},
    revoke: async () => {
      throw new TypeError('this needs a revocation list, and "revocationList" is \'none\'')
    },
    start: now,
    mark: now,
  }
}
