/** The `Cookie` header of a session in any state, as an app's manager sees it. */

import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { deviceBinding } from '../../src/binding.ts'
import {
  createSessionManager,
  generateKey,
  memoryDataStore,
  memoryRevocationList,
  memorySessionIndex,
  type SessionOptions,
} from '../../src/index.ts'
import { sessionCookie, TestRevocationList, testClock } from '../../src/testing.ts'
import type { AnyData } from '../kit/visitor.ts'

function app(more: Partial<SessionOptions<AnyData>> = {}) {
  const now = testClock()
  const revocationList = memoryRevocationList({ now })
  const options: SessionOptions<AnyData> = { keys: generateKey(), revocationList, now, ...more }
  const manager = createSessionManager<AnyData>(options)
  const load = (cookie: string, url = 'https://site.example/') =>
    manager.load(new Request(url, { headers: { cookie } }))
  return { now, options, manager, load }
}

const ADA = { subject: 'ada' }

describe('a session', () => {
  it('is signed in, with data', async () => {
    const { now, options, load } = app()
    const session = await load(await sessionCookie(options, { ...ADA, data: { theme: 'dark' } }))
    expect(session.subject).toBe('ada')
    expect(session.data).toEqual({ theme: 'dark' })
    expect(session.createdAt?.getTime()).toBe(now())
    expect(session.remembered).toBe(false)
    expect(session.ended).toBeUndefined()
  })

  it('is anonymous, with data', async () => {
    const { options, load } = app()
    const session = await load(await sessionCookie(options, { data: { cart: [1] } }))
    expect(session.subject).toBeUndefined()
    expect(session.sid).toBeDefined()
    expect(session.data).toEqual({ cart: [1] })
  })

  it('is remembered, and of a session at an identity provider', async () => {
    const { options, manager, load } = app()
    const external = ['https://op.example', 'op-1'] as const
    const cookie = await sessionCookie(options, { ...ADA, remember: true, external })
    expect((await load(cookie)).remembered).toBe(true)
    await manager.revokeExternal(external)
    expect((await load(cookie)).ended).toBe('revoked')
  })

  it('began and was active when it is said', async () => {
    const { now, options, load } = app({ touchAfter: 1_000 })
    const session = await load(await sessionCookie(options, { ...ADA, age: 20_000, idleFor: 60 }))
    expect(session.age).toBe(20_000)
    session.skipTouch()
    expect(session.lastActivityAt?.getTime()).toBe(now() - 60_000)
  })

  it('began with its last activity unless an age is given', async () => {
    const { options, load } = app()
    expect((await load(await sessionCookie(options, { ...ADA, idleFor: 90 }))).age).toBe(90)
  })

  it.each([
    [1_799, undefined],
    [1_800, 'idle'],
    [1_801, 'idle'],
  ])('idle for %i seconds ends as %s', async (idleFor, ended) => {
    const { options, load } = app({ idleTimeout: 1_800 })
    expect((await load(await sessionCookie(options, { ...ADA, idleFor }))).ended).toBe(ended)
  })

  it.each([
    [43_199, undefined],
    [43_200, 'absolute'],
    [200_000, 'absolute'],
  ])('that began %i seconds ago and was always active ends as %s', async (age, ended) => {
    const { options, load } = app()
    const cookie = await sessionCookie(options, { ...ADA, age, idleFor: 0 })
    expect((await load(cookie)).ended).toBe(ended)
  })

  it('keeps to the timeouts of the options, also when remembered', async () => {
    const remembered = { idleTimeout: 100, absoluteTimeout: 200 }
    const { options, load } = app({ idleTimeout: 10, absoluteTimeout: 20, remembered })
    const ended = async (state: object) =>
      (await load(await sessionCookie(options, { ...ADA, ...state }))).ended
    expect(await ended({ age: 19, idleFor: 9 })).toBeUndefined()
    expect(await ended({ age: 19, idleFor: 10 })).toBe('idle')
    expect(await ended({ age: 20 })).toBe('absolute')
    expect(await ended({ age: 199, idleFor: 99, remember: true })).toBeUndefined()
    expect(await ended({ age: 199, idleFor: 100, remember: true })).toBe('idle')
    expect(await ended({ age: 200, remember: true })).toBe('absolute')
  })

  it('is revoked, and no other one is', async () => {
    const { options, load } = app()
    const other = await sessionCookie(options, ADA)
    const cookie = await sessionCookie(options, { ...ADA, revoked: true })
    expect((await load(cookie)).ended).toBe('revoked')
    expect((await load(other)).subject).toBe('ada')
  })

  it('is ended by a mark of its subject from before it was made', async () => {
    const { now, options, manager, load } = app()
    await manager.revokeSubject('ada')
    now.pass(5)
    const before = await sessionCookie(options, { ...ADA, age: 600, idleFor: 0 })
    expect((await load(before)).ended).toBe('revoked')
    expect((await load(await sessionCookie(options, ADA))).subject).toBe('ada')
  })

  it('was checked when it began, so that a list that is away matters as it does in the app', async () => {
    const now = testClock()
    const list = new TestRevocationList({ now })
    const { options, load } = app({ now, revocationList: list })
    list.trouble = 'fails'
    const younger = await load(await sessionCookie(options, { ...ADA, age: 299 }))
    expect(younger.subject).toBe('ada')
    const older = await load(await sessionCookie(options, { ...ADA, age: 300 }))
    expect(() => older.subject).toThrow('revocation')
    expect(list.counted.reads).toBeGreaterThan(0)
  })

  it('is tampered', async () => {
    const { options, load } = app()
    expect((await load(await sessionCookie(options, { ...ADA, tampered: true }))).ended).toBe(
      'invalid',
    )
  })

  it('is sealed by an old key, which the ring still has or has no more', async () => {
    const [oldKey, newKey] = [generateKey(), generateKey()]
    const { options, load } = app({ keys: [newKey, oldKey] })
    const sealedBy = (keys: string) => sessionCookie({ ...options, keys }, ADA)
    expect((await load(await sealedBy(oldKey))).subject).toBe('ada')
    expect((await load(await sealedBy(generateKey()))).ended).toBe('unknown-key')
  })

  it('is of the audience of its address', async () => {
    const { options, load } = app({ audience: ({ url }) => new URL(url).hostname })
    const cookie = await sessionCookie(options, { ...ADA, url: 'https://a.example/' })
    expect((await load(cookie, 'https://a.example/')).subject).toBe('ada')
    expect((await load(cookie, 'https://b.example/')).ended).toBe('invalid')
  })

  it('has data that a later schema refuses', async () => {
    const schema = z.object({ theme: z.enum(['dark', 'light']).optional() })
    const { options, load } = app({ schema })
    const { schema: _, ...before } = options
    expect((await load(await sessionCookie(before, { data: { theme: 'pink' } }))).ended).toBe(
      'data',
    )
    await expect(sessionCookie(options, { data: { theme: 'pink' } })).rejects.toMatchObject({
      code: 'data',
    })
  })

  it('has data of an earlier version, which the app migrates', async () => {
    const migrate = (old: AnyData, version: number) => ({ theme: old.colour, from: version })
    const { options, load } = app({ dataVersion: 3, migrate })
    const { migrate: _, ...before } = options
    const cookie = await sessionCookie({ ...before, dataVersion: 2 }, { data: { colour: 'dark' } })
    expect((await load(cookie)).data).toEqual({ theme: 'dark', from: 2 })
  })

  it('has data in the data store of the options', async () => {
    const now = testClock()
    const { options, load } = app({ now, dataStore: memoryDataStore({ now, keep: 'always' }) })
    const text = 'x'.repeat(5_000)
    expect((await load(await sessionCookie(options, { data: { text } }))).data).toEqual({ text })
  })
})

