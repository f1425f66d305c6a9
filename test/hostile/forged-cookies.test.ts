/** Session cookies and activity cookies that nobody sealed, or that are not used as they were sealed. */

import { describe, expect, it } from 'vitest'
import { generateKey, type SessionManager } from '../../src/index.ts'
import { ACTIVITY, SESSION, setUp, Visitor } from '../kit/visitor.ts'
import { countCrypto, look, requestReading, requestWith } from './attack.ts'
import {
  ANY,
  damaged,
  type Forgery,
  fromElsewhere,
  otherAlgorithms,
  otherHeaders,
} from './forgeries.ts'
import { noSessions, strangeSessions } from './payloads.ts'
import {
  ACTIVITY_USE,
  goodClaims,
  held,
  MINUTE,
  outcomeOf,
  SESSION_USE,
  site,
  strangerTo,
  subjectSeen,
  tally,
  tryAsSession,
} from './site.ts'
import { hourOf, type Place, sealAt } from './wire.ts'
import './setup.ts'

describe('a session cookie', () => {
  it('is refused when a good one was damaged in any part', async () => {
    const { manager, ada, bob, guest } = await site()
    await tryAsSession(manager, damaged(ada.session, bob.session), ada.activity)
    await tryAsSession(manager, damaged(bob.session, ada.session), bob.activity)
    await tryAsSession(manager, damaged(guest.session, ada.session), guest.activity)
    expect(tally.findings).toEqual([])
  })

  it('is refused under any header but ours, though sealed with the right key', async () => {
    const { manager, at, clock, ada } = await site()
    const payload = JSON.stringify(goodClaims(clock()))
    await tryAsSession(manager, await otherHeaders(at(SESSION_USE), payload), ada.activity)
    await tryAsSession(manager, await otherAlgorithms(at(SESSION_USE), payload), ada.activity)
    expect(tally.findings).toEqual([])
  })

  it('is refused when it was sealed for another use, with another key or at another time', async () => {
    const { manager, at, clock, ada } = await site()
    const uses: readonly Place['use'][] = [
      ACTIVITY_USE,
      { kind: 'cookie', name: 'session' },
      { kind: 'cookie', name: SESSION.toLowerCase() },
      { kind: 'cookie', name: '' },
      { kind: 'seal', name: SESSION },
      { kind: 'seal', name: 'session' },
    ]
    const strange = { key: generateKey(), uses, life: 30 * 24 }
    const payload = JSON.stringify(goodClaims(clock()))
    await tryAsSession(
      manager,
      await fromElsewhere(at(SESSION_USE), payload, strange),
      ada.activity,
    )
    expect(tally.findings).toEqual([])
  })

  it('opens when the same forger seals it for this use, this hour or the next', async () => {
    const { manager, at, clock } = await site()
    const payload = JSON.stringify(goodClaims(clock()))
    for (const ahead of [0, 1]) {
      const place = at(SESSION_USE)
      const token = await sealAt({ ...place, hour: place.hour + ahead }, payload)
      expect(await subjectSeen(manager, `${SESSION}=${token}`)).toBe('ada')
    }
  })

  it('is refused when its claims are not of our form, or from the future', async () => {
    const { manager, at, clock, ada } = await site()
    const ahead = clock() / 1000 + 61
    const forgeries: Forgery[] = []
    for (const [name, payload] of noSessions(goodClaims(clock()), ahead)) {
      const token = await sealAt(at(SESSION_USE), payload)
      forgeries.push({ name, token, refusals: ['invalid'] })
    }
    const noUtf8 = await sealAt(at(SESSION_USE), new Uint8Array([0xff, 0xfe, 0x7b]))
    forgeries.push({ name: 'no UTF-8', token: noUtf8, refusals: ['invalid'] })
    await tryAsSession(manager, forgeries, ada.activity)
    expect(tally.findings).toEqual([])
  })

  it('means no more than its claims, for any payload of our form', async () => {
    const { manager, at, clock } = await site()
    for (const [name, payload] of strangeSessions(goodClaims(clock()))) {
      const cookie = `${SESSION}=${await sealAt(at(SESSION_USE), payload)}`
      const { session } = await look(manager, requestWith(cookie))
      const says = JSON.parse(payload.replace('\ufeff', ''))
      expect(session, name).toMatchObject({ sid: says.sid, subject: says.sub, remembered: false })
      expect(JSON.stringify(session.data), name).toBe(JSON.stringify(says.d))
      expect(Object.getPrototypeOf(session.data), name).toBe(Object.prototype)
      expect(Object.hasOwn(Object.prototype, 'admin'), name).toBe(false)
    }
  })

  it('is loaded however deep its data is', async () => {
    const { manager, at, clock } = await site()
    const data = `{"a":${'['.repeat(1_300)}${']'.repeat(1_300)}}`
    const payload = JSON.stringify({ ...goodClaims(clock()), d: 0 }).replace('"d":0', `"d":${data}`)
    const token = await sealAt(at(SESSION_USE), payload)
    const session = await manager.load(requestWith(`${SESSION}=${token}`))
    expect(JSON.stringify(session.data)).toBe(data)
  })

  it('fits a browser: 4,096 bytes of name and value open, 4,097 do not', async () => {
    const name = '__Host-Http-visit'
    const { clock, manager, keys } = setUp({ cookie: { name } })
    const place = { key: keys, use: { kind: 'cookie', name }, hour: hourOf(clock()) } as const
    const cookieOf = async (bytes: number) => {
      const filled = (filler: string) =>
        sealAt(place, JSON.stringify({ ...goodClaims(clock()), d: { filler } }))
      // Three bytes of payload are four characters of token.
      const short = name.length + (await filled('')).length
      const token = await filled('x'.repeat(Math.floor(((bytes - short) * 3) / 4)))
      expect(name.length + token.length).toBe(bytes)
      return `${name}=${token}`
    }
    expect(await subjectSeen(manager, await cookieOf(4_096))).toBe('ada')
    const { ended } = await look(manager, requestWith(await cookieOf(4_097)))
    expect(ended).toBe('malformed')
  })

  it('is not decrypted when it is too long, however long', async () => {
    const { manager, at, clock } = await site()
    const claims = { ...goodClaims(clock()), d: { filler: 'x'.repeat(1_000_000) } }
    const cookie = `${SESSION}=${await sealAt(at(SESSION_USE), JSON.stringify(claims))}`
    const calls = await countCrypto(async () => {
      expect((await look(manager, requestWith(cookie))).ended).toBe('malformed')
    })
    expect(calls).toEqual({})
  })
})

