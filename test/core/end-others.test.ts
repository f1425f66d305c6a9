/** `signIn(subject, { endOthers: true })`: final against a thief who holds a live copy. */

import { describe, expect, it, vi } from 'vitest'
import { createSessionManager } from '../../src/index.ts'
import { TestRevocationList } from '../../src/testing.ts'
import { setUp, testClock, Visitor } from '../kit/visitor.ts'

const KEY = 'YSBrZXkgb2YgdGhlIHRlc3RzLCBub3QgYSBzZWNyZXQ'
const DAY = 86_400

const subjectOf = (visitor: Visitor) => visitor.see(({ subject }) => subject)

describe('signIn with endOthers', () => {
  it('ends every session that the subject had, and goes on', async () => {
    const { clock, manager, visitor } = setUp({ recheckAfter: 0 })
    const others = [new Visitor(manager, clock), new Visitor(manager, clock)]
    for (const other of others) await other.visit((session) => session.signIn('ada'))
    const bob = new Visitor(manager, clock)
    await bob.visit((session) => session.signIn('bob'))
    await visitor.visit((session) => session.signIn('ada', { endOthers: true }))
    expect(await subjectOf(visitor)).toBe('ada')
    expect(await subjectOf(bob)).toBe('bob')
    for (const other of others) expect(await other.see(({ ended }) => ended)).toBe('revoked')
    await others[0]?.visit((session) => session.signIn('ada'))
    expect(await subjectOf(others[0] as Visitor)).toBe('ada')
    expect(await subjectOf(visitor)).toBe('ada')
  })

  it('cannot be undone by a thief who signs out the others', async () => {
    const { clock, keys, list, manager, visitor } = setUp({ recheckAfter: 0 })
    const elsewhere = createSessionManager({
      keys,
      revocationList: list,
      now: clock,
      recheckAfter: 60,
    })
    await visitor.visit((session) => session.signIn('ada'))
    const thief = visitor.copy(elsewhere)
    await thief.visit()
    await visitor.visit((session) => session.signIn('ada', { endOthers: true }))
    clock.pass(1)
    // The thief's isolate trusts its last check for a while, but a real one comes before the mark.
    await thief.visit((session) => session.signOutOthers().catch(() => {}))
    clock.pass(1)
    expect(await subjectOf(visitor)).toBe('ada')
    expect(await thief.see(({ ended }) => ended)).toBe('revoked')
    void manager
  })

  it.each([
    [0, 'revoked'],
    [1_000, 'revoked'],
    [1_001, 'ada'],
  ])('covers a session that a clock %i ms ahead began', async (ahead, expected) => {
    const { clock, keys, list, visitor } = setUp({ recheckAfter: 0 })
    const fast = createSessionManager({
      keys,
      revocationList: list,
      recheckAfter: 0,
      now: () => clock() + ahead,
    })
    const other = new Visitor(fast, clock)
    await other.visit((session) => session.signIn('ada'))
    await visitor.visit((session) => session.signIn('ada', { endOthers: true }))
    clock.pass(5)
    expect(await other.see(({ subject, ended }) => subject ?? ended)).toBe(expected)
    expect(await subjectOf(visitor)).toBe('ada')
  })

  it('writes a key of its own, for 400 days, and never the one of operators', async () => {
    const { clock, list, visitor } = setUp()
    const write = vi.spyOn(list, 'write')
    await visitor.visit((session) => session.signIn('ada', { endOthers: true }))
    const begun = await visitor.see(({ createdAt }) => createdAt?.getTime())
    expect(write.mock.calls).toEqual([
      [{ scope: 'since', subject: 'ada' }, clock() + 1_000, 400 * DAY + 60],
    ])
    expect(begun).toBe(clock() + 1_001)
  })

  it('can be repeated often, even within one millisecond', async () => {
    const { clock, manager } = setUp({ recheckAfter: 0 })
    const visitors = [new Visitor(manager, clock), new Visitor(manager, clock)]
    const [first, second] = visitors as [Visitor, Visitor]
    for (const visitor of visitors) {
      await visitor.visit((session) => session.signIn('ada', { endOthers: true }))
    }
    expect(await first.see(({ ended }) => ended)).toBe('revoked')
    expect(await subjectOf(second)).toBe('ada')
  })

  it.each(['read', 'write'] as const)(
    'signs nobody in when the list fails on a %s',
    async (which) => {
      const clock = testClock()
      const list = new TestRevocationList({ now: clock })
      list.trouble = 'fails'
      if (which === 'write') list.readTrouble = undefined
      const { visitor } = setUp({ now: clock, revocationList: list })
      const answer = await visitor.visit(async (session) => {
        await expect(session.signIn('ada', { endOthers: true })).rejects.toMatchObject({
          code: 'revocation-unavailable',
        })
        expect(session.subject).toBeUndefined()
      })
      expect(answer.headers.getSetCookie()).toEqual([])
    },
  )

  it('does not let in a subject whom a mark of an operator bars', async () => {
    const { clock, list, visitor } = setUp()
    await list.write({ scope: 'subject', subject: 'ada' }, clock() + 3_600_000, 4_000)
    await visitor.visit(async (session) => {
      await expect(session.signIn('ada', { endOthers: true })).rejects.toMatchObject({
        code: 'ended',
      })
      expect(session.subject).toBeUndefined()
    })
    clock.pass(3_601)
    await visitor.visit((session) => session.signIn('ada', { endOthers: true }))
    expect(await subjectOf(visitor)).toBe('ada')
  })

  it("leaves an operator's mark of the past as it is", async () => {
    const { clock, list, visitor } = setUp()
    await list.write({ scope: 'subject', subject: 'ada' }, clock() - 5, 4_000)
    await visitor.visit((session) => session.signIn('ada', { endOthers: true }))
    expect(await list.read([{ scope: 'subject', subject: 'ada' }])).toEqual([clock() - 5])
  })

  it('signs nobody in while the list can be written but not read', async () => {
    const { list, visitor } = setUp()
    list.read = () => Promise.reject(new Error('down'))
    await visitor.visit(async (session) => {
      await expect(session.signIn('ada', { endOthers: true })).rejects.toMatchObject({
        name: 'SessionError',
        code: 'revocation-unavailable',
      })
      expect(session.subject).toBeUndefined()
    })
    expect(visitor.jar.names()).toEqual([])
  })

  it('needs a revocation list', async () => {
    const clock = testClock()
    const manager = createSessionManager({ keys: KEY, revocationList: 'none', now: clock })
    await new Visitor(manager, clock).visit(async (session) => {
      await expect(session.signIn('ada', { endOthers: true })).rejects.toThrow(
        'this call needs a "revocationList"',
      )
    })
  })

  it('refuses anything but a boolean', async () => {
    const { visitor } = setUp()
    await visitor.visit(async (session) => {
      const options = { endOthers: 'yes' } as never
      await expect(session.signIn('ada', options)).rejects.toThrow('"endOthers" must be a boolean')
    })
  })
})

