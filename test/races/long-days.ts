/**
 * An hour in the life of a few sessions: they are used now and then, at one isolate or another, while
 * sessions, subjects and everybody are ended, isolates are deployed anew, and no two clocks agree. What
 * is looked for: a session that is honoured longer than `recheckAfter` after it was ended.
 */

import type {
  createSessionManager,
  journal,
  RevocationList,
  SessionManager,
} from '../../src/index.ts'
import { CookieJar } from '../kit/cookie-jar.ts'
import { ListWithChanges } from '../kit/list-with-changes.ts'
import type { Break } from '../kit/module-graph.ts'
import { CLOCK_ERROR, graphOf } from './isolates.ts'
import { type Random, random } from './random.ts'
import { World } from './world.ts'

interface Library {
  readonly createSessionManager: typeof createSessionManager
  readonly journal: typeof journal
}

export interface LongDay {
  visits: number
  revocations: number
  /** Sessions that were honoured too long, or lost though nobody had ended them. */
  readonly violations: string[]
  readonly counted: { reads: number; changes: number; writes: number }
}

export interface LongDayOptions {
  /** Whether the list has `changes`. */
  readonly hasChanges: boolean
  readonly breaks?: readonly Break[]
}

const START = Date.parse('2026-03-01T12:00:00.123Z')
const SITE = 'https://site.example/'
const KEY = 'YSBrZXkgb2YgdGhlIHRlc3RzLCBub3QgYSBzZWNyZXQ'
const HOUR = 3_600_000
const PEOPLE = 5
const LATENCY = 400

/** Bundles the library, perhaps with something broken; each day is drawn from its seed. */
export async function longDays({ hasChanges, breaks = [] }: LongDayOptions) {
  const graph = await graphOf<Library>(
    `export { createSessionManager, journal } from './src/index.ts'`,
    undefined,
    breaks,
  )
  return async (seed: number): Promise<LongDay> => {
    const world = new World(START)
    const draws = random(seed, 'long day')
    const recheckAfter = draws.pick([1, 10, 60])
    const list = new ListWithChanges(world.now)
    list.clockIsOff = draws.between(-59, 59)
    if (draws.chance(0.3)) list.mostMarks = draws.between(1, 6)
    const day: LongDay = { visits: 0, revocations: 0, violations: [], counted: list.counted }
    const isolates: SessionManager[] = []
    const deploy = (place: number) => {
      const off = draws.between(-CLOCK_ERROR, CLOCK_ERROR)
      const now = () => world.now() + off
      const { createSessionManager, journal } = graph({ now })
      const trips = random(seed, 'trips', String(day.visits + place))
      isolates[place] = createSessionManager({
        keys: KEY,
        revocationList: slow(list, world, trips, hasChanges ? journal : undefined),
        recheckAfter,
        idleTimeout: (2 * HOUR) / 1000,
        now,
      })
    }
    const places = draws.between(1, 4)
    for (let place = 0; place < places; place++) deploy(place)

    const people = Array.from({ length: PEOPLE }, (_, n) => new Person(`${n}`, world))
    /** One request; `act` may sign in or out. */
    const visit = async (
      person: Person,
      act: (session: Awaited<ReturnType<SessionManager['load']>>) => unknown,
    ) => {
      const manager = draws.pick(isolates)
      const arrived = world.now()
      const { endedBy, isSignedIn } = person
      day.visits++
      const headers = { cookie: person.jar.headerFor(SITE) }
      const session = await manager.load(new Request(SITE, { headers }))
      if (isSignedIn && session.subject === undefined && person.endedFrom > world.now()) {
        day.violations.push(`seed ${seed}: lost at ${arrived - START}, ${session.ended}`)
      }
      const tooLate = endedBy + recheckAfter * 1000 + 2 * CLOCK_ERROR
      if (session.subject !== undefined && arrived > tooLate) {
        day.violations.push(
          `seed ${seed}: honoured at ${arrived - START}, ended by ${endedBy - START}, recheckAfter ${recheckAfter}`,
        )
      }
      await act(session)
      person.jar.store(await manager.commit(session, new Response()), SITE)
    }
    const signIn = (person: Person) => {
      person.isSignedIn = false
      person.jar.clear()
      person.endedFrom = person.endedBy = Number.POSITIVE_INFINITY
      return visit(person, (session) => session.signIn(person.name)).then(() => {
        person.isSignedIn = true
      })
    }
    const end = async (
      whom: readonly Person[],
      call: (manager: SessionManager) => Promise<void>,
    ) => {
      day.revocations++
      for (const person of whom) person.endedFrom = Math.min(person.endedFrom, world.now())
      await call(draws.pick(isolates))
      for (const person of whom) person.endedBy = Math.min(person.endedBy, world.now())
    }

    for (const person of people) {
      let at = draws.between(0, 60_000)
      world.at(START + at, () => signIn(person))
      while (at < HOUR) {
        // Now and then somebody is away for so long that no journal reaches back.
        at += draws.chance(0.15) ? draws.between(100_000, 900_000) : draws.between(500, 40_000)
        world.at(START + at, async () => {
          if (person.isBusy) return
          person.isBusy = true
          const isOver = person.endedBy + 120_000 < world.now()
          if (isOver && draws.chance(0.3)) await signIn(person)
          else await visit(person, () => {})
          person.isBusy = false
        })
      }
    }
    for (let left = draws.between(4, 10); left > 0; left--) {
      world.at(START + draws.between(60_000, HOUR), async () => {
        const person = draws.pick(people)
        if (person.isBusy) return
        if (draws.chance(0.3)) await end(people, (manager) => manager.revokeAll())
        else await end([person], (manager) => manager.revokeSubject(person.name))
      })
    }
    // Others end theirs, so that there is more than an answer may hold.
    for (let left = 60; left > 0; left--) {
      world.at(START + draws.between(0, HOUR), () =>
        list.write({ scope: 'subject', subject: `other ${left}` }, world.now(), 3_600),
      )
    }
    for (let left = draws.between(0, 6); left > 0; left--) {
      world.at(START + draws.between(0, HOUR), () => deploy(draws.between(0, places - 1)))
    }
    await world.run()
    return day
  }
}

class Person {
  readonly name: string
  readonly jar: CookieJar
  isBusy = false
  isSignedIn = false
  /** Between these two its session was ended. */
  endedFrom = Number.POSITIVE_INFINITY
  endedBy = Number.POSITIVE_INFINITY

  constructor(name: string, world: World) {
    this.name = name
    this.jar = new CookieJar(world.now)
  }
}

/** The list behind a network. */
function slow(
  list: ListWithChanges,
  world: World,
  draws: Random,
  journal: RevocationList['journal'],
): RevocationList {
  const trip = async <T>(work: () => Promise<T>): Promise<T> => {
    const [there, back] = [draws.between(1, LATENCY / 2), draws.between(1, LATENCY / 2)]
    await world.sleep(there)
    const answer = await work()
    await world.sleep(back)
    return answer
  }
  return {
    read: (targets) => trip(() => list.read(targets)),
    write: (target, mark, seconds) => trip(() => list.write(target, mark, seconds)),
    ...(journal && { changes: (since: number) => trip(() => list.changes(since)), journal }),
  }
}
