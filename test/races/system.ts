/** What the harness needs of a session library, so that ours and others run the same races. */

/** What a request can do. */
export type Action =
  | 'read'
  /** A read that does not count as activity. */
  | 'passive'
  /** Changes the data of who is signed in. */
  | 'write'
  /** Changes the data of anybody. */
  | 'anonymous-write'
  | 'sign-in'
  /** A sign-in that ends every session of the subject that began before it. */
  | 'sign-in-end-others'
  | 'sign-out'
  | 'sign-out-others'
  | 'regenerate'

/** A session as a handler sees it. */
export interface Seen {
  /** An id of the session that is new after a sign-in and after `regenerate`. */
  readonly sid: string | undefined
  readonly subject: string | undefined
  /** The names of the requests that wrote to it, in order. */
  readonly log: readonly string[]
  /** When the session began, in milliseconds; other libraries may not know. */
  readonly createdAt?: number | undefined
  /** Its last activity, in milliseconds; other libraries may not know. */
  readonly activeAt?: number | undefined
}

/** What every route answers: the session as it came, and as it is after the handler. */
export interface Answer {
  readonly before: Seen
  readonly after: Seen
}

/** Headers that tell a route how long its handler takes before and after it acts, in milliseconds. */
export const BEFORE = 'x-before'
export const AFTER = 'x-after'
/** Who signs in. */
export const SUBJECT = 'x-subject'
/** The request's name, which a write leaves in the data. */
export const NAME = 'x-name'

/** The routes that every system under test has. */
export const routeOf: Readonly<Record<Action, readonly [method: string, path: string]>> = {
  read: ['GET', '/'],
  passive: ['GET', '/'],
  write: ['POST', '/write'],
  'anonymous-write': ['POST', '/anonymous-write'],
  'sign-in': ['POST', '/sign-in'],
  'sign-in-end-others': ['POST', '/sign-in-end-others'],
  'sign-out': ['POST', '/sign-out'],
  'sign-out-others': ['POST', '/sign-out-others'],
  regenerate: ['POST', '/regenerate'],
}

/** Whether an action is meant to change what a browser holds. */
export const writes = (action: Action): boolean => action !== 'read' && action !== 'passive'

/** Whether an action signs a subject in. */
export const signsIn = (action: Action): boolean =>
  action === 'sign-in' || action === 'sign-in-end-others'

/** One server among several, with a memory of its own. */
export interface Isolate {
  fetch(request: Request): Response | Promise<Response>
  /** Ends every session of a subject, where the library can. */
  forceOut?(subject: string): Promise<void>
}

/** What an isolate is started with. */
export interface Setting {
  /** A name that no other isolate has. */
  readonly place: string
  /** The stage that the rotation of keys has reached: 0, 1 or 2. */
  readonly stage: number
  /** Its clock, which may be off by `CLOCK_ERROR`. */
  readonly now: () => number
  /** As configured when it was deployed, in seconds. */
  readonly idleTimeout: number
  readonly absoluteTimeout: number
}

/** A session library behind the routes, for one interleaving. */
export interface System {
  /** The actions that it does not have; they are not tried. */
  readonly lacks?: readonly Action[]
  /** How many seals its isolates have opened. */
  readonly decryptions?: () => number
  /** How long a proof of a device counts, in seconds, if sessions are bound to devices. */
  readonly proofLifetime?: number
  isolate(setting: Setting): Isolate
  /** What the cookies of a browser say by themselves, whether or not they are revoked or timed out. */
  peek(cookie: string): Promise<Seen | undefined>
}
