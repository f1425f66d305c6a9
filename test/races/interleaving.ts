/**
 * One interleaving: browsers, perhaps a thief with a copy of the cookies, and an operator, all at
 * once in front of several isolates. What happens when is drawn from the seed; what must hold is
 * checked at every answer, and once more when everything has come to rest.
 */

import { CookieJar } from '../kit/cookie-jar.ts'
import { Device } from './device.ts'
import { CLOCK_ERROR } from './isolates.ts'
import { type Ending, Ledger, type Visit } from './ledger.ts'
import { Proofs } from './proofs.ts'
import { type Random, random } from './random.ts'
import {
  type Action,
  AFTER,
  type Answer,
  BEFORE,
  type Isolate,
  NAME,
  routeOf,
  type Seen,
  SUBJECT,
  type System,
  signsIn,
  writes,
} from './system.ts'
import { World } from './world.ts'

/** The cookie of messages that are shown once, which is no part of the session. */
const FLASH = '__Host-Http-session-flash='

/** What must not happen. */
export const VIOLATIONS = [
  'a read undid a write',
  'a read undid a sign-out',
  'a read lost a sign-in',
  'a write brought a signed-out session back',
  'a write was not whole',
  'an old sid was honoured',
  'what was regenerated outlived a sign-out or sign-in',
  'a session outlived a sign-in that ends others',
  'a subject forced out was honoured',
  'a session outlived its idle timeout',
  'a session outlived its limit',
  'a copy without a proof was honoured',
  'a live session was lost',
] as const
export type Violation = (typeof VIOLATIONS)[number]

/** What the world of an interleaving is like. Durations are seconds. */
export interface Conditions {
  readonly seed: string
  readonly isolates: number
  readonly recheckAfter: number
  readonly staleness: number
  /** The longest call of the list. */
  readonly latency: number
  readonly rotates: boolean
  readonly hasThief: boolean
  readonly hasSecondBrowser: boolean
  readonly forcesOut: boolean
  readonly idleTimeout: number
  readonly absoluteTimeout: number
  /** Whether the victim is away for longer than the idle timeout, while a thief is not. */
  readonly idles: boolean
  /** Whether, after the absolute timeout, all isolates are deployed with a longer one. */
  readonly lengthens: boolean
}

export interface Result {
  readonly violations: readonly { readonly violation: Violation; readonly detail: string }[]
  readonly requests: number
  /** Pairs of requests of one browser that overlapped. */
  readonly overlaps: number
  /** Seals that isolates opened. */
  readonly decryptions: number
  /** Requests that came with a session that had idled out. */
  readonly idledOut: number
  /** Requests answered 503, because data was away. */
  readonly unavailable: number
  /** How often a thief's `signOutOthers` came after the owner's and before the list could tell. */
  readonly outlived: number
  /** How often the owner's session was lost to a thief's `signOutOthers`. */
  readonly lostToThief: number
  /** Keys that browsers registered, and proofs that servers accepted. */
  readonly registrations: number
  readonly proofs: number
  /** Requests of copies that were refused for want of a proof. */
  readonly copiesRefused: number
  /** Requests with a session whose browser had held another one and was told to forget the key then. */
  readonly leftBehind: number
  /** Every answer, for comparing two runs of a seed. */
  readonly trace: readonly string[]
}

const START = Date.parse('2026-03-01T12:00:00.123Z')
const SITE = 'https://site.example'
const HALF_AN_HOUR = 1_800
const HALF_A_DAY = 43_200
// Longer than the list may take, so that the last look finds a thief who kept a copy active.
const SHORT_IDLE_TIMEOUT = 180
const SHORT_LIMIT = 300
// A list keeps a mark a minute longer than what it ends.
const MARKS_OUTLIVE_LIMIT = 60

