import { describe, expect, it, vi } from 'vitest'
import {
  createSessionManager,
  memoryRevocationList,
  type Session,
  type SessionOptions,
} from '../../src/index.ts'
import { ACTIVITY, type AnyData, cookiesSet, setUp, Visitor } from '../kit/visitor.ts'

/** Two isolates with one list, and a browser of ada's. */
async function twoIsolates(options: Partial<SessionOptions<AnyData>> = {}) {
  const here = setUp(options)
  const { clock, keys, list } = here
  const elsewhere = createSessionManager({ keys, revocationList: list, now: clock, ...options })
  const read = vi.spyOn(list, 'read')
  await here.visitor.visit((session) => session.signIn('ada'))
  return { ...here, elsewhere, read }
}

const state = (visitor: Visitor) => visitor.see(({ subject, ended }) => subject ?? ended)

describe('a session revoked in this isolate', () => {
  it.each(['by sid', 'by subject', 'with everybody'])('ends at once %s', async (how) => {
    const { manager, visitor } = await twoIsolates()
    const sid = (await visitor.see((session) => session.sid)) ?? ''
    if (how === 'by sid') await manager.revokeSession(sid)
    if (how === 'by subject') await manager.revokeSubject('ada')
    if (how === 'with everybody') await manager.revokeAll()
    expect(await state(visitor)).toBe('revoked')
  })

  it('and its subject can sign in again at once, even within the millisecond', async () => {
    const { manager, visitor } = await twoIsolates()
    for (const revoke of [() => manager.revokeSubject('ada'), () => manager.revokeAll()]) {
      await revoke()
      await visitor.visit((session) => session.signIn('ada'))
      expect(await state(visitor)).toBe('ada')
      await revoke()
      expect(await state(visitor)).toBe('revoked')
      await visitor.visit((session) => session.signIn('ada'))
      expect(await state(visitor)).toBe('ada')
    }
  })

  it('leaves other subjects and anonymous sessions alone', async () => {
    const { clock, manager } = await twoIsolates()
    const [grace, anonymous] = [new Visitor(manager, clock), new Visitor(manager, clock)]
    await grace.visit((session) => session.signIn('grace'))
    await anonymous.visit((session) => {
      session.data.cart = 1
    })
    await manager.revokeSubject('ada')
    expect(await state(grace)).toBe('grace')
    expect(await anonymous.see(({ data }) => data.cart)).toBe(1)
    await manager.revokeAll()
    expect(await state(grace)).toBe('revoked')
    expect(await state(anonymous)).toBe('revoked')
  })
})

describe('a session revoked elsewhere', () => {
  it.each([
    [59, 'ada'],
    [60, 'revoked'],
    [61, 'revoked'],
  ])('%i s after the last check', async (seconds, expected) => {
    const { clock, elsewhere, visitor } = await twoIsolates()
    await elsewhere.revokeSubject('ada')
    clock.pass(seconds)
    expect(await state(visitor)).toBe(expected)
  })

  it('ends at once with recheckAfter 0, though another server is ahead of the clock', async () => {
    const { clock, elsewhere, visitor } = await twoIsolates({ recheckAfter: 0 })
    clock.pass(5)
    await visitor.visit()
    clock.pass(-4)
    await elsewhere.revokeSubject('ada')
    expect(await state(visitor)).toBe('revoked')
  })

  it('ends at once where a real check is demanded', async () => {
    const { elsewhere, visitor } = await twoIsolates()
    await elsewhere.revokeSubject('ada')
    const seen = await visitor.see(async (session) => {
      const { data } = session
      await session.recheck()
      return [session.subject, session.ended, session.data, Object.isFrozen(data)]
    })
    expect(await seen).toEqual([undefined, 'revoked', {}, true])
  })

  it('cannot be dodged by regenerating or by signing out the others', async () => {
    const { clock, elsewhere, manager, visitor } = await twoIsolates()
    const thief = visitor.copy()
    await thief.visit((session) => session.regenerate())
    await elsewhere.revokeSubject('ada')
    await thief.visit((session) => session.regenerate())
    clock.pass(60)
    expect(await state(new Visitor(manager, clock, thief.jar))).toBe('revoked')
  })

  it("cannot be undone by a subject's own mark", async () => {
    const { clock, elsewhere, visitor } = await twoIsolates()
    clock.pass(1)
    await visitor.visit((session) => session.signOutOthers())
    await elsewhere.revokeSubject('ada')
    clock.pass(60)
    expect(await state(visitor)).toBe('revoked')
  })
})

