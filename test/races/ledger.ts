/**
 * What ought to be: which session came from which, what ended it and when. Kept from what clients
 * and servers said to each other, so that it holds for any library.
 */

import type { Action, Answer, Seen } from './system.ts'

/** A request and its answer. Instants are of virtual time, in milliseconds. */
export interface Visit {
  readonly name: string
  readonly action: Action
  readonly browser: string
  /** Which isolate's memory it met. */
  readonly isolate: number
  readonly sent: number
  /** At the server. */
  readonly arrived: number
  /** The answer left the server. */
  readonly left: number
  readonly status: number
  /** What the cookies that were sent say by themselves. */
  readonly came: Seen | undefined
  readonly answer: Answer | undefined
}

/** An instant, known to lie between two. */
interface Between {
  readonly least: number
  readonly most: number
}

/** A session by its sid. */
interface Known {
  readonly sid: string
  readonly subject: string | undefined
  /** All sessions that came from one sign-in by `regenerate` and `signOutOthers` share one. */
  readonly line: object
  readonly began: Between
  /** The last "sign out everywhere else" that it survived. */
  readonly kept: Ending | undefined
}

/** Something that ended sessions. */
export interface Ending {
  readonly kind:
    | 'sign-out'
    | 'sign-out-of-line'
    | 'left'
    | 'left-with-line'
    | 'others'
    | 'forced-out'
  readonly isolate: number
  /** The server had been asked. */
  readonly from: number
  /** The server had said so. */
  readonly by: number
  covers(session: Known): 'yes' | 'no' | 'maybe'
}

export class Ledger {
  readonly #sessions = new Map<string, Known>()
  readonly endings: Ending[] = []

  /** Takes note of an answer that left a server. */
  note(visit: Visit): void {
    const { action, answer, status } = visit
    if (answer === undefined || status !== 200) return
    const { before, after } = answer
    const base = this.#known(before)
    // Even a session that was not honoured any more can be signed out: its line.
    const came = base ?? this.#known(visit.came)
    if (action === 'sign-out' && came !== undefined) {
      this.#end('sign-out', visit, ({ sid }) => (sid === came.sid ? 'yes' : 'no'))
      this.#end('sign-out-of-line', visit, ({ line }) => (line === came.line ? 'yes' : 'no'))
    }
    const { sid } = after
    if (sid === undefined || sid === before.sid) return
    const between = { least: visit.arrived, most: visit.left }
    const exact = after.createdAt
    const began = exact === undefined ? between : { least: exact, most: exact }
    const fresh: Known = { sid, subject: after.subject, line: {}, began, kept: undefined }
    if (base === undefined || action === 'sign-in') this.#sessions.set(sid, fresh)
    if (action === 'sign-in' && came !== undefined) {
      this.#end('left', visit, ({ sid }) => (sid === came.sid ? 'yes' : 'no'))
      this.#end('left-with-line', visit, ({ line }) => (line === came.line ? 'yes' : 'no'))
    }
    if (base === undefined) return
    if (action === 'regenerate') {
      this.#sessions.set(sid, { ...base, sid })
      this.#end('left', visit, (one) => (one === base ? 'yes' : 'no'))
    } else if (action === 'sign-out-others') {
      const ending: Ending = this.#end('others', visit, (one) => {
        if (one.subject !== base.subject || one.kept === ending) return 'no'
        const { kept } = one
        const since = kept === undefined ? one.began : { least: kept.from, most: kept.by }
        return precedes(since, between)
      })
      this.#sessions.set(sid, { ...base, sid, kept: ending })
    }
  }

  /** Takes note that a subject was forced out. */
  forcedOut(subject: string, isolate: number, from: number, by: number): void {
    this.#end('forced-out', { isolate, arrived: from, left: by }, (one) =>
      one.subject === subject ? precedes(one.began, { least: from, most: by }) : 'no',
    )
  }

  /** What surely ended a session, and whether anything may have. */
  endingsOf(seen: Seen | undefined): { sure: Ending[]; possible: Ending[] } {
    const session = this.#known(seen)
    if (session === undefined) return { sure: [], possible: [] }
    const sure = this.endings.filter((ending) => ending.covers(session) === 'yes')
    const possible = this.endings.filter((ending) => ending.covers(session) !== 'no')
    return { sure, possible }
  }

  #known(seen: Seen | undefined): Known | undefined {
    return seen?.sid === undefined ? undefined : this.#sessions.get(seen.sid)
  }

  #end(
    kind: Ending['kind'],
    { isolate, arrived, left }: Pick<Visit, 'isolate' | 'arrived' | 'left'>,
    covers: Ending['covers'],
  ): Ending {
    const ending = { kind, isolate, from: arrived, by: left, covers }
    this.endings.push(ending)
    return ending
  }
}

/** Whether one instant is at or before another, each known to lie between two. */
function precedes(one: Between, other: Between): 'yes' | 'no' | 'maybe' {
  if (one.most <= other.least) return 'yes'
  return one.least > other.most ? 'no' : 'maybe'
}