export function conditionsOf(seed: number): Conditions {
  const draws = random(seed, 'conditions')
  const forcesOut = draws.chance(0.3)
  const kind = draws.weighted({ usual: 12, idles: 5, lengthens: 3 })
  const idles = kind === 'idles'
  const lengthens = kind === 'lengthens'
  return {
    seed: String(seed),
    isolates: draws.between(1, 3),
    recheckAfter: draws.pick([0, 60]),
    staleness: draws.pick([0, 60]),
    latency: 0.5,
    rotates: draws.chance(0.3),
    hasThief: forcesOut || idles || draws.chance(0.3),
    hasSecondBrowser: draws.chance(0.3),
    forcesOut,
    idleTimeout: idles ? SHORT_IDLE_TIMEOUT : lengthens ? SHORT_LIMIT : HALF_AN_HOUR,
    absoluteTimeout: lengthens ? SHORT_LIMIT : HALF_A_DAY,
    idles,
    lengthens,
  }
}

/** Runs one. `make` gets the world and builds the library under test in it. */
export async function interleave(
  conditions: Conditions,
  make: (world: World, conditions: Conditions) => System,
): Promise<Result> {
  const world = new World(START)
  const interleaving = new Interleaving(world, conditions, make(world, conditions))
  interleaving.begin()
  await world.run()
  await interleaving.settle()
  if (conditions.lengthens) await interleaving.lengthen()
  interleaving.judge()
  return interleaving
}

class Browser {
  readonly name: string
  readonly jar: CookieJar
  /** Its part in binding sessions, if it can. */
  device: Device | undefined
  /** What last changed the cookies. */
  changedBy: Action | undefined
  /** When it last learned that it was signed out. */
  signedOutAt = Number.POSITIVE_INFINITY

  constructor(name: string, jar: CookieJar) {
    this.name = name
    this.jar = jar
  }
}

/** What a request can do, and how often one does. */
const HABITS: Readonly<Record<string, Readonly<Record<Action, number>>>> = {
  victim: {
    read: 6,
    passive: 2,
    write: 4,
    'anonymous-write': 1,
    'sign-in': 3,
    'sign-in-end-others': 1,
    'sign-out': 3,
    'sign-out-others': 1,
    regenerate: 2,
  },
  returning: {
    read: 1,
    passive: 0,
    write: 0,
    'anonymous-write': 0,
    'sign-in': 3,
    'sign-in-end-others': 2,
    'sign-out': 4,
    'sign-out-others': 0,
    regenerate: 0,
  },
  second: {
    read: 3,
    passive: 1,
    write: 2,
    'anonymous-write': 0,
    'sign-in': 1,
    'sign-in-end-others': 3,
    'sign-out': 1,
    'sign-out-others': 2,
    regenerate: 1,
  },
  thief: {
    read: 3,
    passive: 1,
    write: 2,
    'anonymous-write': 0,
    'sign-in': 0,
    'sign-in-end-others': 0,
    'sign-out': 0,
    'sign-out-others': 3,
    regenerate: 4,
  },
}

class Interleaving implements Result {
  readonly violations: { violation: Violation; detail: string }[] = []
  readonly trace: string[] = []
  requests = 0
  overlaps = 0
  idledOut = 0
  unavailable = 0
  lostToThief = 0
  copiesRefused = 0
  leftBehind = 0
  readonly #proofs: Proofs | undefined
  readonly #world: World
  readonly #conditions: Conditions
  readonly #system: System
  readonly #draws: Random
  readonly #ledger = new Ledger()
  readonly #places: { isolate: Isolate; id: number }[] = []
  readonly #browsers: Browser[] = []
  readonly #visits: Visit[] = []
  /** Every pair of cookies that was ever set. */
  readonly #everSet = new Set<string>()
  readonly #peeked = new Map<string, Promise<Seen | undefined>>()
  #isolates = 0
  #open = 0
  #names = 0

