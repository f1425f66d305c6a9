/**
 * Whether a session was ended before its time: asked of a list that may be slow, stale or away,
 * and of what this isolate remembers. Knows nothing of cookies or responses.
 */

import { BoundedMap } from './bounded-map.ts'
import { SessionError } from './errors.ts'
import {
  isRevoked,
  type Revocable,
  type RevocationList,
  type RevocationTarget,
  targetName,
  targetsOf,
} from './revocation-list.ts'
import { CLOCK_TOLERANCE } from './timeouts.ts'
import type { SessionEvent } from './types.ts'

/** A read under way, and when it began. */
interface Reading {
  readonly asked: number
  readonly marks: Promise<ReadonlyMap<string, number>>
}

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
  readonly report: (event: SessionEvent) => void
}

/** What sessions and the manager need of revocation. */
export interface Revocation {
  /** A session just loaded: `chk` is the last check its cookies know of. Asks the list only when that is too old. */
  check(session: Revocable, chk: number | undefined): Promise<Verdict>
  /** Asks the list now, whatever is remembered. */
  recheck(session: Revocable, chk: number | undefined): Promise<Verdict>
  /** Records that a target ended. Rejects with `revocation-unavailable`. */
  revoke(target: RevocationTarget, mark?: number): Promise<void>
  /** Ends a session in this isolate only, for when the list could not be told. */
  endHere(sid: string): void
  /** When a session that begins now begins: later than every mark that could end it. */
  start(subject: string | undefined): number
  /** The instant for a mark that is made now: not earlier than any session that this isolate began. */
  mark(): number
}

// After a read was given up, the list is left alone this long.
const RETRY_AFTER = 5_000
// How many revocations, and how many good sessions, an isolate remembers.
const REMEMBERED = 10_000

const REVOKED: Verdict = Object.freeze({ status: 'revoked' })