describe('a subject who is forced out elsewhere', () => {
  // Marks that a subject sets for itself lie ahead of the clock, and its next session begins after them.
  it.each([
    ['endOthers', (session: Session) => session.signIn('eve', { endOthers: true })],
    [
      'signing out others often',
      async (session: Session) => {
        await session.signIn('eve')
        for (let calls = 0; calls < 900; calls++) await session.signOutOthers()
        await session.signIn('eve')
      },
    ],
  ])('is out, though the session began ahead of the clock: %s', async (_, signIn) => {
    const { clock, elsewhere, visitor } = await twoIsolates()
    await visitor.visit(signIn)
    clock.pass(0.5)
    await elsewhere.revokeSubject('eve')
    clock.pass(62)
    expect(await state(visitor)).toBe('revoked')
  })

  it('stays barred where an operator had barred the subject, and out when the bar is lifted', async () => {
    const { clock, elsewhere, list, visitor } = await twoIsolates()
    const bar = clock() + 3_600_000
    await list.write({ scope: 'subject', subject: 'ada' }, bar, 7_200)
    await elsewhere.revokeSubject('ada')
    expect(await list.read([{ scope: 'subject', subject: 'ada' }])).toEqual([bar])
    await list.write({ scope: 'subject', subject: 'ada' }, 1, 7_200)
    clock.pass(60)
    expect(await state(visitor)).toBe('revoked')
  })

  it('is out, and stays barred, while the list can be written but not read', async () => {
    const { clock, elsewhere, list, read, visitor } = await twoIsolates()
    const bar = clock() + 3_600_000
    await list.write({ scope: 'subject', subject: 'ada' }, bar, 7_200)
    read.mockRejectedValueOnce(new Error('down'))
    await elsewhere.revokeSubject('ada')
    const marks = [
      { scope: 'subject', subject: 'ada' },
      { scope: 'since', subject: 'ada' },
    ] as const
    expect(await list.read(marks)).toEqual([bar, clock()])
    clock.pass(60)
    expect(await state(visitor)).toBe('revoked')
  })
})

