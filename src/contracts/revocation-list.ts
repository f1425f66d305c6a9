/**
 * The contract of a revocation list, which records the sessions that were ended before their time,
 * and the list in memory.
 */

import { onlyMembers } from '../lib/check.ts'
import { ExpiringMap } from '../lib/expiring-map.ts'
import { noticeMemoryList } from '../lib/isolate-warnings.ts'
import { systemClock } from '../lib/platform.ts'

/** The target of an entry in the list. */
export type RevocationTarget =
  /**
   * A family: the session that began with this sid, and everything that was regenerated from it.
   */
  | { readonly scope: 'session'; readonly sid: string }
  /** A sid that was replaced: the session goes on under another. */
  | { readonly scope: 'replaced'; readonly sid: string }
  /** Every session of a subject that began at or before the mark. Written by operators. */
  | { readonly scope: 'subject'; readonly subject: string }
  /** Every session of a subject that has not survived a later `signOutOthers`. */
  | { readonly scope: 'others'; readonly subject: string }
  /**
   * Every session of a subject that began at or before the mark, like `subject`, but written by the
   * subject's own sign-in with `endOthers`. The list keeps the newest mark.
   */
  | { readonly scope: 'since'; readonly subject: string }
  /**
   * Every session that began at or before the mark and belongs to one session at an identity
   * provider. `session` is 22 characters of base64url. The list keeps the newest mark.
   */
  | { readonly scope: 'external'; readonly session: string }
  /** Every session that began at or before the mark. */
  | { readonly scope: 'all' }
  /**
   * A family that is bound to a device. The mark is when the key was registered, and ends nothing.
   * The list keeps the first mark, so that no second key can take its place.
   */
  | { readonly scope: 'bound'; readonly sid: string }

/**
 * The contract of a revocation list. `revocationListContract` of `sealed-session/testing` tests every
 * implementation against it.
 *
 * A mark is an instant in milliseconds. The list keeps the last mark that was written for a target;
 * for the scopes `since` and `external` it keeps the newest mark, for `bound` the first. It keeps a mark for at least
 * `seconds`. After that it can forget it, because no session that the mark could end is alive. If an
 * operator wrote an entry by hand that is not an instant, the list returns `Infinity`, so that the
 * entry ends every session that it names.
 *
 * Both calls reject if the list cannot be reached. They need no timeout, retry or cache of their
 * own: the manager has these.
 */
export interface RevocationList {
  /** The marks of the targets, in the same order; `undefined` if nothing is recorded. */
  read(targets: readonly RevocationTarget[]): Promise<readonly (number | undefined)[]>
  /** Records a mark. Resolves when a later read from the same place will find it. */
  write(target: RevocationTarget, mark: number, seconds: number): Promise<void>
  /**
   * The marks recorded at or after `since`, an instant in milliseconds by the list's own clock, and
   * all marks that lie ahead; those of the scope `bound` can be left out. A list that has it is asked
   * once for the sessions of a whole isolate.
   *
   * Optional, and only for a list that is told of every mark. The answer may be a copy that is at
   * most `maxAge` milliseconds old (default 0), if it says so in `age`.
   */
  changes?(since: number, maxAge?: number): Promise<RevocationChanges>
  /**
   * Required beside `changes`: the function `journal` of `sealed-session`, which keeps the answers in
   * each isolate. It is a member of the list so that only apps with such a list have its code.
   */
  readonly journal?: (host: JournalHost) => Journal
  /**
   * Claims a name until an instant in milliseconds. True for exactly one of all calls with a name in
   * that time, also of calls that are made at once; false for the others.
   *
   * Optional, and only for a list that can decide that: `once` uses it.
   */
  claim?(name: string, until: number): Promise<boolean>
}

/** What a list answers to `changes`. All in milliseconds. */
export interface RevocationChanges {
  /** The list's clock when it answered. */
  readonly now: number
  /** From when on the answer is complete: later than `since` if there was more than the list can answer. */
  readonly from: number
  readonly marks: readonly (readonly [target: RevocationTarget, mark: number])[]
  /** How old the answer is, if it is a copy. */
  readonly age?: number
}

/** The claims that decide whether a mark ends a session. Instants are milliseconds. */
export interface Revocable {
  readonly sid: string
  /**
   * The sid that the session began with. `regenerate` and `signOutOthers` change only the current
   * sid.
   */
  readonly family: string
  /** When the session began. Only a sign-in moves it. */
  readonly iat: number
  /** The last "sign out everywhere else" that this session survived. */
  readonly kept: number | undefined
  readonly subject: string | undefined
  /** The name of the session at an identity provider that it belongs to, if there is one. */
  readonly external: string | undefined
}