it('has cookies of the names in the options, and no Set-Cookie attributes', async () => {
  const { options, load } = app({ cookie: { name: 'mine', secure: false } })
  const cookie = await sessionCookie(options, { ...ADA, age: 60, idleFor: 10 })
  expect(cookie).toMatch(/^mine=[\w.-]+; mine-activity=[\w.-]+$/)
  expect((await load(cookie)).subject).toBe('ada')
})

it('works by the system clock where the options have none', async () => {
  const options = { keys: generateKey(), revocationList: 'none' } as const
  const cookie = await sessionCookie(options, { ...ADA, idleFor: 1_801 })
  const manager = createSessionManager(options)
  const session = await manager.load(new Request('https://x.example', { headers: { cookie } }))
  expect(session.ended).toBe('idle')
})

it.each([
  ['when-supported', 3_600, 'ada'],
  ['required', 59, 'ada'],
  ['required', 60, 'unbound'],
] as const)(
  'is of a browser that is bound to no device: where it is %s, %i s later: %s',
  async (policy, age, expected) => {
    const { options, load } = app({ binding: deviceBinding({ policy }) })
    const session = await load(await sessionCookie(options, { ...ADA, age, idleFor: 1 }))
    expect(session.subject ?? session.ended).toBe(expected)
  },
)

it('leaves no trace in the app: no event, no record in the index, no question to the list', async () => {
  const now = testClock()
  const events: unknown[] = []
  let asked = 0
  const list = memoryRevocationList({ now })
  const { options, manager } = app({
    now,
    onEvent: (event) => events.push(event),
    revocationList: { ...list, read: (targets) => list.read(targets).finally(() => asked++) },
    sessionIndex: memorySessionIndex({ now }),
  })
  await sessionCookie(options, { ...ADA, age: 600, idleFor: 100 })
  expect(events).toEqual([])
  expect(asked).toBe(0)
  expect(await manager.listSessions('ada')).toEqual([])
})

it('takes a state of its own, so that a test can use it again', async () => {
  const { options, load } = app()
  const state = { ...ADA, data: { tags: ['a'] } }
  const session = await load(await sessionCookie(options, state))
  ;(session.data.tags as string[]).push('b')
  state.data.tags.push('c')
  expect(state.data.tags).toEqual(['a', 'c'])
})

describe('a mistake is a TypeError that says how to mend it', () => {
  it.each([
    [{}, 'a session has a "subject" or "data": without them a visitor has no cookie'],
    [{ ...ADA, idle: 5 }, 'no option "idle" in the state of a session'],
    [{ ...ADA, age: 5, idleFor: 6 }, '"idleFor" (6) must not be greater than "age" (5)'],
    [{ ...ADA, age: 1.5 }, '"age" must be a whole number of seconds'],
    [{ ...ADA, idleFor: -1 }, '"idleFor" must be a whole number of seconds'],
  ])('%j', async (state, message) => {
    const { options } = app()
    const making = sessionCookie(options, state as object)
    await expect(making).rejects.toThrow(TypeError)
    await expect(sessionCookie(options, state as object)).rejects.toThrow(message)
  })

  it('revoked without a list', async () => {
    const { options } = app({ revocationList: 'none' })
    await expect(sessionCookie(options, { ...ADA, revoked: true })).rejects.toThrow(
      new TypeError('a "revoked" session needs a "revocationList" in the options'),
    )
  })
})