  constructor(world: World, conditions: Conditions, system: System) {
    this.#world = world
    this.#conditions = conditions
    this.#system = system
    this.#draws = random(conditions.seed, 'plan')
    const { proofLifetime } = system
    if (proofLifetime !== undefined) {
      this.#proofs = new Proofs(
        proofLifetime * 1_000,
        (sid) => this.#ledger.lineOf(sid),
        async (cookie) => (await this.#peek(cookie))?.sid,
      )
    }
  }

  get registrations(): number {
    return this.#proofs?.registrations ?? 0
  }

  get proofs(): number {
    return this.#proofs?.proofs ?? 0
  }

  get decryptions(): number {
    return this.#system.decryptions?.() ?? 0
  }

  get outlived(): number {
    return this.#ledger.outlived
  }

  /** Plans everything. */
  begin(): void {
    const { isolates, rotates, hasThief, hasSecondBrowser, forcesOut, idles } = this.#conditions
    const draws = this.#draws
    for (let place = 0; place < isolates; place++) {
      this.#deploy(place, 0)
      if (!rotates) continue
      this.#in(draws.between(0, 3_000), () => this.#deploy(place, 1))
      this.#in(draws.between(3_001, 8_000), () => this.#deploy(place, 2))
    }
    const victim = this.#browser('victim')
    if (draws.chance(0.85)) this.#plan(victim, 'sign-in', 0, 0)
    // Everything from here on happens at once, give or take.
    const burst = draws.between(2_500, 4_000)
    for (let left = draws.between(5, 10); left > 0; left--) {
      this.#plan(victim, draws.weighted(this.#habitsOf('victim')), burst + draws.between(0, 5_000))
    }
    if (hasSecondBrowser) {
      const second = this.#browser('second')
      this.#plan(second, 'sign-in', draws.between(0, 2_000), 0)
      for (let left = draws.between(1, 4); left > 0; left--) {
        this.#plan(
          second,
          draws.weighted(this.#habitsOf('second')),
          burst + draws.between(0, 5_000),
        )
      }
    }
    // Late enough for every answer of before to have come.
    const returnsAt = burst + 30_000 + (SHORT_IDLE_TIMEOUT + draws.between(1, 20)) * 1_000
    if (idles) {
      this.#plan(victim, draws.weighted(this.#habitsOf('returning')), returnsAt)
      this.#plan(
        victim,
        draws.weighted(this.#habitsOf('victim')),
        returnsAt + draws.between(0, 40_000),
      )
    }
    if (hasThief) this.#planThief(victim, burst, idles ? returnsAt : 0)
    if (forcesOut) this.#in(burst + draws.between(0, 8_000), () => this.#forceOut())
  }

