/** A visitor with a cookie jar and a clock, in front of a manager: what the cases go through. */

import type { Session, SessionManager } from '../../src/index.ts'
import { CookieJar } from '../kit/cookie-jar.ts'

// biome-ignore lint/suspicious/noExplicitAny: cases put anything in data.
export type AnyData = Record<string, any>
export type Handler = (session: Session<AnyData>) => Response | void | Promise<Response | void>

const SITE = 'https://site.example/'

/** Whether scripts may read `Cookie` and `Set-Cookie` here. In a browser they may not. */
export function hasCookieHeaders(): boolean {
  const request = new Request(SITE, { headers: { Cookie: 'a=1' } })
  const response = new Response(null, { headers: { 'Set-Cookie': 'a=1' } })
  return request.headers.get('Cookie') === 'a=1' && response.headers.getSetCookie().length === 1
}

/** A request with these cookies, also where a script may not set the header. */
export function requestWith(cookie: string): Request {
  const request = new Request(SITE, { headers: cookie === '' ? {} : { Cookie: cookie } })
  if (cookie !== '' && request.headers.get('Cookie') === null) {
    const get = (name: string) => (name.toLowerCase() === 'cookie' ? cookie : null)
    Object.defineProperty(request.headers, 'get', { value: get })
  }
  return request
}

export interface Clock {
  (): number
  /** Lets seconds pass. */
  pass(seconds: number): void
}

export function clockFrom(start: number): Clock {
  let instant = start
  const pass = (seconds: number) => {
    instant += seconds * 1000
  }
  return Object.assign(() => instant, { pass })
}

export class Visitor {
  readonly jar: CookieJar
  readonly #manager: SessionManager<AnyData>

  constructor(manager: SessionManager<AnyData>, now: () => number, jar = new CookieJar(now)) {
    this.#manager = manager
    this.jar = jar
  }

  /** One request: load, handle, commit, and the answer's cookies go into the jar. */
  async visit(handler: Handler = () => {}): Promise<Response> {
    const session = await this.#manager.load(requestWith(this.jar.headerFor(SITE)))
    const response = (await handler(session)) ?? new Response('ok')
    const answer = await this.#manager.commit(session, response)
    this.jar.store(answer, SITE)
    return answer
  }

  /** What a request sees. It counts as activity. */
  async see<T>(look: (session: Session<AnyData>) => T): Promise<T> {
    const seen: T[] = []
    await this.visit((session) => void seen.push(look(session)))
    return seen[0] as T
  }

  /** Who a request is from, or why it is from nobody, without counting as activity. */
  async status(): Promise<string> {
    const session = await this.#manager.load(requestWith(this.jar.headerFor(SITE)))
    return session.subject ?? session.ended ?? 'anonymous'
  }

  /** The same cookies in the hands of somebody who keeps them as long as he likes, perhaps at another server. */
  copy(manager = this.#manager): Visitor {
    const jar = new CookieJar(() => 0)
    for (const name of this.jar.names()) {
      jar.set(`${name}=${this.jar.get(name)}; Path=/; Secure; HttpOnly`, SITE)
    }
    return new Visitor(manager, () => 0, jar)
  }
}

/** The names that a response sets, cleared ones with a minus. */
export const cookiesSet = (response: Response): string[] =>
  response.headers.getSetCookie().map((line) => {
    const name = line.slice(0, line.indexOf('='))
    return line.includes('Max-Age=0') ? `-${name}` : name
  })
