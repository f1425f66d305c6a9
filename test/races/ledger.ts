/**
 * What ought to be: which session came from which, what ended it and when. Kept from what clients
 * and servers said to each other, so that it holds for any library.
 */

import { CLOCK_ERROR } from './isolates.ts'
import { type Action, type Answer, type Seen, signsIn } from './system.ts'

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
  /** The `Cookie` header. */
  readonly cookie: string
  /** Whether the browser proves by itself, if it can. */
  readonly isOfDevice: boolean
}

// A server that has just made a mark may put the next one, or a session, up to a second ahead.
const AHEAD = 1_000
// A mark of `endOthers` covers what a server with a faster clock began.
const COVERS_AHEAD = 2 * CLOCK_ERROR

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
    | 'since'
    | 'forced-out'
  /** Who asked for it: a browser's name, or the operator. */
  readonly asker: string
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
  /** How often a thief signed out others after the owner had, before the list could tell. */
  outlived = 0

  /** Takes note of an answer that left a server. */
  note(visit: Visit): void {
    const { action, answer, status } = visit
    if (answer === undefined || status !== 200) return
    const { before, after } = answer
    const base = this.#known(before)
    // A session that is over can be signed out all the same: its line.
    const came = base ?? this.#known(visit.came)
    if (action === 'sign-out' && came !== undefined) {
      this.#end('sign-out', visit, ({ sid }) => (sid === came.sid ? 'yes' : 'no'))
      this.#end('sign-out-of-line', visit, ({ line }) => (line === came.line ? 'yes' : 'no'))
    }
    const { sid } = after
    if (sid === undefined || sid === before.sid) return
    const fresh: Known = {
      sid,
      subject: after.subject,
      line: {},
      began: beganAt(after, visit),
      kept: undefined,
    }
    if (base === undefined || signsIn(action)) this.#sessions.set(sid, fresh)
    if (signsIn(action) && came !== undefined) {
      this.#end('left', visit, ({ sid }) => (sid === came.sid ? 'yes' : 'no'))
      this.#end('left-with-line', visit, ({ line }) => (line === came.line ? 'yes' : 'no'))
    }
    if (action === 'sign-in-end-others') {
      this.#end('since', visit, ({ subject, line, began }) => {
        if (subject !== fresh.subject || line === fresh.line) return 'no'
        return precedes(began, marked(visit, COVERS_AHEAD))
      })
    }
    if (base === undefined) return
    if (action === 'regenerate') {
      this.#sessions.set(sid, { ...base, sid })
      this.#end('left', visit, (one) => (one === base ? 'yes' : 'no'))
    } else if (action === 'sign-out-others') {
      this.#noteOutlived(base, visit)
      const ending: Ending = this.#end('others', visit, (one) => {
        if (one.subject !== base.subject || one.kept === ending) return 'no'
        const { kept } = one
        const since =
          kept === undefined ? one.began : marked({ arrived: kept.from, left: kept.by }, 0)
        return precedes(since, marked(visit, 0))
      })
      this.#sessions.set(sid, { ...base, sid, kept: ending })
    }
  }

  /** Takes note that a subject was forced out. */
  forcedOut(subject: string, isolate: number, from: number, by: number): void {
    const visit = { isolate, arrived: from, left: by, browser: 'operator' }
    this.#end('forced-out', visit, (one) =>
      one.subject === subject ? precedes(one.began, marked(visit, 0)) : 'no',
    )
  }

  /**
   * `signOutOthers` is not final against a thief: one who calls it in time survives the owner's.
   * That is no violation, and it is counted, so that it does not pass for the owner's own survival.
   */
  #noteOutlived(base: Known, { browser, arrived }: Visit): void {
    if (browser !== 'thief') return
    const isOut = this.endings.some(
      ({ kind, asker, by, covers }) =>
        kind === 'others' && asker !== 'thief' && by <= arrived && covers(base) === 'yes',
    )
    if (isOut) this.outlived++
  }

  /** What surely ended a session, and whether anything may have. */
  endingsOf(seen: Seen | undefined): { sure: Ending[]; possible: Ending[] } {
    const session = this.#known(seen)
    if (session === undefined) return { sure: [], possible: [] }
    const sure = this.endings.filter((ending) => ending.covers(session) === 'yes')
    const possible = this.endings.filter((ending) => ending.covers(session) !== 'no')
    return { sure, possible }
  }

  /** What a session shares with all that came from one sign-in. */
  lineOf(sid: string | undefined): object | undefined {
    return sid === undefined ? undefined : this.#sessions.get(sid)?.line
  }

  #known(seen: Seen | undefined): Known | undefined {
    return seen?.sid === undefined ? undefined : this.#sessions.get(seen.sid)
  }

  #end(
    kind: Ending['kind'],
    { isolate, arrived, left, browser }: Pick<Visit, 'isolate' | 'arrived' | 'left' | 'browser'>,
    covers: Ending['covers'],
  ): Ending {
    const ending = { kind, asker: browser, isolate, from: arrived, by: left, covers }
    this.endings.push(ending)
    return ending
  }
}

/** When a session began, by the clock of the server that began it. */
function beganAt({ createdAt }: Seen, { arrived, left }: Visit): Between {
  if (createdAt !== undefined) return { least: createdAt, most: createdAt }
  return { least: arrived - CLOCK_ERROR, most: left + CLOCK_ERROR }
}

/** The instant of a mark that a server made in a request, by that server's clock. */
const marked = ({ arrived, left }: Pick<Visit, 'arrived' | 'left'>, ahead: number): Between => ({
  least: arrived - CLOCK_ERROR + ahead,
  most: left + CLOCK_ERROR + ahead + AHEAD,
})

/** Whether one instant is at or before another, each known to lie between two. */
function precedes(one: Between, other: Between): 'yes' | 'no' | 'maybe' {
  if (one.most <= other.least) return 'yes'
  return one.least > other.most ? 'no' : 'maybe'
}