  /** After everything has come to rest and every delay of the list is over: what is still honoured? */
  async settle(): Promise<void> {
    this.#in(this.#window() + 1_000, async () => {
      const probes: Promise<void>[] = []
      for (const [place] of this.#places.entries()) {
        for (const browser of this.#browsers) {
          probes.push(this.#probe(browser.name, browser.jar.headerFor(SITE), place))
        }
      }
      for (const cookie of this.#everSet) {
        const place = this.#draws.between(0, this.#places.length - 1)
        probes.push(this.#probe('replay', cookie, place))
      }
      await Promise.all(probes)
    })
    await this.#world.run()
    const { proofLifetime } = this.#system
    if (proofLifetime === undefined) return
    // Every proof is over by then, also that of a thief who keeps the cookie. Whoever can proves anew.
    this.#in(proofLifetime * 1_000 + 2 * CLOCK_ERROR + 1_000, async () => {
      for (const browser of this.#browsers) {
        if (browser.device !== undefined) this.#plan(browser, 'read', 0, 0)
      }
      const probes = this.#browsers.map(({ name, jar }) =>
        this.#probe(name, jar.headerFor(SITE), this.#draws.between(0, this.#places.length - 1)),
      )
      await Promise.all(probes)
    })
    await this.#world.run()
  }

  /** Deploys longer timeouts, when every session is past the limit that it began with. */
  async lengthen(): Promise<void> {
    const rest = (SHORT_LIMIT + MARKS_OUTLIVE_LIMIT) * 1_000 + 2 * CLOCK_ERROR + 1_000
    this.#in(rest, async () => {
      for (const place of this.#places.keys()) this.#deploy(place, 2, HALF_AN_HOUR, HALF_A_DAY)
      const cookies = [...this.#everSet]
      await Promise.all(
        cookies.map((cookie) =>
          this.#probe('replay', cookie, this.#draws.between(0, this.#places.length - 1)),
        ),
      )
    })
    await this.#world.run()
  }

  /** Only in the end is it known what was under way when. */
  judge(): void {
    for (const visit of this.#visits) this.#checkHonour(visit)
  }

  // What happens

  /** With `until` the thief keeps the copy active until the victim has returned and all can know of it. */
  #planThief(victim: Browser, burst: number, until: number): void {
    const draws = this.#draws
    const steps: number[] = []
    // Busy at first, then every now and then until long after every delay is over.
    for (let left = 6; left > 0; left--) steps.push(draws.between(0, 6_000))
    for (let left = 5; left > 0; left--) steps.push(draws.between(6_000, this.#window() + 20_000))
    const end = until - burst + this.#window() + 60_000
    for (let step = 0; until > 0 && step < end; step += draws.between(60_000, 140_000)) {
      steps.push(step)
    }
    // Of a victim who will be away the copy is often the last that there was.
    const copied = until > 0 && draws.chance(0.7) ? 15_000 : draws.between(-1_000, 2_000)
    this.#in(burst + copied, () => {
      const thief = new Browser('thief', stolen(victim.jar))
      this.#browsers.push(thief)
      for (const step of steps) this.#plan(thief, draws.weighted(this.#habitsOf('thief')), step)
    })
  }

  async #forceOut(): Promise<void> {
    const { isolate, id } = this.#somePlace(this.#draws)
    if (isolate.forceOut === undefined) {
      const now = this.#world.now()
      this.#ledger.forcedOut('ann', id, now, now)
      return
    }
    const from = this.#world.now()
    await isolate.forceOut('ann')
    this.#ledger.forcedOut('ann', id, from, this.#world.now())
    this.trace.push(`${from} forced out by ${id}`)
  }

  #deploy(
    place: number,
    stage: number,
    idleTimeout = this.#conditions.idleTimeout,
    absoluteTimeout = this.#conditions.absoluteTimeout,
  ): void {
    const id = this.#isolates++
    const error = random(this.#conditions.seed, 'clock', id).between(-CLOCK_ERROR, CLOCK_ERROR)
    const now = () => this.#world.now() + error
    const setting = { place: `${place}.${id}`, stage, now, idleTimeout, absoluteTimeout }
    this.#places[place] = { isolate: this.#system.isolate(setting), id }
  }

  #browser(name: string): Browser {
    const browser = new Browser(name, new CookieJar(this.#world.now))
    this.#browsers.push(browser)
    const draws = random(this.#conditions.seed, 'device', name)
    // Of two browsers one may be one that cannot.
    if (this.#proofs !== undefined && (name === 'victim' || draws.chance(0.5))) {
      browser.device = new Device(
        this.#world,
        browser.jar,
        draws,
        (draws) => this.#somePlace(draws).isolate,
        this.#proofs,
      )
    }
    return browser
  }

  /** Lets a browser send a request in `delay` ms. */
  #plan(browser: Browser, action: Action, delay: number, slowness?: number): void {
    const name = `${browser.name}-${this.#names++}`
    const draws = random(this.#conditions.seed, name)
    this.#in(delay, () => this.#visit(browser, action, name, draws, slowness ?? draws()))
  }

  async #visit(
    browser: Browser,
    action: Action,
    name: string,
    draws: Random,
    slowness: number,
  ): Promise<void> {
    const world = this.#world
    // Most answers take some hundred milliseconds; some are overtaken by everything.
    const slow = slowness > 0.8
    const [way, work] = slow ? [8_000, 4_000] : slowness === 0 ? [50, 0] : [600, 400]
    const { device } = browser
    if (device !== undefined && draws.chance(0.3)) device.proveInAdvance()
    const skipped = (await device?.ready()) ?? {}
    const cookie = browser.jar.headerFor(SITE)
    const sent = world.now()
    this.requests++
    this.overlaps += this.#open++
    await world.sleep(draws.between(1, way / 4))
    const { isolate, id } = this.#somePlace(draws)
    const request = requestFor(action, cookie, {
      ...skipped,
      [NAME]: name,
      [BEFORE]: String(draws.between(0, work)),
      [AFTER]: String(draws.between(0, work)),
      [SUBJECT]: draws.chance(0.85) ? 'ann' : 'bob',
    })
    const visit = await this.#serve(
      { name, action, browser: browser.name, sent, isOfDevice: device !== undefined },
      request,
      isolate,
      id,
    )
    await world.sleep(draws.between(1, way))
    this.#open--
    await this.#arrive(browser, visit)
  }

  async #serve(
    known: Pick<Visit, 'name' | 'action' | 'browser' | 'sent' | 'isOfDevice'>,
    request: Request,
    isolate: Isolate,
    id: number,
  ): Promise<Visit & { setCookies: string[]; response: Response }> {
    const arrived = this.#world.now()
    const cookie = request.headers.get('cookie') ?? ''
    const came = await this.#peek(cookie)
    const response = await isolate.fetch(request)
    const { status } = response
    // 503 when data is away.
    if (![200, 401, 503].includes(status)) throw new Error(`${known.action} answered ${status}`)
    if (status === 503) this.unavailable++
    const answer = status === 200 ? ((await response.json()) as Answer) : undefined
    const left = this.#world.now()
    const setCookies = response.headers.getSetCookie()
    const times = { arrived, left }
    const visit = { ...known, ...times, isolate: id, status, came, answer, cookie, setCookies }
    this.#ledger.note(visit)
    const set = cookieOf(setCookies)
    if (set !== '') this.#everSet.add(set)
    this.#visits.push(visit)
    return { ...visit, response }
  }

  /** An answer reaches the browser. */
  async #arrive(
    browser: Browser,
    visit: Visit & { setCookies: string[]; response: Response },
  ): Promise<void> {
    const { action, answer, response, setCookies } = visit
    const before = await this.#peek(browser.jar.headerFor(SITE))
    for (const line of setCookies) browser.jar.set(line, SITE)
    const { sid } = answer?.after ?? {}
    if (browser.device !== undefined && sid !== undefined && signsIn(action)) {
      this.#in(0, () => browser.device?.take(response, sid))
    }
    const after = await this.#peek(browser.jar.headerFor(SITE))
    this.trace.push(
      `${visit.sent} ${visit.arrived} ${visit.left} ${this.#world.now()} ${visit.name} ${action} ` +
        `${visit.status} ${brief(answer?.before)} -> ${brief(after)}`,
    )
    if (!writes(action)) {
      if (!same(before, after)) this.#report(undoneBy(browser.changedBy), visit)
      return
    }
    if (answer === undefined) {
      if (!same(before, after)) this.#report('a write was not whole', visit)
      return
    }
    // Signing nobody out changes nothing; it only clears messages that wait for who was signed in.
    const ofSession = setCookies.filter((line) => !line.startsWith(FLASH))
    if (action === 'sign-out' && visit.came === undefined && ofSession.length === 0) return
    if (!same(after, answer.after) || !isWhole(visit, answer)) {
      this.#report('a write was not whole', visit)
    }
    browser.changedBy = action
    if (action === 'sign-out') browser.signedOutAt = this.#world.now()
  }

  // What is still so in the end

  async #probe(browser: string, cookie: string, place: number): Promise<void> {
    const { isolate, id } = this.#places[place] as { isolate: Isolate; id: number }
    const sent = this.#world.now()
    const known = { name: 'probe', action: 'read', browser, sent, isOfDevice: false } as const
    await this.#serve(known, requestFor('read', cookie, {}), isolate, id)
  }

  // What must hold

  /** A session that ended is refused, once that can be known; every other is honoured. */
  #checkHonour(visit: Visit): void {
    const { answer, came, arrived, left, isolate } = visit
    const { activeAt } = came ?? {}
    const idleAt =
      activeAt === undefined
        ? Number.POSITIVE_INFINITY
        : activeAt + this.#conditions.idleTimeout * 1_000
    if (arrived >= idleAt) this.idledOut++
    if (answer?.before.sid !== undefined) {
      this.#checkProof(visit, answer.before.sid)
      const { createdAt = arrived } = answer.before
      if (arrived > createdAt + this.#conditions.absoluteTimeout * 1_000 + CLOCK_ERROR) {
        this.#report('a session outlived its limit', visit)
      } else if (arrived > idleAt + CLOCK_ERROR) {
        this.#report('a session outlived its idle timeout', visit)
      }
      // What came in the very millisecond may have come before.
      const tooLate = this.#ledger
        .endingsOf(answer.before)
        .sure.find(({ by, isolate: where }) =>
          where === isolate ? arrived > by : arrived > by + this.#window(),
        )
      if (tooLate === undefined) return
      this.#report(
        this.#wentWrong(tooLate, visit),
        visit,
        `${tooLate.kind} by ${tooLate.by} at isolate ${tooLate.isolate}`,
      )
      return
    }
    if (visit.status === 503) return
    // A guard refuses an anonymous session.
    if (came?.sid === undefined || (answer === undefined && came.subject === undefined)) return
    const { createdAt = arrived } = came
    const limit = createdAt + this.#conditions.absoluteTimeout * 1_000
    if (arrived >= Math.min(idleAt, limit) - CLOCK_ERROR) return
    if (this.#isForWantOfProof(visit, came)) return
    const causes = this.#ledger.endingsOf(came).possible.filter(({ from }) => from <= left)
    if (causes.length === 0) this.#report('a live session was lost', visit)
    const isByThief = causes.every(({ kind, asker }) => kind === 'others' && asker === 'thief')
    if (causes.length > 0 && isByThief && visit.browser !== 'thief') this.lostToThief++
  }

  /** A session that is bound is honoured only with a proof, once all can know that it is. */
  #checkProof(visit: Visit, sid: string): void {
    const { arrived, cookie } = visit
    const since = this.#proofs?.boundSince(sid)
    if (since === undefined || arrived <= since + this.#window()) return
    if (this.#proofs?.prove(cookie, sid, arrived, 'possible')) return
    this.#report('a copy without a proof was honoured', visit, `bound since ${since - START}`)
  }

  /** Whether a request may be refused because it proves nothing. That of a browser that can may not. */
  #isForWantOfProof(visit: Visit, { sid, subject }: Seen): boolean {
    const proofs = this.#proofs
    if (proofs === undefined || subject === undefined) return false
    if (proofs.prove(visit.cookie, sid, visit.arrived, 'sure')) return false
    if (visit.isOfDevice && !proofs.wasLeft(sid)) return false
    if (visit.isOfDevice) this.leftBehind++
    else this.copiesRefused++
    return true
  }

  #wentWrong({ kind }: Ending, visit: Visit): Violation {
    const isOut = kind === 'sign-out' || kind === 'sign-out-of-line'
    const browser = this.#browsers.find(({ name }) => name === visit.browser)
    const wasTold = visit.sent >= (browser?.signedOutAt ?? Number.POSITIVE_INFINITY)
    return isOut && wasTold ? 'a write brought a signed-out session back' : HONOURED_AFTER[kind]
  }

  /** How long it takes at most until all isolates know; the one that checked last may be ahead. */
  #window(): number {
    const { recheckAfter, staleness } = this.#conditions
    return (recheckAfter + staleness) * 1_000 + 2 * CLOCK_ERROR
  }

  // Small help

  #habitsOf(name: string): Readonly<Record<Action, number>> {
    const lacks = this.#system.lacks ?? []
    const habits = Object.entries(HABITS[name] as Readonly<Record<Action, number>>)
    const possible = habits.filter(([action]) => !lacks.includes(action as Action))
    return Object.fromEntries(possible) as Record<Action, number>
  }

  #in(delay: number, run: () => void | Promise<void>): void {
    this.#world.at(this.#world.now() + delay, run)
  }

  #somePlace(draws: Random): { isolate: Isolate; id: number } {
    return draws.pick(this.#places)
  }

  /** What cookies say by themselves does not change, and most come often. */
  #peek(cookie: string): Promise<Seen | undefined> {
    const known = this.#peeked.get(cookie) ?? this.#system.peek(cookie)
    this.#peeked.set(cookie, known)
    return known
  }

  #report(violation: Violation, visit: Visit, detail = ''): void {
    const { name, action, sent, arrived, left, isolate, answer } = visit
    this.violations.push({
      violation,
      detail:
        `seed ${this.#conditions.seed}: ${action} ${name} at isolate ${isolate}, sent ${sent - START}, ` +
        `arrived ${arrived - START}, left ${left - START}, saw ${brief(answer?.before)}; ${detail}`,
    })
  }
}

