/** A sign-out ends what a thief holds, also when the visitor's own cookies were over by then. */

import { describe, expect, it } from 'vitest'
import type { RevocationList, RevocationTarget } from '../../src/index.ts'
import { createSessionManager, memoryRevocationList, SessionError } from '../../src/index.ts'
import { ACTIVITY, isRemarkable, SESSION, setUp, testClock, Visitor } from '../kit/visitor.ts'

const MINUTE = 60
const HOUR = 3_600
const DAY = 86_400
const KEY = 'YSBrZXkgb2YgdGhlIHRlc3RzLCBub3QgYSBzZWNyZXQ'

/** A list that notes what is written, and fails for some targets. */
function noting(list: RevocationList, fails: (target: RevocationTarget) => boolean = () => false) {
  const written: { target: RevocationTarget; mark: number; seconds: number }[] = []
  const noted: RevocationList = {
    read: (targets) => list.read(targets),
    async write(target, mark, seconds) {
      if (fails(target)) throw new Error('the list is away')
      written.push({ target, mark, seconds })
      await list.write(target, mark, seconds)
    },
  }
  return { written, list: noted }
}

/** Two isolates with one list and one clock, and a thief with a copy that stays active. */
async function robbed({ remember = false } = {}) {
  const clock = testClock()
  const notes = noting(memoryRevocationList({ now: clock }))
  const options = { keys: KEY, revocationList: notes.list, now: clock, recheckAfter: 0 }
  const here = createSessionManager(options)
  const elsewhere = createSessionManager(options)
  const victim = new Visitor(here, clock)
  await victim.visit((session) => session.signIn('ada', { remember }))
  const thief = victim.copy(elsewhere)
  const idle = remember ? 7 * DAY : 30 * MINUTE
  clock.pass(idle / 2)
  await thief.visit()
  clock.pass(idle / 2 + 1)
  await thief.visit()
  return { clock, here, elsewhere, victim, thief, written: notes.written }
}

describe('cookies that idled out', () => {
  it.each([false, true])('are ended by a sign-out (remembered: %s)', async (remember) => {
    const { victim, thief } = await robbed({ remember })
    expect(await thief.see(({ subject }) => subject)).toBe('ada')
    expect(await victim.see(({ ended }) => ended)).toBe('idle')
    await victim.visit((session) => session.destroy())
    expect(await thief.see(({ ended }) => ended)).toBe('revoked')
  })

  it('are ended by a sign-in over them', async () => {
    const { victim, thief } = await robbed()
    await victim.visit((session) => session.signIn('ada'))
    expect(await thief.see(({ ended }) => ended)).toBe('revoked')
    expect(await victim.see(({ subject }) => subject)).toBe('ada')
  })

  it('are ended also beside the session that counts', async () => {
    const { clock, here, victim, thief } = await robbed()
    const other = new Visitor(here, clock)
    await other.visit((session) => session.signIn('bob'))
    const cookies = [other, victim].map(({ jar }) => `${SESSION}=${jar.get(SESSION)}`).join('; ')
    const request = new Request('https://site.example/', {
      headers: { cookie: `${cookies}; ${ACTIVITY}=${other.jar.get(ACTIVITY)}` },
    })
    const session = await here.load(request)
    expect(session.subject).toBe('bob')
    await session.destroy()
    expect(await thief.see(({ ended }) => ended)).toBe('revoked')
    expect(await other.see(({ ended }) => ended)).toBe('revoked')
  })

  it('cost no write when they are past their limit', async () => {
    const { clock, victim, written } = await robbed()
    clock.pass(12 * HOUR)
    await victim.visit((session) => session.destroy())
    expect(written).toEqual([])
  })

  it('are written once, however many cookies of a family came', async () => {
    const { here, victim, thief, written } = await robbed()
    await thief.visit((session) => session.regenerate())
    written.length = 0
    const cookies = [victim, thief].map(({ jar }) => `${SESSION}=${jar.get(SESSION)}`).join('; ')
    const request = new Request('https://site.example/', { headers: { cookie: cookies } })
    const session = await here.load(request)
    await session.destroy()
    expect(written.map(({ target }) => target.scope)).toEqual(['session', 'replaced'])
  })
})