describe("the instants of one subject's own marks", () => {
  it('run at most a second ahead, and then a call rejects', async () => {
    const { clock, list, visitor } = setUp()
    const write = vi.spyOn(list, 'write')
    await visitor.visit((session) => session.signIn('ada'))
    let rejected: unknown
    let calls = 0
    for (; calls < 2_000 && rejected === undefined; calls++) {
      await visitor.visit((session) =>
        session.signOutOthers().catch((error: unknown) => {
          rejected = error
        }),
      )
    }
    expect(rejected).toMatchObject({ code: 'revocation-unavailable' })
    expect(Math.max(...write.mock.calls.map(([, mark]) => mark))).toBe(clock() + 1_000)
    clock.pass(1)
    await visitor.visit((session) => session.signOutOthers())
  })

  it('move nothing for anybody else', async () => {
    const { clock, list, manager, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    for (let calls = 0; calls < 100; calls++) await visitor.visit((s) => s.signOutOthers())
    const write = vi.spyOn(list, 'write')
    await manager.revokeSubject('bob')
    await manager.revokeAll()
    expect(write.mock.calls.map(([, mark]) => mark)).toEqual([clock(), clock()])
  })

  it('never keep an operator from forcing the subject out', async () => {
    const { manager, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    for (let calls = 0; calls < 1_500; calls++) {
      await visitor.visit((session) => session.signOutOthers().catch(() => {}))
    }
    await manager.revokeSubject('ada')
    expect(await visitor.see(({ ended }) => ended)).toBe('revoked')
  })
})
