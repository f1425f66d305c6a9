/** What an isolate remembers is bounded, and one visitor cannot push out what protects another. */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import {
  createSessionManager,
  memoryRevocationList,
  type RevocationList,
  type Session,
} from '../../src/index.ts'
import { ACTIVITY, SESSION, setUp, testClock, Visitor } from '../kit/visitor.ts'

const KEY = 'YSBrZXkgb2YgdGhlIHRlc3RzLCBub3QgYSBzZWNyZXQ'

/** A list that takes what it is told and finds nothing: only this isolate knows. */
function forgetful(fails = () => false): RevocationList {
  return {
    read: async (targets) => targets.map(() => undefined),
    write: async () => {
      if (fails()) throw new Error('away')
    },
  }
}

describe('sessions that were ended here', () => {
  it.each([false, true])(
    'is not pushed out by 10,000 regenerates of one account (list away: %s)',
    { timeout: 60_000 },
    async (away) => {
      const clock = testClock()
      let isAway = false
      const manager = createSessionManager({
        keys: KEY,
        revocationList: forgetful(() => isAway),
        now: clock,
      })
      const victim = new Visitor(manager, clock)
      await victim.visit((session) => session.signIn('ada'))
      const copy = victim.copy()
      isAway = away
      await victim.visit((session) => session.destroy().catch(() => {}))
      isAway = false
      const busy = new Visitor(manager, clock)
      await busy.visit((session) => session.signIn('eve'))
      for (let left = 10_050; left > 0; left--) {
        const session = await manager.load(busy.request())
        await session.regenerate()
        busy.jar.store(await manager.commit(session, new Response()), 'https://site.example/')
      }
      expect(await copy.see(({ ended }) => ended)).toBe('revoked')
    },
  )

  it('holds 4,000 that could not be recorded', { timeout: 60_000 }, async () => {
    const clock = testClock()
    let isAway = false
    const revocationList = forgetful(() => isAway)
    const manager = createSessionManager({ keys: KEY, revocationList, now: clock })
    const victim = new Visitor(manager, clock)
    await victim.visit((session) => session.signIn('ada'))
    const copy = victim.copy()
    isAway = true
    await victim.visit((session) => session.destroy().catch(() => {}))
    for (let left = 4_000; left > 0; left--) {
      const other = new Visitor(manager, clock)
      await other.visit((session) => session.signIn('eve'))
      await other.visit((session) => session.destroy().catch(() => {}))
    }
    expect(await copy.see(({ ended }) => ended)).toBe('revoked')
  })

  it('holds the last hundred replaced sids of one family, and the first', async () => {
    const clock = testClock()
    const list = forgetful()
    const manager = createSessionManager({ keys: KEY, revocationList: list, now: clock })
    const visitor = new Visitor(manager, clock)
    await visitor.visit((session) => session.signIn('ada'))
    const copies: Visitor[] = []
    for (let left = 150; left > 0; left--) {
      copies.push(visitor.copy())
      await visitor.visit((session) => session.regenerate())
    }
    const ended = await Promise.all(copies.map((copy) => copy.see((session) => session.ended)))
    const known = ended.map((reason) => reason === 'revoked')
    expect(known.filter(Boolean)).toHaveLength(101)
    expect(known[0]).toBe(true)
    expect(known.slice(50).every(Boolean)).toBe(true)
  })
})