describe('when a family cannot be ended', () => {
  const sidsOf = async (fails: 'live' | 'idle') => {
    const clock = testClock()
    const events: unknown[] = []
    let failing: string | undefined
    const { list, written } = noting(
      memoryRevocationList({ now: clock }),
      (target) => 'sid' in target && target.sid === failing,
    )
    const manager = createSessionManager({
      keys: KEY,
      revocationList: list,
      now: clock,
      onEvent: (event) => {
        if (isRemarkable(event)) events.push(event)
      },
    })
    const idle = new Visitor(manager, clock)
    await idle.visit((session) => session.signIn('ada'))
    const old = `${SESSION}=${idle.jar.get(SESSION)}`
    const idleSid = await idle.see(({ sid }) => sid)
    clock.pass(31 * MINUTE)
    const live = new Visitor(manager, clock)
    await live.visit((session) => session.signIn('ada'))
    const liveSid = await live.see(({ sid }) => sid)
    failing = fails === 'live' ? liveSid : idleSid
    const cookie = `${SESSION}=${live.jar.get(SESSION)}; ${old}`
    const request = () => new Request('https://site.example/', { headers: { cookie } })
    return { clock, manager, request, written, events, liveSid, idleSid, idle, live }
  }

  it('a sign-in goes on if it is not the live one, and an event says so', async () => {
    const { manager, request, events, liveSid, written } = await sidsOf('idle')
    const session = await manager.load(request())
    events.length = 0
    await session.signIn('ada')
    expect(session.subject).toBe('ada')
    expect(session.sid).not.toBe(liveSid)
    expect(written.map(({ target }) => target)).toContainEqual({ scope: 'session', sid: liveSid })
    expect(events).toMatchObject([{ type: 'revocation-unavailable', operation: 'write' }])
  })

  it('a sign-in rejects and changes nothing if it is the live one', async () => {
    const { manager, request, liveSid } = await sidsOf('live')
    const session = await manager.load(request())
    await expect(session.signIn('ada')).rejects.toMatchObject({ code: 'revocation-unavailable' })
    expect(session.sid).toBe(liveSid)
  })

  it.each(['live', 'idle'] as const)(
    'a sign-out ends the others, here the failed one too, and rejects: %s',
    async (fails) => {
      const { manager, request, written, liveSid, idleSid, live } = await sidsOf(fails)
      const session = await manager.load(request())
      await expect(session.destroy()).rejects.toBeInstanceOf(SessionError)
      const [other] = fails === 'live' ? [idleSid] : [liveSid]
      expect(written.map(({ target }) => target)).toContainEqual({ scope: 'session', sid: other })
      expect(await live.see(({ ended }) => ended)).toBe('revoked')
    },
  )
})

