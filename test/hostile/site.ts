/**
 * A site with visitors to attack, and the count of what was tried. The tests of this folder share
 * it.
 */

import type { SessionManager } from '../../src/index.ts'
import { ACTIVITY, SESSION, setUp, Visitor } from '../kit/visitor.ts'
import {
  asEnded,
  look,
  type Outcome,
  requestReading,
  requestWith,
  type Sight,
  Tally,
} from './attack.ts'
import type { Forgery } from './forgeries.ts'
import type { WireSession } from './payloads.ts'
import { hourOf, type Place } from './wire.ts'

export const MINUTE = 60
export const DAY = 86_400
export const SESSION_USE = { kind: 'cookie', name: SESSION } as const
export const ACTIVITY_USE = { kind: 'cookie', name: ACTIVITY } as const

export const fromTable: Tally = new Tally()
export const atRandom: Tally = new Tally()
/** Of the test that runs. */
export let tally: Tally = new Tally()

/** Begins a new count for the next test. */
export function countFromHere(): void {
  fromTable.add(tally)
  tally = new Tally()
}

/** A site with three visitors, and what each of them holds. */
export async function site() {
  const { clock, keys, list, manager, visitor: ada } = setUp()
  const bob = new Visitor(manager, clock)
  const guest = new Visitor(manager, clock)
  await ada.visit((session) => session.signIn('ada'))
  clock.pass(1)
  await bob.visit(async (session) => {
    session.data = { note: 'n'.repeat(500) }
    await session.signIn('bob', { remember: true })
  })
  await guest.visit((session) => {
    session.data = { cart: [1] }
  })
  const at = (use: Place['use']): Place => ({ key: keys, use, hour: hourOf(clock()) })
  return { clock, keys, list, manager, at, ada: held(ada), bob: held(bob), guest: held(guest) }
}

export function held({ jar }: Visitor): { session: string; activity: string } {
  return { session: jar.get(SESSION) ?? '', activity: jar.get(ACTIVITY) ?? '' }
}

/** The claims of a good session, in wire form, for a forger who has the key. */
export const goodClaims = (now: number): WireSession => ({
  sid: 'A'.repeat(22),
  iat: now / 1000,
  lim: 43_200,
  act: now / 1000,
  sub: 'ada',
  d: {},
})

export const subjectSeen = async (manager: SessionManager, cookie: string) =>
  (await look(manager, requestWith(cookie))).session.subject

/**
 * What a request with forged cookies comes to. Apart from the reason, whoever sends them must learn
 * no more than a stranger.
 */
export function outcomeOf({ ended, session, answer }: Sight, stranger: Sight): Outcome {
  if (session.sid !== undefined) return { opened: true }
  const isSame =
    JSON.stringify([session, answer]) === JSON.stringify([stranger.session, stranger.answer])
  return { opened: false, refusal: isSame ? String(ended) : 'an answer of its own' }
}

export const strangerTo = (manager: SessionManager) => look(manager, requestWith('theme=dark'))

/** Tries each forgery as a session cookie, beside a good activity cookie. */
export async function tryAsSession(
  manager: SessionManager,
  forgeries: readonly Forgery[],
  activity: string,
): Promise<void> {
  const stranger = await strangerTo(manager)
  for (const { name, token, refusals } of forgeries) {
    const header = `theme=dark; ${SESSION}=${token}; ${ACTIVITY}=${activity}`
    await tally.try(`session cookie: ${name}`, asEnded(refusals), async () =>
      outcomeOf(await look(manager, requestReading(header)), stranger),
    )
  }
}
