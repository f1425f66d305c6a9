/**
 * A browser's part in device binding, in virtual time: it registers what it is offered, waits for a
 * proof when the bound cookie is missing, and proves in advance when it likes. As slow as a network.
 */

import {
  type Instructions,
  type Key,
  makeKey,
  prove,
  readChallenge,
  readOffer,
} from '../binding/device.ts'
import type { CookieJar } from '../kit/cookie-jar.ts'
import type { Random } from './random.ts'
import type { Isolate } from './system.ts'
import type { World } from './world.ts'

export const BOUND = '__Host-session-bound'
const SITE = 'https://site.example'

/** What a browser keeps of a registered session. */
interface Registered {
  readonly key: Key
  readonly instructions: Instructions
  /** The sid that its sign-in began with. */
  readonly sid: string
  lastProof: { readonly text: string; readonly askedAt: number } | undefined
}

/** What the harness wants to know. */
export interface DeviceLog {
  /** A session is the first of its line that the browser can prove. */
  registered(sid: string): void
  /** A server set a bound cookie at `by`, for a proof that was asked for at `askedAt`. */
  proved(cookie: string, sid: string, askedAt: number, by: number): void
  /** The browser was told to forget the key, in answer to a request with these cookies. */
  finished(sid: string, cookie: string): void
}

export class Device {
  readonly #world: World
  readonly #jar: CookieJar
  readonly #draws: Random
  readonly #place: (draws: Random) => Isolate
  readonly #log: DeviceLog
  readonly #sessions = new Map<string, Registered>()
  readonly #underWay = new Map<Registered, Promise<void>>()

  constructor(
    world: World,
    jar: CookieJar,
    draws: Random,
    place: (draws: Random) => Isolate,
    log: DeviceLog,
  ) {
    this.#world = world
    this.#jar = jar
    this.#draws = draws
    this.#place = place
    this.#log = log
  }

  /** Waits until the bound cookie is there. Gives the header of a request that goes without it. */
  async ready(): Promise<Record<string, string>> {
    const isMissing = () => this.#jar.get(BOUND) === undefined
    for (const session of this.#sessions.values()) if (isMissing()) await this.#refresh(session)
    if (this.#sessions.size === 0 || !isMissing()) return {}
    return { 'secure-session-skipped': 'server_error' }
  }

  /** Proves in advance, without anybody waiting for it. */
  proveInAdvance(): void {
    for (const session of this.#sessions.values()) void this.#refresh(session)
  }

  /** Takes the offer of an answer, if there is one. `sid` is that of the session that began. */
  async take(answer: Response, sid: string): Promise<void> {
    const offer = readOffer(answer)
    if (offer === undefined) return
    const key = await makeKey()
    const proof = await prove(key, offer.challenge, { header: { jwk: key.jwk } })
    const { response } = await this.#send(offer.path, { 'secure-session-response': proof })
    if (response.status !== 200) return
    this.#log.registered(sid)
    const instructions = (await response.json()) as Instructions
    const id = instructions.session_identifier
    this.#sessions.set(id, { key, instructions, sid, lastProof: undefined })
  }

  /** One at a time for a session, as browsers do. */
  #refresh(session: Registered): Promise<void> {
    const known = this.#underWay.get(session)
    if (known !== undefined) return known
    const refreshing = this.#prove(session).finally(() => this.#underWay.delete(session))
    this.#underWay.set(session, refreshing)
    return refreshing
  }

  async #prove(session: Registered): Promise<void> {
    const { session_identifier: id, refresh_url: path } = session.instructions
    const ask = (proof = session.lastProof?.text) =>
      this.#send(path, {
        'sec-secure-session-id': id,
        ...(proof === undefined ? {} : { 'secure-session-response': proof }),
      })
    let { response, left, cookie } = await ask()
    if (response.status === 403) {
      const text = await prove(session.key, readChallenge(response))
      session.lastProof = { text, askedAt: left }
      ;({ response, left, cookie } = await ask())
    }
    if (response.status !== 200) return
    const body = (await response.json()) as { continue?: boolean }
    if (body.continue === false) {
      this.#sessions.delete(id)
      this.#log.finished(session.sid, cookie)
      return
    }
    const bound = boundCookieOf(response)
    if (bound !== undefined && session.lastProof !== undefined) {
      this.#log.proved(bound, session.sid, session.lastProof.askedAt, left)
    }
  }

  /** `left` is when the answer left the server. */
  async #send(
    path: string,
    headers: Record<string, string>,
  ): Promise<{ response: Response; left: number; cookie: string }> {
    const draws = this.#draws
    // After a link from another site these requests come without Lax cookies.
    const cookie = draws.chance(0.1) ? '' : this.#jar.headerFor(SITE)
    const request = new Request(SITE + path, {
      method: 'POST',
      headers: { ...headers, ...(cookie === '' ? {} : { cookie }) },
    })
    const way = draws.chance(0.1) ? 2_000 : 150
    await this.#world.sleep(draws.between(1, way))
    const response = await this.#place(draws).fetch(request)
    const left = this.#world.now()
    await this.#world.sleep(draws.between(1, way))
    this.#jar.store(response, SITE)
    return { response, left, cookie }
  }
}

/** The value of the bound cookie that an answer sets. */
function boundCookieOf(response: Response): string | undefined {
  const line = response.headers.getSetCookie().find((one) => one.startsWith(`${BOUND}=`))
  return line?.slice(BOUND.length + 1, line.indexOf(';'))
}