describe('the list is asked', () => {
  it('once per recheckAfter, and the activity cookie carries when', async () => {
    const { clock, read, visitor } = await twoIsolates()
    for (let second = 0; second < 180; second++) {
      clock.pass(1)
      await visitor.visit()
    }
    expect(read).toHaveBeenCalledTimes(3)
  })

  it('for the sid, everybody and the subject in one read', async () => {
    const { clock, read, visitor } = await twoIsolates()
    clock.pass(60)
    const sid = await visitor.see((session) => session.sid)
    expect(read).toHaveBeenCalledExactlyOnceWith([
      { scope: 'replaced', sid },
      { scope: 'all' },
      { scope: 'subject', subject: 'ada' },
      { scope: 'since', subject: 'ada' },
      { scope: 'others', subject: 'ada' },
    ])
  })

  it('once for requests that come together, and not again for cookies without a fresh check', async () => {
    const { clock, manager, read, visitor } = await twoIsolates()
    clock.pass(60)
    const requests = Array.from({ length: 6 }, () => visitor.request())
    const sessions = await Promise.all(requests.map((request) => manager.load(request)))
    for (const { subject } of sessions) expect(subject).toBe('ada')
    expect(read).toHaveBeenCalledTimes(1)
    clock.pass(59)
    await manager.load(visitor.request())
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('not for a session that is over anyway', async () => {
    const { clock, read, visitor } = await twoIsolates()
    clock.pass(1800)
    expect(await state(visitor)).toBe('idle')
    expect(read).not.toHaveBeenCalled()
  })

  it('on a passive request, which then sets the activity cookie without sliding', async () => {
    const { clock, visitor } = await twoIsolates()
    const passive = { 'Session-Activity': 'passive' }
    clock.pass(59)
    expect(cookiesSet(await visitor.visit(() => {}, passive))).toEqual([])
    clock.pass(1)
    expect(cookiesSet(await visitor.visit(() => {}, passive))).toEqual([ACTIVITY])
    clock.pass(1740)
    expect(await state(visitor)).toBe('idle')
  })
})

describe('a mark from far ahead', () => {
  it('ends all that it names until it is mended, and an event says so', async () => {
    const { clock, events, list, visitor } = await twoIsolates()
    await list.write({ scope: 'all' }, clock() * 1000, 3_600)
    clock.pass(60)
    expect(await state(visitor)).toBe('revoked')
    expect(events).toContainEqual({ type: 'revocation-unreadable', scope: 'all' })
    await list.write({ scope: 'all' }, 1, 3_600)
    await visitor.visit((session) => session.signIn('ada'))
    clock.pass(60)
    expect(await state(visitor)).toBe('ada')
  })
})

describe('a sid that is listed with anything at all', () => {
  it('is asked for once', async () => {
    const { clock, list, read, visitor } = await twoIsolates()
    const sid = (await visitor.see((session) => session.sid)) ?? ''
    await list.write({ scope: 'replaced', sid }, Number.POSITIVE_INFINITY, 3_600)
    clock.pass(60)
    for (let request = 0; request < 5; request++) expect(await state(visitor)).toBe('revoked')
    expect(read).toHaveBeenCalledTimes(1)
  })
})

describe('a family', () => {
  it('ends with the sid that it began with, and a later sid only by itself', async () => {
    for (const [first, expected] of [
      [true, 'revoked'],
      [false, 'ada'],
    ] as const) {
      const { clock, elsewhere, visitor } = await twoIsolates()
      const began = (await visitor.see(({ sid }) => sid)) ?? ''
      await visitor.visit((session) => session.regenerate())
      const second = (await visitor.see(({ sid }) => sid)) ?? ''
      await visitor.visit((session) => session.regenerate())
      await elsewhere.revokeSession(first ? began : second)
      clock.pass(60)
      expect(await state(visitor)).toBe(expected)
    }
  })

  it('ends when another subject signs in over it, though a thief has regenerated a copy', async () => {
    const { visitor } = await twoIsolates()
    const thief = visitor.copy()
    await thief.visit((session) => session.regenerate())
    expect(await state(visitor)).toBe('revoked')
    await visitor.visit((session) => session.signIn('ada'))
    expect(await state(thief)).toBe('revoked')
    expect(await state(visitor)).toBe('ada')
  })
})

describe('signOutOthers at a server whose clock is behind', () => {
  it('ends the sid that it leaves all the same', async () => {
    const { clock, visitor } = await twoIsolates()
    const copy = visitor.copy()
    clock.pass(-0.4)
    await visitor.visit((session) => session.signOutOthers())
    expect(await state(copy)).toBe('revoked')
  })
})

describe("revocationList: 'none'", () => {
  const none = { revocationList: 'none' } as const

  it('only clears cookies at sign-out: a copy goes on', async () => {
    const { visitor } = setUp(none)
    await visitor.visit((session) => session.signIn('ada'))
    const copy = visitor.copy()
    await visitor.visit((session) => session.destroy())
    expect(visitor.jar.names()).toEqual([])
    expect(await state(copy)).toBe('ada')
  })

  it('refuses calls that need a list', async () => {
    const { manager, visitor } = setUp(none)
    const sid = '_'.repeat(22)
    const message = 'this call needs a "revocationList"'
    for (const revoke of [
      () => manager.revokeAll(),
      () => manager.revokeSubject('ada'),
      () => manager.revokeSession(sid),
    ]) {
      await expect(revoke()).rejects.toThrow(message)
    }
    await visitor.visit((session) => session.signIn('ada'))
    await expect(visitor.visit((session) => session.signOutOthers())).rejects.toThrow(message)
  })

  it('still signs in, regenerates and rechecks', async () => {
    const { visitor } = setUp(none)
    await visitor.visit((session) => session.signIn('ada'))
    await visitor.visit((session) => session.regenerate())
    await visitor.visit((session) => session.recheck())
    expect(await state(visitor)).toBe('ada')
  })
})

describe('a list of somebody else', () => {
  it('that answers for other targets is not believed', async () => {
    const list = memoryRevocationList()
    list.read = async () => []
    const { clock, visitor } = setUp({ revocationList: list })
    await visitor.visit((session) => session.signIn('ada'))
    clock.pass(301)
    const visit = visitor.visit((session) => void session.subject)
    await expect(visit).rejects.toMatchObject({ code: 'revocation-unavailable' })
  })
})
