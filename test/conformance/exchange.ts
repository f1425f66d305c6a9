/** Seals that one runtime makes and every other opens. */

import { equal } from './assert.ts'
import { type AnyData, clockFrom, hasCookieHeaders, requestWith, Visitor } from './browser-like.ts'
import type { Api } from './suite.ts'

/** What one runtime sealed. */
export interface Made {
  readonly by: string
  readonly seals: readonly { readonly token: string; readonly value: unknown }[]
  /** A session, where scripts may make one. */
  readonly session: MadeSession | undefined
}

export interface MadeSession {
  readonly cookie: string
  readonly facts: unknown
}

const KEY = 'Y29uZm9ybWFuY2Uta2V5LW51bWJlci0zLW9mLTMgISE'
const START = Date.parse('2026-03-01T12:00:00.123Z')
const DAY = 86_400
const VALUES: readonly unknown[] = [
  null,
  -1.5e-7,
  'žluťoučký 🍪 \u2028\0',
  { list: [[], {}, { '': '' }] },
  'x'.repeat(10_000),
]
const DATA = { theme: 'dark', note: 'žluťoučký 🍪'.repeat(20) }
const options = { keys: KEY, purpose: 'exchange', now: () => START }

const managerAt = (api: Api, now: () => number, isActivity: boolean) =>
  api.createSessionManager<AnyData>({
    keys: KEY,
    revocationList: 'none',
    now,
    isActivity: () => isActivity,
  })

export async function make(api: Api, by: string): Promise<Made> {
  const seals = VALUES.map(async (value) => ({
    token: await api.seal(value, { ...options, ttl: 3_600 }),
    value,
  }))
  return { by, seals: await Promise.all(seals), session: await makeSession(api, by) }
}

async function makeSession(api: Api, by: string): Promise<MadeSession | undefined> {
  if (!hasCookieHeaders()) return undefined
  const clock = clockFrom(START)
  const visitor = new Visitor(managerAt(api, clock, true), clock)
  await visitor.visit(async (session) => {
    session.data = DATA
    await session.signIn(by, { remember: true })
  })
  clock.pass(0.25)
  await visitor.visit((session) => session.regenerate())
  // Past the idle timeout but for its activity cookie, so that both have to open.
  clock.pass(6 * DAY)
  await visitor.visit()
  const cookie = visitor.jar.headerFor('https://site.example/')
  return { cookie, facts: await factsOf(api, cookie, clock) }
}

async function factsOf(api: Api, cookie: string, now: () => number): Promise<unknown> {
  const session = await managerAt(api, now, false).load(requestWith(cookie))
  const { sid, subject, data, remembered, createdAt, lastActivityAt, ended } = session
  return { sid, subject, data, remembered, createdAt, lastActivityAt, ended }
}

/** Opens all of it, and says how many seals that were. */
export async function open(api: Api, made: readonly Made[]): Promise<number> {
  let opened = 0
  for (const { by, seals, session } of made) {
    for (const { token, value } of seals) {
      equal(await api.unseal(token, options), value, `a seal made by ${by}`)
      opened++
    }
    if (session === undefined) continue
    const facts = await factsOf(api, session.cookie, () => START + 12 * DAY * 1000)
    equal(facts, session.facts, `a session made by ${by}`)
    opened += 2
  }
  return opened
}
