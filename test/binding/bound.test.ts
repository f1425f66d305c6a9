/** Bound sessions as people and thieves meet them, with a device made in the test. */

import { describe, expect, it } from 'vitest'
import { targetName } from '../../src/contracts/revocation-list.ts'
import type { RevocationTarget } from '../../src/index.ts'
import { CookieJar } from '../kit/cookie-jar.ts'
import { ACTIVITY, cookiesSet, type Handler, SESSION, Visitor } from '../kit/visitor.ts'
import { BOUND, Device, LIFETIME, readOffer, setUpBinding } from './device.ts'

type Seen = { subject: string | undefined; ended: string | undefined }
const who = ({ subject, ended }: Seen) => subject ?? ended

describe('a sign-in of a browser that can', () => {
  it('is bound at the next request', async () => {
    const { device, clock, history } = setUpBinding()
    await device.visit((session) => session.signIn('ada'))
    expect(await device.visitor.see(({ bound, proofAge }) => [bound, proofAge])).toEqual([
      undefined,
      undefined,
    ])
    const registered = clock()
    clock.pass(5)
    await device.visit()
    clock.pass(3)
    expect(await device.see(({ bound, proofAge }) => [bound, proofAge])).toEqual([
      new Date(registered),
      3,
    ])
    expect(history.map(({ type }) => type)).toEqual(['signed-in', 'bound'])
  })

  it('offers it with the answer to the sign-in and with no other', async () => {
    const { device, visitor } = setUpBinding()
    expect(readOffer(await visitor.visit())).toBeUndefined()
    const answer = await device.visit((session) => session.signIn('ada'))
    expect(readOffer(answer)).toMatchObject({ path: '/session/register' })
    expect(cookiesSet(answer)).toEqual([SESSION, ACTIVITY, `-${BOUND}`])
    for (const work of ['regenerate', 'signOutOthers', 'save'] as const) {
      expect(readOffer(await device.visit((session) => session[work]()))).toBeUndefined()
    }
  })

  it('offers nothing for data of a visitor who is not signed in, and asks nothing of the list', async () => {
    const reads: string[] = []
    const { device } = setUpBinding({ revocationList: recording(reads) })
    expect(
      readOffer(
        await device.visit((session) => {
          session.data.theme = 'dark'
        }),
      ),
    ).toBeUndefined()
    expect(await device.see(({ data }) => data.theme)).toBe('dark')
    expect(reads.filter((name) => name.startsWith('bound/'))).toEqual([])
  })

  it('tells the browser what to keep', async () => {
    const { device } = setUpBinding({ device: { path: '/account/session' } })
    await device.visit((session) => session.signIn('ada'))
    expect(device.instructions).toEqual({
      session_identifier: expect.any(String),
      refresh_url: '/account/session/refresh',
      scope: { include_site: false, scope_specification: [] },
      credentials: [
        { type: 'cookie', name: BOUND, attributes: 'Path=/; HttpOnly; Secure; SameSite=Lax' },
      ],
      allowed_refresh_initiators: ['*'],
    })
    expect(device.instructions?.session_identifier.length).toBeLessThan(420)
  })

  it.each([
    ['strict', ['*']],
    ['none', []],
  ] as const)(
    'lets pages of other sites cause a refresh with SameSite %s: %j',
    async (sameSite, initiators) => {
      const { device } = setUpBinding({ cookie: { sameSite } })
      await device.visit((session) => session.signIn('ada'))
      expect(device.instructions?.allowed_refresh_initiators).toEqual(initiators)
    },
  )

  it.each([0, 7, 14])(
    'sets a bound cookie whose life is counted from the challenge: %i s',
    async (seconds) => {
      const { device, clock } = setUpBinding()
      await device.visit((session) => session.signIn('ada'))
      const answer = await device.refresh(() => clock.pass(seconds))
      // The browser drops it before the server stops to honour it.
      const maxAge = LIFETIME - LIFETIME / 30 - seconds
      expect(answer.headers.getSetCookie()).toEqual([
        expect.stringMatching(
          new RegExp(
            `^${BOUND}=[\\w.-]+; Max-Age=${maxAge}; Path=/; HttpOnly; Secure; SameSite=Lax$`,
          ),
        ),
      ])
      expect(answer.headers.get('Cache-Control')).toBe('no-store')
    },
  )

  it('goes on for hours, with a proof for each lifetime', async () => {
    const { device, clock, events } = setUpBinding()
    await device.signIn()
    for (let minute = 0; minute < 300; minute++) {
      clock.pass(60)
      expect(await device.see(who)).toBe('ada')
    }
    expect(events).toEqual([{ type: 'bound' }])
  })

  it('notes the first proof in the activity cookie, also of a request that is no activity', async () => {
    const { device } = setUpBinding()
    const passive = { 'Session-Activity': 'passive' }
    await device.visit((session) => session.signIn('ada'))
    expect(cookiesSet(await device.visit(() => {}, passive))).toEqual([ACTIVITY])
    expect(cookiesSet(await device.visit(() => {}, passive))).toEqual([])
  })

  it('writes one mark to the list, kept until the limit of the session', async () => {
    const writes: unknown[] = []
    const { device, clock } = setUpBinding({ revocationList: recording([], writes) })
    await device.signIn()
    const family = await device.see((session) => session.family)
    clock.pass(LIFETIME)
    await device.visit()
    expect(writes).toEqual([[`bound/${family}`, clock() - LIFETIME * 1000, 43_200 + 60]])
  })
})

