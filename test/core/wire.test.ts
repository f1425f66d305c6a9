/** What one isolate seals and another opens, which remembers nothing of it. */

import { beforeAll, expect, it, vi } from 'vitest'
import {
  type createSessionManager,
  memoryRevocationList,
  type SessionOptions,
} from '../../src/index.ts'
import { type AnyData, START, testClock, Visitor } from '../kit/visitor.ts'
import { type Graph, graphOf } from '../races/isolates.ts'

const KEY = 'YSBrZXkgb2YgdGhlIHRlc3RzLCBub3QgYSBzZWNyZXQ'

interface Library {
  readonly createSessionManager: typeof createSessionManager
}
let graph: Graph<Library>

beforeAll(async () => {
  graph = await graphOf<Library>(`export { createSessionManager } from './src/index.ts'`)
})

/** A browser in front of one isolate, and a way to take its cookies to another. */
function twoIsolates(
  options: Partial<SessionOptions<AnyData>> = {},
  other: Partial<SessionOptions<AnyData>> = {},
) {
  const clock = testClock()
  const list = memoryRevocationList({ now: clock })
  const read = vi.spyOn(list, 'read')
  const isolate = (own: Partial<SessionOptions<AnyData>>) =>
    graph({ now: clock }).createSessionManager<AnyData>({
      keys: KEY,
      revocationList: list,
      now: clock,
      isActivity: () => false,
      ...own,
    })
  const elsewhere = isolate({ ...options, ...other })
  const visitor = new Visitor(isolate(options), clock)
  return { clock, read, elsewhere, visitor, there: () => visitor.copy(elsewhere) }
}

const status = (visitor: Visitor) => visitor.see(({ subject, ended }) => subject ?? ended)

const facts = (visitor: Visitor) =>
  visitor.see((session) => ({
    sid: session.sid,
    subject: session.subject,
    data: session.data,
    remembered: session.remembered,
    createdAt: session.createdAt,
    lastActivityAt: session.lastActivityAt,
    idleExpiresAt: session.idleExpiresAt,
    absoluteExpiresAt: session.absoluteExpiresAt,
  }))

it('carries every fact, to the millisecond', async () => {
  const { clock, there, visitor } = twoIsolates()
  await visitor.visit(async (session) => {
    session.data = { note: '🍪' }
    await session.signIn('ada', { remember: true })
  })
  clock.pass(0.001)
  await visitor.visit((session) => session.touch())
  const seen = await facts(visitor)
  expect(seen).toMatchObject({ subject: 'ada', remembered: true, createdAt: new Date(START) })
  expect(await facts(there())).toEqual(seen)
})

it('carries the family: what was regenerated ends with the sid that it began with', async () => {
  const { clock, elsewhere, there, visitor } = twoIsolates()
  await visitor.visit((session) => session.signIn('ada'))
  const began = (await visitor.see(({ sid }) => sid)) ?? ''
  await visitor.visit((session) => session.regenerate())
  await visitor.visit((session) => session.regenerate())
  await elsewhere.revokeSession(began)
  clock.pass(60)
  expect(await status(there())).toBe('revoked')
})

it('carries which "sign out everywhere else" the session survived', async () => {
  const { clock, there, visitor } = twoIsolates({ recheckAfter: 0 })
  await visitor.visit((session) => session.signIn('ada'))
  const left = there()
  clock.pass(1)
  await visitor.visit((session) => session.signOutOthers())
  expect(await status(there())).toBe('ada')
  expect(await status(left)).toBe('revoked')
})

it('carries when the list was asked, so that the other isolate need not ask', async () => {
  const { clock, read, there, visitor } = twoIsolates()
  await visitor.visit((session) => session.signIn('ada'))
  clock.pass(59)
  expect(await status(there())).toBe('ada')
  expect(read).not.toHaveBeenCalled()
  clock.pass(1)
  expect(await status(there())).toBe('ada')
  expect(read).toHaveBeenCalledTimes(1)
})

it('carries the limit that it began with', async () => {
  const { clock, there, visitor } = twoIsolates(
    { idleTimeout: 3_600, absoluteTimeout: 3_600 },
    { idleTimeout: 7_200, absoluteTimeout: 7_200 },
  )
  await visitor.visit((session) => session.signIn('ada'))
  clock.pass(3_599)
  expect(await status(there())).toBe('ada')
  clock.pass(1)
  expect(await status(there())).toBe('absolute')
})

it('carries the version of data', async () => {
  const migrate = (_: object, version: number) => ({ version })
  const { there, visitor } = twoIsolates({ dataVersion: 3 }, { dataVersion: 4, migrate })
  await visitor.visit((session) => session.signIn('ada'))
  expect(await there().see(({ data }) => data)).toEqual({ version: 3 })
})

it('carries the audience', async () => {
  const { there, visitor } = twoIsolates({ audience: 'one' }, { audience: 'two' })
  await visitor.visit((session) => session.signIn('ada'))
  expect(await status(visitor)).toBe('ada')
  expect(await status(there())).toBe('invalid')
})

it('a shorter absolute timeout of the other isolate counts from the beginning, whatever the activity', async () => {
  const { clock, there, visitor } = twoIsolates({}, { idleTimeout: 3_600, absoluteTimeout: 3_600 })
  await visitor.visit((session) => session.signIn('ada'))
  for (let minutes = 0; minutes < 50; minutes += 10) {
    clock.pass(600)
    await visitor.visit((session) => session.touch())
  }
  clock.pass(599)
  expect(await status(there())).toBe('ada')
  clock.pass(1)
  expect(await status(there())).toBe('absolute')
})
