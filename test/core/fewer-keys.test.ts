/** What a check asks of the list by key, and what it keeps of the answer. */

import { describe, expect, it, vi } from 'vitest'
import { createSessionManager, type SessionOptions } from '../../src/index.ts'
import { type AnyData, isRemarkable, setUp, Visitor } from '../kit/visitor.ts'

const state = (visitor: Visitor) => visitor.see(({ subject, ended }) => subject ?? ended)

async function site(options: Partial<SessionOptions<AnyData>> = {}) {
  const here = setUp({ idleTimeout: 3_600, ...options })
  const { clock, keys, list } = here
  const isolate = () =>
    createSessionManager<AnyData>({
      keys,
      revocationList: list,
      now: clock,
      idleTimeout: 3_600,
      ...options,
    })
  const read = vi.spyOn(list, 'read')
  const scopes = () => read.mock.calls.map(([targets]) => targets.map(({ scope }) => scope))
  await here.visitor.visit((session) => session.signIn('ada'))
  return { ...here, isolate, read, scopes }
}

const OWN = ['replaced', 'subject', 'since', 'others']

describe('a check by key', () => {
  it('asks four keys of a session that was never regenerated, and one more of one that was', async () => {
    const { clock, manager, scopes, visitor } = await site()
    const other = new Visitor(manager, clock)
    await other.visit((session) => session.signIn('bob'))
    clock.pass(60)
    await visitor.visit()
    await other.visit((session) => session.regenerate())
    clock.pass(15)
    await visitor.visit((session) => session.regenerate())
    clock.pass(60)
    await other.visit()
    await visitor.visit()
    expect(scopes()).toEqual([
      ['replaced', 'all', 'subject', 'since', 'others'],
      OWN,
      ['session', 'replaced', 'all', 'subject', 'since', 'others'],
      ['session', ...OWN],
    ])
  })

  it('asks whether everybody is out again after half of recheckAfter', async () => {
    const { clock, manager, scopes, visitor } = await site()
    const people = Array.from({ length: 3 }, () => new Visitor(manager, clock))
    for (const one of people) await one.visit((session) => session.signIn('bob'))
    const [first, second, third] = people as [Visitor, Visitor, Visitor]
    clock.pass(60)
    await first.visit()
    clock.pass(29.999)
    await second.visit()
    clock.pass(0.001)
    await third.visit()
    await visitor.visit()
    const asksOfAll = scopes().map((asked) => asked.includes('all'))
    expect(asksOfAll).toEqual([true, false, true, false])
  })

  it('is no younger than what it knows of everybody', async () => {
    const { clock, list, manager, isolate, visitor } = await site()
    // Bob's check asks of everybody; ada's, 29 s later, goes by that.
    const bob = new Visitor(manager, clock)
    await bob.visit((session) => session.signIn('bob'))
    clock.pass(60)
    await bob.visit()
    clock.pass(1)
    await list.write({ scope: 'all' }, clock(), 3_600)
    clock.pass(28)
    expect(await state(visitor)).toBe('ada')
    // A minute after bob's check, not after ada's, everybody is out, here and elsewhere.
    clock.pass(30)
    expect(await state(visitor.copy(isolate()))).toBe('ada')
    clock.pass(1)
    expect(await state(visitor.copy(isolate()))).toBe('revoked')
    expect(await state(visitor)).toBe('revoked')
  })

  it('asks of everybody where a real check is demanded', async () => {
    const { clock, list, manager, visitor } = await site()
    const bob = new Visitor(manager, clock)
    await bob.visit((session) => session.signIn('bob'))
    clock.pass(60)
    await bob.visit()
    clock.pass(1)
    await list.write({ scope: 'all' }, clock(), 3_600)
    const seen = visitor.see(async (session) => {
      await session.recheck()
      return session.ended
    })
    expect(await await seen).toBe('revoked')
  })

  it('with recheckAfter 0 asks of everybody every time', async () => {
    const { scopes, visitor } = await site({ recheckAfter: 0 })
    await visitor.visit()
    await visitor.visit()
    expect(scopes().every((asked) => asked.includes('all'))).toBe(true)
    expect(scopes()).toHaveLength(2)
  })

  it('keeps nothing of a mark for everybody that is no instant, so that it can be mended', async () => {
    const { clock, list, manager, visitor } = await site()
    const bob = new Visitor(manager, clock)
    await bob.visit((session) => session.signIn('bob'))
    await list.write({ scope: 'all' }, Number.POSITIVE_INFINITY, 3_600)
    clock.pass(60)
    expect(await state(bob)).toBe('revoked')
    // Also for the next one: it is asked anew.
    expect(await state(visitor)).toBe('revoked')
    await list.write({ scope: 'all' }, 1, 3_600)
    expect(await state(visitor)).toBe('ada')
  })
})

describe('a sign-out', () => {
  it('resolves when both of its entries are written, and rejects when one is not', async () => {
    for (const failing of ['session', 'replaced', 'none']) {
      const { list, visitor } = await site()
      const write = vi.spyOn(list, 'write').mockImplementation(async ({ scope }) => {
        if (scope === failing) throw new Error('away')
      })
      const signOut = visitor.visit(async (session) => {
        await session.destroy()
      })
      if (failing === 'none') await signOut
      else await expect(signOut).rejects.toMatchObject({ code: 'revocation-unavailable' })
      expect(write.mock.calls.map(([{ scope }]) => scope).sort()).toEqual(['replaced', 'session'])
    }
  })

  it('is found by a session that still has its first sid, and by one that was regenerated', async () => {
    for (const regenerates of [false, true]) {
      const { clock, isolate, visitor } = await site()
      if (regenerates) await visitor.visit((session) => session.regenerate())
      const copy = visitor.copy(isolate())
      await visitor.visit((session) => session.destroy())
      clock.pass(60)
      expect(await state(copy)).toBe('revoked')
    }
  })

  it('is no replaced sid that came back', async () => {
    const events: string[] = []
    const { clock, isolate, visitor } = await site({
      onEvent: (event) => {
        if (isRemarkable(event)) events.push(event.type)
      },
    })
    const copy = visitor.copy(isolate())
    await visitor.visit((session) => session.destroy())
    clock.pass(120)
    expect(await state(copy)).toBe('revoked')
    expect(events).toEqual(['ended'])
  })
})
