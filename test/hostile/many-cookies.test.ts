/** Several cookies of one name: which counts, and what they may cost. */

import { describe, expect, it, vi } from 'vitest'
import { createSessionManager } from '../../src/index.ts'
import { ACTIVITY, SESSION, setUp, Visitor } from '../kit/visitor.ts'
import { countCrypto, look, requestWith } from './attack.ts'
import { ANY, damaged } from './forgeries.ts'
import { ACTIVITY_USE, held, MINUTE, SESSION_USE, site, subjectSeen } from './site.ts'
import { encode, headerFor, kidOf, type Place } from './wire.ts'
import './setup.ts'

describe('several cookies of one name', () => {
  const cookies = (...tokens: string[]) => tokens.map((token) => `${SESSION}=${token}`).join('; ')

  it('leave the good one its session, with junk before and after', async () => {
    const { manager, ada, bob } = await site()
    const junk = ['', 'junk', '"', ada.session.slice(1), `${bob.session}x`, 'a.b.c.d.e', '....']
    for (const one of junk) {
      expect(await subjectSeen(manager, cookies(one, ada.session)), one).toBe('ada')
      expect(await subjectSeen(manager, cookies(ada.session, one)), one).toBe('ada')
    }
    expect(await subjectSeen(manager, cookies(...junk, ada.session, ...junk))).toBe('ada')
  })

  it('leave the live one its session, with expired ones before and after', async () => {
    const { manager, clock, ada, bob } = await site()
    clock.pass(30 * MINUTE)
    // Ada is idle, Bob is remembered.
    for (const header of [cookies(ada.session, bob.session), cookies(bob.session, ada.session)]) {
      const { ended, session } = await look(manager, requestWith(header))
      expect([ended, session.subject]).toEqual([undefined, 'bob'])
    }
  })

  it('give the newer of two live sessions, whichever comes first or was used last', async () => {
    const { clock, manager, visitor: ada } = setUp()
    const bob = new Visitor(manager, clock)
    for (const [visitor, subject] of [[ada, 'ada'] as const, [bob, 'bob'] as const]) {
      await visitor.visit((session) => session.signIn(subject))
      clock.pass(1)
    }
    await ada.visit((session) => {
      session.data.theme = 'dark'
    })
    const [one, two] = [held(ada).session, held(bob).session]
    expect(await subjectSeen(manager, cookies(one, two))).toBe('bob')
    expect(await subjectSeen(manager, cookies(two, one))).toBe('bob')
  })

  it('give the latest seal of one session, whichever comes first', async () => {
    const { clock, manager, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    const before = held(visitor).session
    clock.pass(1)
    await visitor.visit((session) => {
      session.data.theme = 'dark'
    })
    const after = held(visitor).session
    for (const header of [cookies(before, after), cookies(after, before)]) {
      const { session } = await look(manager, requestWith(header))
      expect(session.data).toEqual({ theme: 'dark' })
    }
  })

  it('take the activity of their own session, and no other', async () => {
    const { clock, manager, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    const early = held(visitor)
    const bob = new Visitor(manager, clock)
    clock.pass(25 * MINUTE)
    await visitor.visit()
    await bob.visit((session) => session.signIn('bob'))
    clock.pass(20 * MINUTE)
    const activities = [early.activity, 'junk', held(bob).activity, held(visitor).activity]
    for (const order of [activities, activities.toReversed()]) {
      const header = [cookies(early.session), ...order.map((token) => `${ACTIVITY}=${token}`)]
      expect(await subjectSeen(manager, header.join('; '))).toBe('ada')
    }
  })

  it('ask the revocation list about the winner only, and end with it', async () => {
    const { clock, keys, list, ada, bob } = await site()
    const asked: unknown[] = []
    const counting = {
      read: (targets: Parameters<typeof list.read>[0]) => {
        asked.push(...targets)
        return list.read(targets)
      },
      write: list.write,
    }
    const manager = createSessionManager({ keys, revocationList: counting, now: clock })
    await manager.revokeSubject('bob')
    const { ended, session } = await look(manager, requestWith(cookies(ada.session, bob.session)))
    expect([ended, session.subject]).toEqual(['revoked', undefined])
    expect(JSON.stringify(asked)).not.toContain('ada')
  })

  it('are opened up to eight, from either end of the header', async () => {
    const { at, ada, keys, list, clock } = await site()
    vi.resetModules()
    const { createSessionManager: create } = await import('../../src/index.ts')
    const manager = create({ keys, revocationList: list, now: clock })
    const [forged, others] = [
      await candidates(at(SESSION_USE), 8),
      await candidates(at(SESSION_USE), 8),
    ]
    const header = cookies(...forged, ada.session, ...others)
    const between = await look(manager, requestWith(header))
    expect([between.ended, between.session.sid]).toEqual(['invalid', undefined])
    expect(await subjectSeen(manager, cookies(ada.session, ...forged))).toBe('ada')
    vi.resetModules()
    const fresh = await import('../../src/index.ts')
    const elsewhere = fresh.createSessionManager({ keys, revocationList: list, now: clock })
    expect(await subjectSeen(elsewhere, cookies(...forged, ada.session))).toBe('ada')
  })

  it('do not hide one that this isolate remembers, at any position', async () => {
    const { manager, at, ada } = await site()
    const forged = await candidates(at(SESSION_USE), 40)
    const header = cookies(...forged.slice(20), ada.session, ...forged.slice(0, 20))
    const calls = await countCrypto(async () => {
      expect(await subjectSeen(manager, header)).toBe('ada')
    })
    expect(calls.decrypt).toBe(8)
  })

  it('count once when they repeat, and not at all when their header is not ours', async () => {
    const { manager, at, ada } = await site()
    const [forged = ''] = await candidates(at(SESSION_USE), 1)
    const others = damaged(ada.session, ada.activity).filter(({ refusals }) => refusals !== ANY)
    const junk = [...Array(500).fill(forged), ...others.map(({ token }) => token)]
    expect(await subjectSeen(manager, cookies(...junk, ada.session))).toBe('ada')
  })

  it('cost a bounded number of crypto operations, however many are forged', async () => {
    const { manager, at, ada } = await site()
    const hours = (use: Place['use'], count: number) =>
      Promise.all(
        Array.from({ length: count }, async (_, back) => {
          const place = at(use)
          const [forged = ''] = await candidates({ ...place, hour: place.hour - back }, 1)
          return forged
        }),
      )
    const sessions = await hours(SESSION_USE, 500)
    const activities = await hours(ACTIVITY_USE, 500)
    const header = [
      cookies(ada.session, ...sessions),
      ...activities.map((token) => `${ACTIVITY}=${token}`),
    ].join('; ')
    const calls = await countCrypto(async () => {
      const sight = await look(manager, requestWith(header))
      expect(sight.session.subject).toBe('ada')
    })
    // Eight of each name, and one seal for the answer; every candidate may need a key of its own.
    const { decrypt = 0, deriveKey = 0, encrypt = 0, ...others } = calls
    expect(decrypt).toBeLessThanOrEqual(16)
    expect(decrypt).toBeGreaterThan(8)
    expect(deriveKey).toBeLessThanOrEqual(16)
    expect(encrypt).toBeLessThanOrEqual(1)
    expect(others).toEqual({})

    const again = await countCrypto(() => look(manager, requestWith(cookies(...sessions))))
    expect(again).toEqual({ decrypt: 8 })
  })

  it('cost no crypto operation when no key, hour or form is ours', async () => {
    const { manager, at } = await site()
    const place = at(SESSION_USE)
    const [forged = ''] = await candidates(place, 1)
    const [, ...parts] = forged.split('.')
    const kids = Array.from({ length: 300 }, (_, index) => [
      `${String(index).padStart(8, 'A')}.${place.hour}`,
      `${'ABCDEFGH'}.${place.hour - 10_000 - index}`,
      `${'ABCDEFGH'}.${place.hour + 2 + index}`,
    ]).flat()
    const tokens = kids.map((kid) => [encode(headerFor(kid)), ...parts].join('.'))
    const calls = await countCrypto(() => look(manager, requestWith(cookies(...tokens))))
    expect(calls).toEqual({})
  })

  /** Tokens of perfect form under our kid, that nobody sealed. */
  async function candidates(place: Place, count: number): Promise<string[]> {
    const random = (bytes: number) => encode(crypto.getRandomValues(new Uint8Array(bytes)))
    const header = encode(headerFor(await kidOf(place)))
    return Array.from(
      { length: count },
      () => `${header}..${random(12)}.${random(90)}.${random(16)}`,
    )
  }
})