describe('an activity cookie', () => {
  /** A session that only its activity cookie keeps from being idle. */
  async function kept() {
    const { clock, keys, manager, visitor } = setUp()
    await visitor.visit((session) => session.signIn('ada'))
    const early = held(visitor)
    clock.pass(20 * MINUTE)
    await visitor.visit()
    const other = new Visitor(manager, clock)
    await other.visit((session) => session.signIn('bob'))
    clock.pass(20 * MINUTE)
    const at = (use: Place['use']): Place => ({ key: keys, use, hour: hourOf(clock()) })
    return { clock, manager, at, early, ada: held(visitor), bob: held(other) }
  }

  async function tryAsActivity(
    manager: SessionManager,
    session: string,
    forgeries: readonly Forgery[],
  ): Promise<void> {
    const stranger = await strangerTo(manager)
    for (const { name, token } of forgeries) {
      await tally.try(`activity cookie: ${name}`, ['idle'], async () => {
        const header = `${SESSION}=${session}; ${ACTIVITY}=${token}`
        return outcomeOf(await look(manager, requestReading(header)), stranger)
      })
    }
  }

  it('keeps a session alive when it is good', async () => {
    const { manager, ada } = await kept()
    const cookie = `${SESSION}=${ada.session}; ${ACTIVITY}=${ada.activity}`
    expect(await subjectSeen(manager, cookie)).toBe('ada')
    expect((await look(manager, requestWith(`${SESSION}=${ada.session}`))).ended).toBe('idle')
  })

  it('counts for nothing when it was damaged, forged or sealed elsewhere', async () => {
    const { manager, at, clock, ada, bob } = await kept()
    const payload = JSON.stringify({ sid: await sidOf(ada), act: clock() / 1000 })
    const place = at(ACTIVITY_USE)
    const uses = [SESSION_USE, { kind: 'seal', name: 'session' }] as const
    const strange = { key: generateKey(), uses, life: 30 * 24 }
    await tryAsActivity(manager, ada.session, [
      ...damaged(ada.activity, bob.activity),
      ...(await otherHeaders(place, payload)),
      ...(await otherAlgorithms(place, payload)),
      ...(await fromElsewhere(place, payload, strange)),
    ])
    expect(tally.findings).toEqual([])
    async function sidOf({ session, activity }: typeof ada) {
      const cookie = `${SESSION}=${session}; ${ACTIVITY}=${activity}`
      return (await look(manager, requestWith(cookie))).session.sid
    }
  })

  it("counts for nothing when it is another session's, from the future, or no activity cookie", async () => {
    const { manager, at, clock, ada, bob, early } = await kept()
    const now = clock() / 1000
    const cookie = `${SESSION}=${ada.session}; ${ACTIVITY}=${ada.activity}`
    const { sid } = (await look(manager, requestWith(cookie))).session
    const claims: readonly (readonly [string, unknown])[] = [
      ['of an unknown sid', { sid: 'A'.repeat(22), act: now }],
      ['without a sid', { act: now }],
      ['with a sid in an array', { sid: [sid], act: now }],
      ['active in the future', { sid, act: now + 61 }],
      ['active at the end of time', { sid, act: 1e300 }],
      ['checked in the future', { sid, act: now, chk: now + 61 }],
      ['with a check that is no instant', { sid, act: now, chk: 'now' }],
      ['with no check said aloud', { sid, act: now, chk: null }],
      ['with activity that is no instant', { sid, act: String(now) }],
      ['without activity', { sid }],
      ['null', null],
      ['an array', [{ sid, act: now }]],
    ]
    const sealed = claims.map(async ([name, payload]) => ({
      name,
      token: await sealAt(at(ACTIVITY_USE), JSON.stringify(payload)),
      refusals: ANY,
    }))
    await tryAsActivity(manager, ada.session, [
      ...(await Promise.all(sealed)),
      { name: "another session's", token: bob.activity, refusals: ANY },
      { name: 'the session cookie', token: ada.session, refusals: ANY },
      { name: "another session's session cookie", token: bob.session, refusals: ANY },
      { name: 'an earlier one', token: early.activity, refusals: ANY },
    ])
    expect(tally.findings).toEqual([])
    const properly = await sealAt(
      at(ACTIVITY_USE),
      JSON.stringify({ sid, act: now + 60, chk: now + 60 }),
    )
    expect(await subjectSeen(manager, `${SESSION}=${ada.session}; ${ACTIVITY}=${properly}`)).toBe(
      'ada',
    )
  })

  it('is not a session, alone or in the place of one', async () => {
    const { manager, ada, bob } = await kept()
    const invalid = {
      name: 'the activity cookie',
      token: ada.activity,
      refusals: ['invalid'],
    } as const
    await tryAsSession(manager, [invalid], ada.activity)
    await tryAsSession(manager, [invalid], ada.session)
    await tryAsSession(manager, [{ ...invalid, token: bob.activity }], ada.session)
    expect(tally.findings).toEqual([])
    const alone = await look(manager, requestWith(`${ACTIVITY}=${ada.activity}`))
    expect([alone.ended, alone.session.sid]).toEqual([undefined, undefined])
  })
})