describe('opened seals', () => {
  it('keep no Cookie header alive, and stay within 8 MB', { timeout: 60_000 }, async () => {
    const clock = testClock()
    const manager = createSessionManager({ keys: KEY, revocationList: 'none', now: clock })
    const headers: string[] = []
    for (let index = 0; index < 400; index++) {
      const visitor = new Visitor(manager, clock)
      await visitor.visit((session) => session.signIn('ada'))
      headers.push(
        `${SESSION}=${visitor.jar.get(SESSION)}; ${ACTIVITY}=${visitor.jar.get(ACTIVITY)}`,
      )
    }
    vi.resetModules()
    const fresh = await import('../../src/index.ts')
    const elsewhere = fresh.createSessionManager({ keys: KEY, revocationList: 'none', now: clock })
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc') as () => void
    gc()
    const before = process.memoryUsage().heapUsed
    for (const [index, header] of headers.entries()) {
      const filler = Array.from({ length: 100 }, (_, at) => `${index}-${at}`.padEnd(1_000, 'x'))
      const cookie = `filler=${filler.join('')}; ${header}`
      const session = await elsewhere.load(
        new Request('https://site.example/', { headers: { cookie } }),
      )
      expect(session.subject).toBe('ada')
      await elsewhere.commit(session, new Response())
    }
    gc()
    // The headers alone are 40 MB.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000)
  })
})

describe('requests that were loaded', () => {
  it('are not mixed up when one is committed after many others came', async () => {
    const { manager, visitor } = setUp()
    const requests = Array.from({ length: 102 }, () => visitor.request())
    const sessions = []
    for (const request of requests) sessions.push(await manager.load(request))
    await manager.commit(sessions[0] as Session, new Response())
    for (const [index, request] of requests.entries()) {
      if (index > 0) expect(await manager.load(request)).toBe(sessions[index])
    }
  })

  it('give the same session however many others are under way', async () => {
    const { manager, visitor } = setUp()
    const request = visitor.request()
    const first = await manager.load(request)
    const others = Array.from({ length: 500 }, () => visitor.request())
    await Promise.all(others.map((other) => manager.load(other)))
    const again = await manager.load(request)
    expect(again).toBe(first)
    await again.signIn('ada')
    visitor.jar.store(await manager.commit(first, new Response()), 'https://site.example/')
    expect(await visitor.see(({ subject }) => subject)).toBe('ada')
  })

  it('are known by each manager on its own', async () => {
    const { clock, list, manager, visitor } = setUp()
    const other = createSessionManager({
      keys: KEY,
      revocationList: list,
      now: clock,
      cookie: { name: '__Host-Http-other' },
    })
    const request = visitor.request()
    const [one, two] = [await manager.load(request), await other.load(request)]
    expect(one).not.toBe(two)
    expect(await manager.load(request)).toBe(one)
    expect(await other.load(request)).toBe(two)
  })

  it('carry nothing that can be seen after commit', async () => {
    const { manager, visitor } = setUp()
    const request = visitor.request()
    const before = Reflect.ownKeys(request).length
    const session = await manager.load(request)
    await manager.commit(session, new Response())
    expect(Reflect.ownKeys(request)).toHaveLength(before)
    expect(await manager.load(request)).not.toBe(session)
  })

  it('can be frozen', async () => {
    const { manager, visitor } = setUp()
    const request = Object.freeze(visitor.request())
    const session = await manager.load(request)
    expect(await manager.load(request)).toBe(session)
    await manager.commit(session, new Response())
    expect(await manager.load(request)).not.toBe(session)
  })
})

it('the list in memory forgets in the order of time, and stays quick', async () => {
  const clock = testClock()
  const list = memoryRevocationList({ now: clock })
  const target = (index: number) => ({ scope: 'subject', subject: String(index) }) as const
  for (let index = 0; index < 1_000; index++) await list.write(target(index), clock(), index * 60)
  const walked = vi.spyOn(Map.prototype, Symbol.iterator)
  for (let index = 0; index < 100; index++) await list.write(target(index), clock(), 3_600)
  expect(walked).not.toHaveBeenCalled()
  walked.mockRestore()
  clock.pass(500 * 60)
  const marks = await list.read(Array.from({ length: 1_000 }, (_, index) => target(index)))
  expect(marks.map((mark) => mark !== undefined)).toEqual(marks.map((_, index) => index > 500))
  await list.write(target(500), clock(), 3_600)
  expect(await list.read([target(500), target(499), target(501)])).toEqual([
    clock(),
    undefined,
    expect.any(Number),
  ])
})
