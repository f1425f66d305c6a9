/**
 * A browser with cookies and a clock, in front of handlers that use a manager directly. What most
 * tests of the core go through.
 */

import {
  createSessionManager,
  generateKey,
  memoryRevocationList,
  type Session,
  type SessionEvent,
  type SessionManager,
  type SessionOptions,
} from '../../src/index.ts'
import { type TestClock, testClock } from '../../src/testing/clock.ts'
import { CookieJar } from './cookie-jar.ts'

export { type TestClock as Clock, testClock }

export const START: number = testClock()()
export const SESSION = '__Host-Http-session'
export const ACTIVITY = '__Host-Http-session-activity'

const URL_OF_SITE = 'https://site.example/'

// biome-ignore lint/suspicious/noExplicitAny: tests put anything in data.
export type AnyData = Record<string, any>
export type Handler = (
  session: Session<AnyData>,
  request: Request,
) => Response | undefined | void | Promise<Response | undefined | void>

const NORMAL = ['signed-in', 'signed-out', 'regenerated', 'revoked']

/** Whether it tells of an end or of trouble, and not of the normal course of things. */
export const isRemarkable = ({ type }: SessionEvent): boolean => !NORMAL.includes(type)

/** An event without what joins the lines of one session. */
export function withoutSession(event: SessionEvent): SessionEvent {
  const { session: _, ...rest } = event as SessionEvent & { session?: string }
  return rest as SessionEvent
}

/**
 * A manager with a fresh key, a list in memory and a clock that a test moves. `events` are those that
 * tell of an end or of trouble, without the name of the session; `history` has all, as they came.
 */
export function setUp(options: Partial<SessionOptions<AnyData>> = {}) {
  const clock = testClock()
  const keys = generateKey()
  const list = memoryRevocationList({ now: clock })
  const events: unknown[] = []
  const history: SessionEvent[] = []
  const manager = createSessionManager<AnyData>({
    keys,
    revocationList: list,
    now: clock,
    // Not left to the default, so that a new default changes only the tests of the defaults.
    idleTimeout: 1_800,
    onEvent: (event) => {
      history.push(event)
      if (isRemarkable(event)) events.push(withoutSession(event))
    },
    ...options,
  })
  return { clock, keys, list, events, history, manager, visitor: new Visitor(manager, clock) }
}

export class Visitor {
  readonly jar: CookieJar
  readonly #manager: SessionManager<AnyData>

  constructor(manager: SessionManager<AnyData>, now: () => number, jar = new CookieJar(now)) {
    this.#manager = manager
    this.jar = jar
  }

  request(headers: Record<string, string> = {}): Request {
    const cookie = this.jar.headerFor(URL_OF_SITE)
    return new Request(URL_OF_SITE, { headers: { ...(cookie ? { cookie } : {}), ...headers } })
  }

  /** One request: load, handle, commit, and the answer's cookies go into the jar. */
  async visit(
    handler: Handler = () => {},
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const request = this.request(headers)
    const session = await this.#manager.load(request)
    const response = (await handler(session, request)) ?? new Response('ok')
    const answer = await this.#manager.commit(session, response)
    this.jar.store(answer, URL_OF_SITE)
    return answer
  }

  /** What a request sees. */
  async see<T>(
    look: (session: Session<AnyData>) => T,
    headers: Record<string, string> = {},
  ): Promise<T> {
    let seen: { value: T } | undefined
    await this.visit((session) => {
      seen = { value: look(session) }
    }, headers)
    return (seen as { value: T }).value
  }

  /** The same cookies in other hands, perhaps at another server. */
  copy(manager = this.#manager): Visitor {
    return new Visitor(manager, () => 0, this.jar.clone())
  }
}

/** The names that a response sets, cleared ones with a minus. */
export const cookiesSet = (response: Response): string[] =>
  response.headers.getSetCookie().map((line) => {
    const name = line.slice(0, line.indexOf('='))
    return line.includes('Max-Age=0') ? `-${name}` : name
  })
