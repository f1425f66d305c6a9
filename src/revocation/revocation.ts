/**
 * What sessions and the manager need of revocation, the events that it reports, and revocation without
 * a list. `list-revocation.ts` is revocation by a list.
 */

import type {
  Ending,
  JournalEvent,
  Revocable,
  RevocationTarget,
} from '../contracts/revocation-list.ts'
import type { SessionError } from '../lib/errors.ts'

/** Events about the list, for operators. `cause` is the error of the list itself. */
export type RevocationEvent =
  /** The list could not be read; a session went on because its last check was recent enough. `age` in seconds. */
  | { type: 'revocation-stale'; age: number; cause: unknown }
  /** The list could not be read or written, and the operation that needed it was refused. */
  | { type: 'revocation-unavailable'; operation: 'read' | 'write'; cause: unknown }
  | JournalEvent
  /**
   * A sid came back `age` seconds, over a minute, after the session had replaced it: a thief's
   * copy, or cookies restored from long ago. It was refused.
   */
  | { type: 'replaced-sid'; age: number; session?: string }
  /** A browser left a session: it signed out, or somebody signed in over it. */
  | { type: 'signed-out'; session?: string }
  /** A session goes on under a new sid. */
  | { type: 'regenerated'; session?: string }
  /** A mark that ends sessions was written. The scope `session` ends one. */
  | {
      type: 'revoked'
      scope: Exclude<RevocationTarget['scope'], 'replaced' | 'bound'>
      session?: string
    }

/** The result of a revocation check. `checkedAt` is when the list itself was last asked. */
export type Verdict =
  | { readonly status: 'good'; readonly checkedAt: number | undefined }
  | { readonly status: 'revoked' }
  | { readonly status: 'unavailable'; readonly error: SessionError }

/** Reports an event. With a family, the event carries the pseudonym of the session. */
export type Report = (event: RevocationEvent, family?: string) => unknown

/** A target whose mark ends sessions. */
export type EndingTarget = Exclude<RevocationTarget, { scope: 'bound' }>

/** The details of a mark in the list. */
export interface MarkDetails {
  /** The instant. Default: now. */
  readonly mark?: number | undefined
  /** Of a single session: the family that it belongs to. */
  readonly family?: string
  /**
   * Of a single session: when it is over in any case. Default: the longest life of any session,
   * from now.
   */
  readonly limit?: number
}

/**
 * Revocation as sessions and the manager use it. Calls that write reject with
 * `revocation-unavailable`.
 */
export interface Revocation {
  /**
   * Checks a session that was just loaded. `chk` is the last check that its cookies record. Asks
   * the list only if that is too old.
   */
  check(session: Revocable, chk: number | undefined): Promise<Verdict>
  /** Asks the list now, unless this isolate knows that the session is revoked. */
  recheck(session: Revocable): Promise<Verdict>
  /** The mark that ended the session, if this isolate knows one. */
  endingInMemory(session: Revocable): Ending | undefined
  /** The marks of up to 90 targets, by name. Asks the list now; `key` names the question. */
  marksOf(targets: readonly RevocationTarget[], key?: string): Promise<ReadonlyMap<string, number>>
  /** Writes a mark that ends nothing. It is neither remembered here nor an event. */
  note(target: RevocationTarget, mark: number, limit: number): Promise<void>
  /** Records a mark. The mark of a sid is not written again once it is recorded. */
  record(target: EndingTarget, details?: MarkDetails): Promise<void>
  /** Ends a family in this isolate only, when the list could not be written. */
  endLocally(family: string): void
  /** The start of a session that begins now, later than `mark`. */
  nextStart(subject: string | undefined, mark?: number): number
  /**
   * The instant for a mark that ends the other sessions of the subject. Throws `revocation-unavailable` if the subject has set
   * so many marks for itself that the next one would be too far ahead of the clock.
   */
  nextOthers(subject: string): number
  /**
   * The same for a mark that ends every session of the subject. Asks the list first. Rejects with
   * `ended` if a mark bars the subject from signing in.
   */
  nextSince(subject: string): Promise<number>
}

/** The event for a mark that was written, and the family that it is about. */
export function eventOf(
  target: EndingTarget,
  family: string | undefined,
): [RevocationEvent, (string | undefined)?] {
  if (target.scope === 'replaced') return [{ type: 'regenerated' }, family]
  if (family !== undefined) return [{ type: 'signed-out' }, family]
  return [{ type: 'revoked', scope: target.scope }, 'sid' in target ? target.sid : undefined]
}

/** `revocationList: 'none'`: nothing is recorded, so a revocation is not possible. */
export function noRevocation(now: () => number, report: Report): Revocation {
  const needsList = async () => {
    throw new TypeError('this call needs a "revocationList"')
  }
  return {
    check: async (_, chk) => ({ status: 'good', checkedAt: chk }),
    recheck: async () => ({ status: 'good', checkedAt: undefined }),
    // A sign-out only clears cookies. A revocation that the app asks for is a developer's mistake.
    record: async (target, { family } = {}) => {
      if (family === undefined) return needsList()
      await report(...eventOf(target, family))
    },
    endingInMemory: () => undefined,
    marksOf: needsList,
    note: needsList,
    endLocally: () => {},
    nextSince: needsList,
    nextStart: now,
    nextOthers: now,
  }
}