/** Revocation by a list. */
export function revocationBy(config: RevocationConfig): Revocation {
  const { list, recheckAfter, staleIfError, timeout, longest, now, report } = config
  // What this isolate revoked or found revoked. It is asked before anything else is trusted, so a
  // revocation holds at once where it was made.
  const marks = new BoundedMap<string, number>(REMEMBERED)
  // When a sid was last found good, so that a burst of requests with one old cookie asks once.
  const good = new BoundedMap<string, number>(REMEMBERED)
  const underWay = new Map<string, Reading>()
  let retryAt = Number.NEGATIVE_INFINITY
  let latest = Number.NEGATIVE_INFINITY

  const remember = (target: RevocationTarget, mark: number) => {
    const name = targetName(target)
    marks.set(name, Math.max(mark, marks.get(name) ?? mark))
  }

  const unavailable = (operation: 'read' | 'write', cause: unknown) => {
    report({ type: 'revocation-unavailable', operation, cause })
    return new SessionError(
      'revocation-unavailable',
      `the revocation list failed on a ${operation}`,
      {
        cause,
      },
    )
  }

  /** What is recorded of a session, which this isolate then knows too. */
  async function readMarks(session: Revocable): Promise<ReadonlyMap<string, number>> {
    const targets = targetsOf(session)
    const answer = await list.read(targets)
    if (answer.length !== targets.length) throw new TypeError('the list answered for other targets')
    const found = new Map<string, number>()
    for (const [index, target] of targets.entries()) {
      const mark = answer[index]
      if (mark === undefined) continue
      const readable = Number.isFinite(mark)
      found.set(targetName(target), readable ? mark : Number.POSITIVE_INFINITY)
      // An unreadable mark is not remembered, so that an operator can mend it.
      if (readable) remember(target, mark)
      else if (!('sid' in target)) report({ type: 'revocation-unreadable', scope: target.scope })
    }
    return found
  }

  const newRead = (session: Revocable): Reading => ({ asked: now(), marks: readMarks(session) })

  /** One read for all the requests of a session that come while it is under way. */
  function sharedRead(session: Revocable): Reading {
    const known = underWay.get(session.sid)
    if (known !== undefined) return known
    const reading = newRead(session)
    const done = () => {
      if (underWay.get(session.sid) === reading) underWay.delete(session.sid)
    }
    underWay.set(session.sid, reading)
    reading.marks.then(done, done)
    return reading
  }

  /** Asks the list. Rejects when it fails or is late. */
  async function ask(session: Revocable, read: typeof newRead): Promise<Verdict> {
    if (now() < retryAt) throw new Error('the list did not answer a moment ago')
    const { asked, marks: answer } = read(session)
    const found = await inTime(answer, timeout, () => {
      underWay.delete(session.sid)
      retryAt = now() + RETRY_AFTER
    })
    // What this isolate revoked while the read was under way counts too.
    if (isRevoked(session, found) || isRevoked(session, marks)) return REVOKED
    good.set(session.sid, asked)
    return { status: 'good', checkedAt: asked }
  }

  const mark = () => {
    const instant = Math.max(now(), latest)
    // The next one of this millisecond ends what survives this one.
    latest = instant + 1
    return instant
  }

  return {
    async check(session, chk) {
      if (isRevoked(session, marks)) return REVOKED
      const checkedAt = later(chk, good.get(session.sid))
      const age = checkedAt === undefined ? Number.POSITIVE_INFINITY : now() - checkedAt
      // With 0 not even a check from the future, by a server whose clock is ahead, is trusted.
      if (recheckAfter > 0 && age < recheckAfter) return { status: 'good', checkedAt }
      try {
        // With 0, a read that began before this request is too old.
        return await ask(session, recheckAfter > 0 ? sharedRead : newRead)
      } catch (cause) {
        if (age >= staleIfError) return { status: 'unavailable', error: unavailable('read', cause) }
        report({ type: 'revocation-stale', age: Math.max(0, age) / 1000, cause })
        return { status: 'good', checkedAt }
      }
    },

    async recheck(session) {
      if (isRevoked(session, marks)) return REVOKED
      try {
        return await ask(session, newRead)
      } catch (cause) {
        return { status: 'unavailable', error: unavailable('read', cause) }
      }
    },

    async revoke(target, instant = mark()) {
      // A minute more than the longest life, for clocks that differ.
      const seconds = Math.ceil((longest + CLOCK_TOLERANCE) / 1000)
      try {
        await inTime(list.write(target, instant, seconds), timeout)
      } catch (cause) {
        throw unavailable('write', cause)
      }
      remember(target, instant)
    },

    endHere: (sid) => remember({ scope: 'session', sid }, now()),

    start(subject) {
      const scopes = ['subject', 'others'] as const
      const names =
        subject === undefined ? [] : scopes.map((scope) => targetName({ scope, subject }))
      const known = [...names, targetName({ scope: 'all' })].map((name) => marks.get(name) ?? 0)
      const begin = Math.max(now(), ...known.map((mark) => mark + 1))
      // A mark from further ahead is an operator's: whom it names stays out until then.
      const instant = begin > now() + CLOCK_TOLERANCE ? now() : begin
      latest = Math.max(latest, instant)
      return instant
    },

    mark,
  }
}

/**
 * Gives up after `timeout` ms. Every waiter has its own timer, even for shared work: on Workers the
 * work of another request that was cancelled never settles.
 */
function inTime<T>(work: Promise<T>, timeout: number, onLate?: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      onLate?.()
      reject(new Error(`no answer within ${timeout} ms`))
    }, timeout)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

const later = (a: number | undefined, b: number | undefined) =>
  a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)

/** `revocationList: 'none'`: nothing is recorded, and nothing can be promised. */
export function noRevocation(now: () => number): Revocation {
  const good = async (_: Revocable, chk: number | undefined): Promise<Verdict> => ({
    status: 'good',
    checkedAt: chk,
  })
  return {
    check: good,
    recheck: good,
    revoke: async (target) => {
      if ('sid' in target) return
      throw new TypeError('this needs a revocation list, and "revocationList" is \'none\'')
    },
    endHere: () => {},
    start: now,
    mark: now,
  }
}