describe('a copy of the cookies', () => {
  it.each([
    [LIFETIME - 1, 'ada'],
    [LIFETIME, 'unbound'],
    [LIFETIME + 1, 'unbound'],
  ])('of all of them, %i s after the proof: %s', async (seconds, expected) => {
    const { device, clock, anotherManager } = setUpBinding({ idleTimeout: 7200 })
    await device.signIn()
    const copies = [stolen(device), stolen(device, anotherManager())]
    clock.pass(seconds)
    for (const copy of copies) expect(await copy.see(who)).toBe(expected)
    expect(await device.see(who)).toBe('ada')
  })

  it.each([
    ['the session cookie alone', [SESSION]],
    ['the session and the activity cookie', [SESSION, ACTIVITY]],
  ])('of %s: refused at once, also at another server', async (_, names) => {
    const { device, anotherManager } = setUpBinding()
    await device.signIn()
    for (const manager of [undefined, anotherManager()]) {
      expect(await only(device.visitor.copy(manager), names).see(who)).toBe('unbound')
    }
  })

  it('with the activity cookie is refused before the list is asked', async () => {
    const reads: string[] = []
    const { device, clock, anotherManager } = setUpBinding({ revocationList: recording(reads) })
    await device.signIn()
    const copy = only(device.visitor.copy(anotherManager()), [SESSION, ACTIVITY])
    clock.pass(300)
    reads.splice(0)
    expect(await copy.see(who)).toBe('unbound')
    expect(reads).toEqual([])
  })

  it('made before the proof is refused once the list has been asked again', async () => {
    const { device, clock, anotherManager } = setUpBinding({ recheckAfter: 60 })
    await device.visit((session) => session.signIn('ada'))
    const copies = [device.visitor.copy(), device.visitor.copy(anotherManager())]
    await device.visit()
    // The server that has seen the proof knows it.
    expect(await copies[0]?.see(who)).toBe('unbound')
    clock.pass(59)
    expect(await copies[1]?.see(who)).toBe('ada')
    clock.pass(1)
    expect(await copies[1]?.see(who)).toBe('unbound')
  })

  it('cannot go on by asking for real checks of another kind', async () => {
    const { device, clock, anotherManager } = setUpBinding({ recheckAfter: 60 })
    await device.visit((session) => session.signIn('ada'))
    const copy = device.visitor.copy(anotherManager())
    await device.visit()
    clock.pass(1)
    expect(await copy.see(who)).toBe('ada')
    let after: unknown
    await copy.visit(async (session) => {
      await session.recheck()
      after = who(session)
    })
    expect(after).toBe('unbound')
  })

  it('does not end the session of the owner', async () => {
    const { device, clock, anotherManager } = setUpBinding()
    await device.signIn()
    const copy = stolen(device, anotherManager())
    clock.pass(LIFETIME)
    await copy.visit((session) => session.destroy())
    const forged = stolen(device, anotherManager())
    await forged.visit((session) => session.destroy(), { 'Secure-Session-Skipped': 'unreachable' })
    const other = stolen(device, anotherManager())
    await other.visit((session) => session.signIn('eve'))
    expect(await device.see(who)).toBe('ada')
  })

  it.each<[string, Handler]>([
    ['a sign-out', (session) => session.destroy()],
    ['a sign-in', (session) => session.signIn('eve')],
  ])('of the session cookie, once it has idled out, ends nothing by %s', async (_, work) => {
    const { device, clock, anotherManager } = setUpBinding()
    await device.signIn()
    const copies = [device.visitor.copy(), device.visitor.copy(anotherManager())]
    for (let minute = 0; minute < 30; minute++) {
      clock.pass(60)
      await device.visit()
    }
    for (const copy of copies) {
      only(copy, [SESSION])
      expect(await copy.see(who)).toBe('idle')
      await copy.visit(work)
      expect(await device.see(who)).toBe('ada')
    }
  })

  it.each<[string, Handler]>([
    ['a sign-out', (session) => session.destroy()],
    ['a sign-in', (session) => session.signIn('eve')],
  ])('beside a session of the thief ends nothing by %s', async (_, work) => {
    const { device, clock, manager, anotherManager } = setUpBinding()
    await device.signIn()
    for (const one of [manager, anotherManager()]) {
      clock.pass(1)
      const eve = new Visitor(one, clock)
      await eve.visit((session) => session.signIn('eve'))
      const both = [eve, device.visitor].map(({ jar }) => `${SESSION}=${jar.get(SESSION)}`)
      await eve.visit(
        async (session, request) => {
          expect(who(session)).toBe('eve')
          await work(session, request)
        },
        { cookie: both.join('; ') },
      )
      expect(await device.see(who)).toBe('ada')
    }
  })

  it('does not count with the proof of another session', async () => {
    const { device, another, clock } = setUpBinding()
    await device.signIn()
    const mine = another()
    await mine.signIn()
    const theirs = device.visitor.jar.get(BOUND) as string
    const copy = only(mine.visitor.copy(), [SESSION, ACTIVITY])
    copy.jar.set(`${BOUND}=${theirs}; Path=/; Secure; HttpOnly`, 'https://site.example')
    // It may be a late answer to the browser itself, which proves after this one.
    let refused: unknown
    const answer = await copy.visit((session) => {
      try {
        who(session)
      } catch (error) {
        refused = error
      }
    })
    expect(refused).toMatchObject({ code: 'proof-unavailable' })
    expect(cookiesSet(answer)).toEqual([`-${BOUND}`])
    clock.pass(1)
    expect(await copy.see(who)).toBe('unbound')
  })

  it('does not count with a proof that is over', async () => {
    const { device, clock } = setUpBinding()
    await device.signIn()
    const copy = stolen(device)
    clock.pass(LIFETIME)
    const answer = await copy.visit((session) => {
      expect(who(session)).toBe('unbound')
    })
    expect(cookiesSet(answer)).toEqual([`-${BOUND}`])
  })
})

