/** Which mark of a list ends a session: a millisecond before, at, after. */

import { describe, expect, it, vi } from 'vitest'
import { createSessionManager, type RevocationTarget } from '../../src/index.ts'
import { type AnyData, START, setUp, Visitor } from '../kit/visitor.ts'

const state = (visitor: Visitor) => visitor.see(({ subject, ended }) => subject ?? ended)

/** A session of ada's that began at START and survived her "sign out everywhere else" at START + 10 s. */
async function kept() {
  const made = setUp({ recheckAfter: 0 })
  await made.visitor.visit((session) => session.signIn('ada'))
  made.clock.pass(10)
  await made.visitor.visit((session) => session.signOutOthers())
  made.clock.pass(10)
  return made
}

const marks: readonly [string, RevocationTarget][] = [
  ['all', { scope: 'all' }],
  ['subject', { scope: 'subject', subject: 'ada' }],
  ['since', { scope: 'since', subject: 'ada' }],
  ['others', { scope: 'others', subject: 'ada' }],
]

describe.each(marks)('a mark of the scope %s', (_, target) => {
  it.each([
    [-1, 'ada'],
    [0, 'revoked'],
    [1, 'revoked'],
  ])('%i ms after a session began', async (after, expected) => {
    const { clock, list, visitor } = setUp({ recheckAfter: 0 })
    await visitor.visit((session) => session.signIn('ada'))
    clock.pass(10)
    await list.write(target, START + after, 3_600)
    expect(await state(visitor)).toBe(expected)
  })
})

describe.each(marks)(
  'for a session that survived signOutOthers, a mark of the scope %s',
  (scope, target) => {
    it.each([
      [-1, 'ada'],
      [0, scope === 'others' ? 'ada' : 'revoked'],
      [10_000, scope === 'others' ? 'ada' : 'revoked'],
      // It is later than the mark that it survived, which is of this very instant.
      [10_001, 'revoked'],
    ])('%i ms after it began', async (after, expected) => {
      const { list, visitor } = await kept()
      await list.write(target, START + after, 3_600)
      expect(await state(visitor)).toBe(expected)
    })
  },
)

describe('a listed sid', () => {
  it.each([0, START - 1, START + 86_400_000, Number.POSITIVE_INFINITY])(
    'is over whatever its mark: %d',
    async (mark) => {
      for (const scope of ['session', 'replaced'] as const) {
        const { list, visitor } = setUp({ recheckAfter: 0 })
        await visitor.visit((session) => session.signIn('ada'))
        const sid = (await visitor.see((session) => session.sid)) ?? ''
        // The end of a family is asked for by its first sid only where the session has another.
        if (scope === 'session') await visitor.visit((session) => session.regenerate())
        await list.write({ scope, sid }, mark, 3_600)
        expect(await state(visitor)).toBe('revoked')
      }
    },
  )
})

describe('when the clock of the isolate is set back', () => {
  it.each(['signOutOthers', 'endOthers', 'revokeSubject', 'revokeAll'] as const)(
    '%s ends also what began before that',
    async (call) => {
      const { clock, manager, visitor } = setUp({ recheckAfter: 0 })
      await visitor.visit((session) => session.signIn('ada'))
      clock.pass(10)
      const other = new Visitor(manager, clock)
      await other.visit((session) => session.signIn('ada'))
      clock.pass(-5)
      if (call === 'signOutOthers') await visitor.visit((session) => session.signOutOthers())
      if (call === 'endOthers') {
        await visitor.visit((session) => session.signIn('ada', { endOthers: true }))
      }
      if (call === 'revokeSubject') await manager.revokeSubject('ada')
      if (call === 'revokeAll') await manager.revokeAll()
      expect(await state(other)).toBe('revoked')
    },
  )
})

describe('a mark that lies ahead of the clock', () => {
  it.each([
    [60_000, true],
    [60_001, false],
    [86_400_000, false],
  ])('by %i ms is an instant like another: %s', async (ahead, isInstant) => {
    const { clock, events, list, visitor } = setUp({ recheckAfter: 0 })
    await visitor.visit((session) => session.signIn('ada'))
    await list.write({ scope: 'all' }, clock() + ahead, 3_600)
    expect(await state(visitor)).toBe('revoked')
    const unreadable = { type: 'revocation-unreadable', scope: 'all' }
    if (isInstant) expect(events).not.toContainEqual(unreadable)
    else expect(events).toContainEqual(unreadable)
    // An operator mends it: an instant stays in force here, and a slip does not.
    await list.write({ scope: 'all' }, 1, 3_600)
    expect(await state(visitor)).toBe(isInstant ? 'revoked' : 'ada')
  })
})