/** The mark that ended a session, and its target. */
export interface Ending {
  readonly target: RevocationTarget
  readonly mark: number
}

/** The parts of a manager that a journal uses. Durations are milliseconds. */
export interface JournalHost {
  readonly list: RevocationList
  readonly recheckAfter: number
  readonly now: () => number
  readonly report: (event: JournalEvent) => unknown
  /** Makes a call to the list, with its timeout, or joins the one under way. */
  readonly join: (key: string, call: () => Promise<void>) => Promise<void>
}

/** The marks recorded in the last minutes, kept in an isolate. */
export interface Journal {
  /** When the list was last asked with success. */
  readonly checkedAt: number | undefined
  /** Whether the journal has every mark recorded after a session was found good. */
  reaches(checkedAt: number | undefined): boolean
  /** The mark in the journal that ends the session. */
  endingOf(session: Revocable): Ending | undefined
  /** Refreshes the journal if it is too old. Returns whether the journal can be used. */
  refresh(): Promise<boolean>
  /** Refreshes the journal in the background before it is too old, so that no request has to wait. */
  refreshBeforeNeeded(): void
}

/** Events of a journal, for operators. `cause` is the error of the list itself. */
export type JournalEvent =
  /** An entry of the list is not a valid instant. It ends every session that it names. */
  | {
      type: 'revocation-unreadable'
      scope: Exclude<RevocationTarget['scope'], 'session' | 'replaced' | 'bound'>
    }
  /**
   * The list's `changes` failed or gave a wrong answer. Sessions are checked by key, which costs
   * more, and `changes` is called again after `recheckAfter`.
   */
  | { type: 'revocation-changes'; cause: unknown }

/** A name that no other target has. */
export function targetName(target: RevocationTarget): string {
  const { scope } = target
  if (scope === 'all') return scope
  if (scope === 'external') return `${scope}/${target.session}`
  return `${scope}/${'sid' in target ? target.sid : target.subject}`
}

/** The target of a name; `undefined` for a text that is the name of none. */
export function targetOf(name: string): RevocationTarget | undefined {
  if (name === 'all') return { scope: 'all' }
  const [, scope, id = ''] = /^(\w+)\/(.+)$/s.exec(name) ?? []
  if (scope === 'session' || scope === 'replaced' || scope === 'bound') return { scope, sid: id }
  if (scope === 'subject' || scope === 'others' || scope === 'since') return { scope, subject: id }
  if (scope === 'external') return { scope, session: id }
  return undefined
}

/** Whether a list keeps the newest mark of the target and not the last one written. */
export const keepsNewest = ({ scope }: RevocationTarget): boolean =>
  scope === 'since' || scope === 'external'

/** Whether a list keeps the first mark of the target. */
export const keepsFirst = ({ scope }: RevocationTarget): boolean => scope === 'bound'

/**
 * What marks a claimed name in a list without `claim`: a sid that no session has, because a name is a
 * digest.
 */
export const claimTarget = (name: string): RevocationTarget => ({
  scope: 'session',
  sid: name.slice(0, 22),
})

/**
 * A list in the memory of this process, for tests and for a server that is one process. Never use
 * it on Workers, where a session's next request can reach another isolate: use `kvRevocationList`.
 * Make it once: a second one in the same process, without its own clock, logs a warning on the
 * console.
 */
export function memoryRevocationList(options: { now?: () => number } = {}): RevocationList {
  onlyMembers('the options of memoryRevocationList', options, ['now'])
  const { now = systemClock } = options
  if (options.now === undefined) noticeMemoryList()
  const entries = new ExpiringMap<number>(now)
  const claims = new ExpiringMap<true>(now)
  return {
    async read(targets) {
      return targets.map((target) => entries.get(targetName(target)))
    },
    async write(target, mark, seconds) {
      const name = targetName(target)
      if (keepsFirst(target) && entries.get(name) !== undefined) return
      const known = keepsNewest(target) ? (entries.get(name) ?? mark) : mark
      entries.set(name, Math.max(mark, known), now() + seconds * 1000)
    },
    async claim(name, until) {
      if (claims.get(name)) return false
      claims.set(name, true, until)
      return true
    },
  }
}