describe('a sealed limit', () => {
  const signedIn = async (options: { absoluteTimeout?: number; idleTimeout?: number }) => {
    const clock = testClock()
    const notes = noting(memoryRevocationList({ now: clock }))
    const remembered = { idleTimeout: HOUR, absoluteTimeout: HOUR }
    const base = { keys: KEY, revocationList: notes.list, now: clock, remembered }
    const manager = createSessionManager({ ...base, ...options })
    const visitor = new Visitor(manager, clock)
    await visitor.visit((session) => session.signIn('ada'))
    const under = (other: { absoluteTimeout?: number; idleTimeout?: number }) =>
      visitor.copy(createSessionManager({ ...base, ...other }))
    return { clock, visitor, under, written: notes.written, list: notes.list }
  }

  it('is not moved by a longer absolute timeout', async () => {
    const { clock, under } = await signedIn({ absoluteTimeout: HOUR, idleTimeout: HOUR })
    const longer = { absoluteTimeout: 10 * HOUR, idleTimeout: 10 * HOUR }
    clock.pass(HOUR - 0.001)
    expect(await under(longer).see(({ ended }) => ended)).toBeUndefined()
    clock.pass(0.001)
    expect(await under(longer).see(({ ended }) => ended)).toBe('absolute')
  })

  it('is the value of absoluteExpiresAt', async () => {
    const { clock, under } = await signedIn({ absoluteTimeout: HOUR, idleTimeout: HOUR })
    const seen = await under({ absoluteTimeout: 10 * HOUR, idleTimeout: HOUR }).see(
      ({ absoluteExpiresAt }) => absoluteExpiresAt?.getTime(),
    )
    expect(seen).toBe(clock() + HOUR * 1000)
  })

  it('gives way to a shorter absolute timeout at once', async () => {
    const { clock, visitor, under } = await signedIn({
      absoluteTimeout: 10 * HOUR,
      idleTimeout: 10 * HOUR,
    })
    clock.pass(HOUR / 2)
    await visitor.visit()
    clock.pass(HOUR / 2)
    const shorter = { absoluteTimeout: HOUR, idleTimeout: HOUR }
    expect(await under(shorter).see(({ ended }) => ended)).toBe('absolute')
  })

  it.each(['regenerate', 'signOutOthers', 'save'] as const)('is copied by %s', async (call) => {
    const { clock, under } = await signedIn({ absoluteTimeout: HOUR, idleTimeout: HOUR })
    const longer = under({ absoluteTimeout: 10 * HOUR, idleTimeout: 10 * HOUR })
    clock.pass(60)
    await longer.visit(async (session) => {
      session.data = { changed: call }
      await session[call]()
    })
    clock.pass(HOUR - 60)
    expect(await longer.see(({ ended }) => ended)).toBe('absolute')
  })

  it('is set by an anonymous session at its first write', async () => {
    const { clock, under } = await signedIn({})
    const short = under({ absoluteTimeout: HOUR, idleTimeout: HOUR })
    short.jar.clear()
    await short.visit((session) => {
      session.data.cart = [1]
    })
    const longer = short.copy(
      createSessionManager({
        keys: KEY,
        revocationList: 'none',
        now: clock,
        absoluteTimeout: 10 * HOUR,
        idleTimeout: 10 * HOUR,
      }),
    )
    clock.pass(HOUR)
    expect(await longer.see(({ ended }) => ended)).toBe('absolute')
  })

  it("is how long the list keeps a sign-out, regardless of the writer's configuration", async () => {
    const { under, written } = await signedIn({ absoluteTimeout: 10 * HOUR, idleTimeout: HOUR })
    await under({ absoluteTimeout: HOUR, idleTimeout: HOUR }).visit((session) => session.destroy())
    expect(written.map(({ seconds }) => seconds)).toEqual([10 * HOUR + 60, 10 * HOUR + 60])
  })

  it('so a longer timeout revives no session that was signed out', async () => {
    const { clock, visitor, under } = await signedIn({
      absoluteTimeout: 2 * HOUR,
      idleTimeout: HOUR,
    })
    const copy = visitor.jar.clone()
    await visitor.visit((session) => session.destroy())
    const longer = under({ absoluteTimeout: 40 * HOUR, idleTimeout: 40 * HOUR })
    longer.jar.replaceBy(copy)
    for (let hours = 0; hours < 30; hours++) {
      clock.pass(HOUR)
      expect(await longer.see(({ subject }) => subject)).toBeUndefined()
    }
  })
})

it('marks that do not name a single session live 400 days, regardless of the timeouts', async () => {
  const { clock, manager, list } = setUp({ absoluteTimeout: 60, idleTimeout: 60 })
  await manager.revokeSubject('ada')
  await manager.revokeAll()
  await manager.revokeSession('A'.repeat(22))
  const targets = [
    { scope: 'subject', subject: 'ada' },
    { scope: 'all' },
    { scope: 'session', sid: 'A'.repeat(22) },
  ] as const
  clock.pass(400 * DAY - 1)
  expect((await list.read(targets)).every((mark) => mark !== undefined)).toBe(true)
})