describe('the life of a bound session', () => {
  it('a sign-out clears the three cookies, and the browser forgets the key', async () => {
    const { device } = setUpBinding()
    await device.signIn()
    const { instructions } = device
    const answer = await device.visit((session) => session.destroy())
    expect(cookiesSet(answer)).toEqual([`-${SESSION}`, `-${ACTIVITY}`, `-${BOUND}`])
    device.instructions = instructions
    expect(await (await device.refresh()).json()).toEqual({ continue: false })
  })

  it('in a stream the age of its proof goes on, though only marks end it', async () => {
    const { device, manager, clock } = setUpBinding()
    await device.signIn()
    const session = await manager.load(device.visitor.request())
    await manager.commit(session, new Response())
    clock.pass(LIFETIME)
    await session.recheck()
    expect([session.subject, session.proofAge]).toEqual(['ada', LIFETIME])
    await manager.revokeSubject('ada')
    await session.recheck()
    expect(session.ended).toBe('revoked')
  })

  it('a sign-out ends it also after it has idled out, while its proof counts', async () => {
    const { device, clock, list, anotherManager } = setUpBinding({ idleTimeout: 300 })
    await device.signIn()
    const sid = await device.see((session) => session.family ?? '')
    clock.pass(300)
    await new Visitor(anotherManager(), clock, device.visitor.jar).visit(async (session) => {
      expect(who(session)).toBe('idle')
      await session.destroy()
    })
    expect(await list.read([{ scope: 'session', sid }])).toEqual([clock()])
  })

  it('a sign-out ends a session that is not bound, also after it has idled out', async () => {
    const { visitor, clock, list } = setUpBinding()
    await visitor.visit((session) => session.signIn('ada'))
    const sid = await visitor.see((session) => session.family ?? '')
    clock.pass(1_800)
    await visitor.visit((session) => session.destroy())
    expect(await list.read([{ scope: 'session', sid }])).toEqual([clock()])
  })

  it.each(['revokeSubject', 'revokeAll'] as const)('%s ends it, and its proofs', async (call) => {
    const { device, manager, clock } = setUpBinding()
    await device.signIn()
    clock.pass(1)
    await (call === 'revokeAll' ? manager.revokeAll() : manager.revokeSubject('ada'))
    expect(await device.see(who)).toBe('revoked')
    clock.pass(LIFETIME)
    // The device asks first, is told that the session is over, and the page learns why.
    expect(await device.see(who)).toBe('revoked')
    expect(device.instructions).toBeUndefined()
  })

  it('is over for a device that comes without cookies, too', async () => {
    const { device, manager, clock } = setUpBinding()
    await device.signIn()
    await manager.revokeSession((await device.see((session) => session.family)) ?? '')
    clock.pass(LIFETIME)
    device.isFromElsewhere = true
    expect(await (await device.refresh()).json()).toEqual({ continue: false })
  })

  it.each([
    ['idle', 1_800],
    ['absolute', 43_200],
  ] as const)('%s: the browser forgets the key', async (ended, seconds) => {
    const { device, clock } = setUpBinding({ idleTimeout: Math.min(seconds, 1_800) })
    if (ended === 'absolute') {
      const site = setUpBinding({ idleTimeout: 43_200 })
      await site.device.signIn()
      site.clock.pass(seconds)
      expect(await (await site.device.refresh()).json()).toEqual({ continue: false })
      return
    }
    await device.signIn()
    clock.pass(seconds)
    expect(await (await device.refresh()).json()).toEqual({ continue: false })
  })

  it('a proof is no activity', async () => {
    const { device, clock } = setUpBinding()
    await device.signIn()
    const { lastActivityAt } = await device.see(({ lastActivityAt }) => ({ lastActivityAt }))
    clock.pass(LIFETIME)
    await device.refresh()
    const seen = await device.visitor.see((session) => {
      session.skipTouch()
      return session.lastActivityAt
    })
    expect(seen).toEqual(lastActivityAt)
  })

  it.each(['regenerate', 'signOutOthers'] as const)('%s keeps the proof', async (work) => {
    const { device, clock } = setUpBinding()
    await device.signIn()
    const bound = await device.see((session) => session.bound)
    clock.pass(1)
    await device.visit((session) => session[work]())
    const { lastProof } = device
    expect(await device.see((session) => session.bound)).toEqual(bound)
    expect(device.lastProof).toBe(lastProof)
    clock.pass(LIFETIME)
    expect(await device.see(who)).toBe('ada')
  })

  it.each(['regenerate', 'signOutOthers'] as const)(
    'a proof that is under way during %s, with the cookies from before, counts',
    async (work) => {
      const { device, clock, another } = setUpBinding()
      await device.signIn()
      clock.pass(1)
      const late = new Device(device.manager, device.visitor.copy())
      Object.assign(late, { key: device.key, instructions: device.instructions })
      await device.visit((session) => session[work]())
      const answer = await late.refresh()
      expect(await answer.json()).toMatchObject({ session_identifier: expect.any(String) })
      expect(answer.headers.getSetCookie()).toHaveLength(1)
      // The cookies from before are as dead as ever.
      expect(await late.see(who)).toBe('revoked')
      expect(await another().see(who)).toBeUndefined()
    },
  )

  it('somebody else signs in: a key of their own, and the earlier one is forgotten', async () => {
    const { device, clock } = setUpBinding()
    await device.signIn('ada')
    const adas = { key: device.key, instructions: device.instructions }
    clock.pass(1)
    const answer = await device.visit(async (session) => {
      expect(session.bound).toBeDefined()
      await session.signIn('grace')
      expect([session.bound, session.proofAge]).toEqual([undefined, undefined])
    })
    expect(cookiesSet(answer)).toContain(`-${BOUND}`)
    expect(await device.see(who)).toBe('grace')
    expect(await device.see(({ bound }) => bound)).toEqual(new Date(clock()))
    expect(device.key).not.toBe(adas.key)
    const old = new Device(device.manager, device.visitor)
    Object.assign(old, adas)
    expect(await (await old.refresh()).json()).toEqual({ continue: false })
    expect(await device.see(({ subject, bound }) => [subject, bound !== undefined])).toEqual([
      'grace',
      true,
    ])
  })

  it('a late proof of the earlier session does not stand in the way of the new one', async () => {
    const { device } = setUpBinding()
    await device.signIn('ada')
    const late = device.visitor.jar.get(BOUND)
    await device.visit((session) => session.signIn('grace'))
    device.visitor.jar.set(`${BOUND}=${late}; Path=/; Secure; HttpOnly`, 'https://site.example')
    // Not proved by it, and cleared, so that the browser proves the new session.
    expect(cookiesSet(await device.visit())).toContain(`-${BOUND}`)
    expect(await device.see(({ subject, bound }) => [subject, bound !== undefined])).toEqual([
      'grace',
      true,
    ])
  })

  it('remembered, the browser restarts and proves again', async () => {
    const { device, clock } = setUpBinding()
    await device.signIn('ada', { remember: true })
    device.visitor.jar.close()
    clock.pass(86_400)
    expect(await device.see(who)).toBe('ada')
    device.visitor.jar.close()
    expect(await device.see(who)).toBe('ada')
  })

  it('a browser that lost its cookies keeps its key, and proves without gain', async () => {
    const { device } = setUpBinding()
    await device.signIn('ada')
    device.visitor.jar.close()
    device.visitor.jar.clear()
    expect((await device.refresh()).status).toBe(200)
    expect(await device.see(who)).toBeUndefined()
  })

  it('an earlier session is bound at its next sign-in, never while it lives', async () => {
    const { keys, list, clock, device } = setUpBinding()
    const { setUp } = await import('../kit/visitor.ts')
    const before = setUp({ keys, revocationList: list, now: clock })
    await before.visitor.visit((session) => session.signIn('ada'))
    device.visitor.jar.replaceBy(before.visitor.jar)
    for (let hour = 0; hour < 3; hour++) {
      expect(await device.see(({ subject, bound }) => [subject, bound])).toEqual(['ada', undefined])
      clock.pass(1_000)
    }
    await device.signIn('ada')
    expect(await device.see(({ bound }) => bound !== undefined)).toBe(true)
  })

  it('goes on when binding is switched off, and needs a proof again when it is switched on', async () => {
    const { keys, list, clock, device, anotherManager } = setUpBinding()
    await device.signIn('ada')
    const { setUp } = await import('../kit/visitor.ts')
    const { manager } = setUp({ keys, revocationList: list, now: clock })
    clock.pass(LIFETIME)
    const off = new Visitor(manager, clock, device.visitor.jar)
    expect(await off.see(who)).toBe('ada')
    clock.pass(1)
    const copy = device.visitor.copy(anotherManager())
    expect(await copy.see(who)).toBe('unbound')
    expect(await device.see(who)).toBe('ada')
  })
})

/** The cookies in other hands, which keep them for as long as they like. */
function stolen(device: Device, manager = device.manager): Visitor {
  const jar = new CookieJar(() => 0)
  jar.replaceBy(device.visitor.jar)
  return new Visitor(manager, () => 0, jar)
}

/** A visitor with some of the cookies. */
function only(visitor: Visitor, names: readonly string[]): Visitor {
  for (const name of visitor.jar.names()) {
    if (!names.includes(name))
      visitor.jar.set(`${name}=; Max-Age=0; Path=/; Secure; HttpOnly`, 'https://site.example')
  }
  expect(visitor.jar.names().sort()).toEqual([...names].sort())
  return visitor
}

/** A list that notes what it is asked and told. */
function recording(reads: string[], writes: unknown[] = []) {
  const marks = new Map<string, number>()
  return {
    async read(targets: readonly RevocationTarget[]) {
      reads.push(...targets.map(targetName))
      return targets.map((target) => marks.get(targetName(target)))
    },
    async write(target: RevocationTarget, mark: number, seconds: number) {
      writes.push([targetName(target), mark, seconds])
      marks.set(targetName(target), mark)
    },
  }
}