describe('an entry', () => {
  it('lives until a minute after what it ends, and no fraction of a second less', async () => {
    const { clock, list, visitor } = setUp({ absoluteTimeout: 3_600 })
    const write = vi.spyOn(list, 'write')
    await visitor.visit((session) => session.signIn('ada'))
    clock.pass(0.5)
    await visitor.visit((session) => session.destroy())
    // Of the family, and of the sid that it began with.
    expect(write.mock.calls.map(([, , seconds]) => seconds)).toEqual([3_660, 3_660])
  })

  it('that an operator wrote for a short time does not stand for a sign-out', async () => {
    const { list, visitor } = setUp({ recheckAfter: 0, absoluteTimeout: 3_600 })
    await visitor.visit((session) => session.signIn('ada'))
    const sid = (await visitor.see((session) => session.sid)) ?? ''
    await list.write({ scope: 'replaced', sid }, 1, 60)
    expect(await state(visitor)).toBe('revoked')
    const write = vi.spyOn(list, 'write')
    await visitor.visit((session) => session.destroy())
    expect(write.mock.calls.map(([target, , seconds]) => [target, seconds])).toEqual([
      [{ scope: 'session', sid }, 3_660],
      [{ scope: 'replaced', sid }, 3_660],
    ])
  })
})

describe('a replaced sid that comes back after more than a minute', () => {
  it.each([
    ['nothing else', 1],
    ['a sign-out', 0],
    ['revokeSubject', 0],
  ] as const)('after %s makes %i events', async (what, count) => {
    const { clock, events, manager, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    await visitor.visit((session) => session.regenerate())
    const copy = visitor.copy()
    await visitor.visit((session) => session.regenerate())
    if (what === 'a sign-out') await visitor.visit((session) => session.destroy())
    if (what === 'revokeSubject') await manager.revokeSubject('ada')
    clock.pass(61)
    expect(await state(copy)).toBe('revoked')
    const replaced = events.filter((event) => (event as { type: string }).type === 'replaced-sid')
    expect(replaced).toHaveLength(count)
  })
})

it('a sign-in of another subject ahead of the clock does not move the mark of signOutOthers', async () => {
  const { clock, list, manager, visitor } = setUp()
  await visitor.visit((session) => session.signIn('ada'))
  const bob = new Visitor(manager, clock)
  await bob.visit((session) => session.signIn('bob', { endOthers: true }))
  clock.pass(0.5)
  const write = vi.spyOn(list, 'write')
  await visitor.visit((session) => session.signOutOthers())
  expect(write.mock.calls.map(([, mark]) => mark)).toEqual([clock()])
})

describe('signIn with endOthers', () => {
  it.each(['all', 'subject', 'since'] as const)(
    'is barred by a mark ahead of the scope %s',
    async (scope) => {
      const { clock, list, visitor } = setUp()
      const target = scope === 'all' ? { scope } : { scope, subject: 'ada' }
      await list.write(target, clock() + 30_000, 3_600)
      await visitor.visit(async (session) => {
        const signingIn = session.signIn('ada', { endOthers: true })
        await expect(signingIn).rejects.toMatchObject({ code: 'ended' })
        expect(session.subject).toBeUndefined()
      })
    },
  )
})

describe('signOutOthers', () => {
  it('gives a new sid, and ends the one before also at a server whose clock is behind', async () => {
    const { clock, keys, list } = setUp()
    const at = (error: number) =>
      createSessionManager<AnyData>({
        keys,
        revocationList: list,
        recheckAfter: 0,
        now: () => clock() + error,
      })
    const fast = new Visitor(at(800), clock)
    await fast.visit((session) => session.signIn('ada'))
    await fast.visit((session) => session.signOutOthers())
    const copy = fast.copy(at(0))
    const slow = fast.copy(at(0))
    const before = await slow.see(({ sid }) => sid)
    await slow.visit((session) => session.signOutOthers())
    expect(await slow.see(({ sid }) => sid)).not.toBe(before)
    expect(await state(slow)).toBe('ada')
    expect(await state(copy)).toBe('revoked')
  })
})

it('a session that recheck finds revoked is an event', async () => {
  const { clock, events, list, visitor } = setUp()
  await visitor.visit((session) => session.signIn('ada'))
  await list.write({ scope: 'subject', subject: 'ada' }, clock(), 3_600)
  await visitor.visit((session) => session.recheck())
  expect(events).toContainEqual(expect.objectContaining({ type: 'ended', reason: 'revoked' }))
})