const HONOURED_AFTER: Readonly<Record<Ending['kind'], Violation>> = {
  'sign-out': 'an old sid was honoured',
  'sign-out-of-line': 'what was regenerated outlived a sign-out or sign-in',
  'left-with-line': 'what was regenerated outlived a sign-out or sign-in',
  left: 'an old sid was honoured',
  others: 'an old sid was honoured',
  since: 'a session outlived a sign-in that ends others',
  'forced-out': 'a subject forced out was honoured',
}

/** A copy of cookies that its holder keeps for as long as they like. */
function stolen(jar: CookieJar): CookieJar {
  const copy = new CookieJar(() => 0)
  copy.replaceBy(jar)
  return copy
}

function requestFor(action: Action, cookie: string, headers: Record<string, string>): Request {
  const [method, path] = routeOf[action]
  return new Request(SITE + path, {
    method,
    headers: {
      ...headers,
      ...(cookie === '' ? {} : { cookie }),
      ...(action === 'passive' ? { 'session-activity': 'passive' } : {}),
    },
  })
}

/** The `Cookie` header that answers to what was set. */
const cookieOf = (setCookies: readonly string[]): string =>
  setCookies
    .filter((line) => !/;\s*max-age=0/i.test(line))
    .map((line) => line.split(';', 1)[0])
    .join('; ')

/** Whether two looks at a session show the same. Who is nobody may have any sid. */
function same(one: Seen | undefined, other: Seen | undefined): boolean {
  return (
    one?.subject === other?.subject &&
    (one?.log ?? []).join() === (other?.log ?? []).join() &&
    (one?.subject === undefined || one.sid === other?.sid)
  )
}

/** Whether a write left what it found and what it added, and nothing of another. */
function isWhole({ action, name }: Visit, { before, after }: Answer): boolean {
  if (action === 'sign-out') return after.subject === undefined
  const keeps = !signsIn(action) || before.subject === undefined || before.subject === after.subject
  const found = keeps ? before.log : []
  const expected = action === 'write' || action === 'anonymous-write' ? [...found, name] : found
  return after.log.join() === expected.join()
}

function undoneBy(changedBy: Action | undefined): Violation {
  if (changedBy === 'sign-out') return 'a read undid a sign-out'
  return changedBy !== undefined && signsIn(changedBy)
    ? 'a read lost a sign-in'
    : 'a read undid a write'
}

const brief = (seen: Seen | undefined): string =>
  seen === undefined ? 'nobody' : `${seen.subject ?? 'anonymous'}[${seen.log.join()}]`
