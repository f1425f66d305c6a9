/** What an isolate and an app use again: opened seals, and response objects. */

import { describe, expect, it, vi } from 'vitest'
import { createSessionManager, generateKey, memoryRevocationList } from '../../src/index.ts'
import { ACTIVITY, SESSION, setUp, testClock, Visitor } from '../kit/visitor.ts'
import { countCrypto, look, requestWith } from './attack.ts'
import { DAY, held, MINUTE, subjectSeen } from './site.ts'
import './setup.ts'

describe('the memory of opened seals', () => {
  it('does not outlive the timeouts', async () => {
    const { clock, manager, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    const { session, activity } = held(visitor)
    const ended = async () =>
      (await look(manager, requestWith(`${SESSION}=${session}; ${ACTIVITY}=${activity}`))).ended
    clock.pass(30 * MINUTE - 1)
    expect(await ended()).toBe(undefined)
    clock.pass(1)
    expect(await ended()).toBe('idle')
    clock.pass(30 * DAY + 3_600)
    expect(await ended()).toBe('absolute')
  })

  it('does not take an activity cookie for the session cookie of a manager with that name', async () => {
    const { clock, keys, manager, visitor } = setUp({ cookie: { name: 'app' } })
    await visitor.visit((session) => session.signIn('ada'))
    const activity = `app-activity=${visitor.jar.get('app-activity')}`
    // Opened by its own manager, so that the isolate remembers it.
    await subjectSeen(manager, `app=${visitor.jar.get('app')}; ${activity}`)
    const other = createSessionManager({
      keys,
      revocationList: 'none',
      now: clock,
      cookie: { name: 'app-activity' },
    })
    expect((await look(other, requestWith(activity))).ended).toBe('invalid')
  })

  it('does not open what was sealed hours ahead of the clock', async () => {
    const options = { isActivity: () => false, idleTimeout: 36_000 }
    const { clock, manager, visitor } = setUp(options)
    await visitor.visit((session) => session.signIn('ada'))
    clock.pass(5 * 3_600)
    // Not an activity: of all that the cookie says, only its hour is from then.
    await visitor.visit((session) => {
      session.data.note = 'written'
    })
    const { session } = held(visitor)
    clock.pass(-4 * 3_600)
    expect((await look(manager, requestWith(`${SESSION}=${session}`))).ended).toBe('invalid')
    clock.pass(3 * 3_600)
    expect(await subjectSeen(manager, `${SESSION}=${session}`)).toBe('ada')
  })

  it('forgets the oldest when it holds 8 MB', async () => {
    const { clock, manager } = setUp({ revocationList: 'none' })
    const cookies: string[] = []
    for (let count = 0; count < 700; count++) {
      const visitor = new Visitor(manager, clock)
      await visitor.visit(async (session) => {
        session.data.note = 'n'.repeat(2_700)
        await session.signIn('ada')
      })
      cookies.push(`${SESSION}=${held(visitor).session}`)
    }
    const decrypt = vi.spyOn(crypto.subtle, 'decrypt')
    // A token counts three times its length and 500 bytes: the newest 500 fit, and the first do not.
    for (const [cookie, openings] of [
      [cookies.at(-1), 0],
      [cookies.at(-500), 0],
      [cookies.at(0), 1],
    ] as const) {
      decrypt.mockClear()
      expect(await subjectSeen(manager, cookie ?? '')).toBe('ada')
      expect(decrypt).toHaveBeenCalledTimes(openings)
    }
    decrypt.mockRestore()
  })

  it('does not hide a revocation', async () => {
    const { clock, list, manager, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    expect(await visitor.see(({ subject }) => subject)).toBe('ada')
    // Elsewhere, so that this manager has to ask.
    await list.write({ scope: 'subject', subject: 'ada' }, clock(), 3_600)
    clock.pass(60)
    expect(await visitor.see(({ ended }) => ended)).toBe('revoked')
    expect(await subjectSeen(manager, `${SESSION}=${held(visitor).session}`)).toBe(undefined)
  })

  it('does not hide that a key was removed', async () => {
    const [first, second] = [generateKey(), generateKey()]
    const clock = testClock()
    let ring = [first, second]
    const options = { revocationList: memoryRevocationList(), now: clock, keys: () => ring }
    const manager = createSessionManager(options)
    const visitor = new Visitor(manager, clock)
    await visitor.visit((session) => session.signIn('ada'))
    const { session, activity } = held(visitor)
    const seen = async () => {
      const sight = await look(
        manager,
        requestWith(`${SESSION}=${session}; ${ACTIVITY}=${activity}`),
      )
      return sight.session.subject ?? sight.ended
    }
    expect(await seen()).toBe('ada')
    ring = [second]
    clock.pass(60)
    expect(await seen()).toBe('unknown-key')
    ring = [second, first]
    clock.pass(60)
    expect(await seen()).toBe('ada')
  })

  it('gives the same session as an isolate that remembers nothing', async () => {
    const { clock, keys, list, manager, visitor } = setUp()
    await visitor.visit(async (session) => {
      session.data = { theme: 'dark', cart: [{ item: 'book', at: null }] }
      await session.signIn('ada', { remember: true })
    })
    const sid = await visitor.see((session) => session.sid)
    clock.pass(0.25)
    await visitor.visit((session) => session.signOutOthers())
    clock.pass(1_000)
    await visitor.visit()
    const { session, activity } = held(visitor)
    const cookie = `${SESSION}=${session}; ${ACTIVITY}=${activity}`
    vi.resetModules()
    const fresh = await import('../../src/index.ts')
    const elsewhere = fresh.createSessionManager({ keys, revocationList: list, now: clock })
    const calls = await countCrypto(async () => {
      const sights = [manager, elsewhere].map((each) => look(each, requestWith(cookie)))
      const [here, there] = await Promise.all(sights)
      expect(there?.session).toEqual(here?.session)
    })
    expect(calls.decrypt).toBe(2)
    // The mark that it survived and the sid that it began with are known there as well.
    clock.pass(61)
    expect((await look(elsewhere, requestWith(cookie))).session.subject).toBe('ada')
    await list.write({ scope: 'session', sid: sid ?? '' }, clock(), 3_600)
    clock.pass(61)
    expect((await look(elsewhere, requestWith(cookie))).ended).toBe('revoked')
  })

  it('does not reach into a session of another name', async () => {
    const { keys, clock, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    const { session, activity } = held(visitor)
    for (const name of ['__Host-Http-other', ACTIVITY]) {
      const other = createSessionManager({
        keys,
        revocationList: 'none',
        now: clock,
        cookie: { name },
      })
      for (const token of [session, activity]) {
        const sight = await look(other, requestWith(`${name}=${token}; ${name}-activity=${token}`))
        expect(sight.session.sid).toBe(undefined)
      }
    }
  })
})

describe('one response object that answers many visitors', () => {
  it('carries the cookies of none of them to another', async () => {
    const { manager, clock } = setUp()
    const shared = new Response(null, {
      status: 204,
      headers: { 'Set-Cookie': 'theme=dark', 'Cache-Control': 'private' },
    })
    const before = [...shared.headers]
    const visit = async (subject: string) => {
      const visitor = new Visitor(manager, clock)
      await visitor.visit((session) => session.signIn(subject))
      const answer = await visitor.visit(() => shared)
      return answer.headers.getSetCookie().map((line) => line.split('=', 1)[0])
    }
    expect(await visit('ada')).toEqual(['theme', ACTIVITY])
    expect(await visit('bob')).toEqual(['theme', ACTIVITY])
    expect([...shared.headers]).toEqual(before)
  })
})
