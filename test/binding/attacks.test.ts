/** What a thief can send to the two routes, and what comes of it. */

import { SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { memoryRevocationList, type RevocationList, seal } from '../../src/index.ts'
import { SESSION, setUp, testClock, Visitor } from '../kit/visitor.ts'
import {
  BOUND,
  Device,
  type Key,
  LIFETIME,
  makeKey,
  prove,
  readChallenge,
  readOffer,
  setUpBinding,
} from './device.ts'

const REGISTER = '/session/register'
const REFRESH = '/session/refresh'

/** A device whose session is bound, with what its requests are made of. */
async function setUpBound(options: Parameters<typeof setUpBinding>[0] = {}) {
  const site = setUpBinding(options)
  await site.device.signIn()
  const { key, instructions } = site.device
  if (key === undefined || instructions === undefined) throw new Error('not bound')
  return { ...site, key, id: instructions.session_identifier }
}

/** A refresh with any id and proof. */
const refresh = (device: Device, id: string, proof?: string): Promise<Response> =>
  device.send(REFRESH, {
    'Sec-Secure-Session-Id': id,
    ...(proof === undefined ? {} : { 'Secure-Session-Response': proof }),
  })

const register = (device: Device, proof: string): Promise<Response> =>
  device.send(REGISTER, { 'Secure-Session-Response': proof })

/** No proof was accepted, and the browser is asked for one. */
async function expectAskedAgain(answer: Response): Promise<void> {
  expect(answer.status).toBe(403)
  expect(answer.headers.getSetCookie()).toEqual([])
  expect(readChallenge(answer)).not.toBe('')
}

/** The browser is told to forget. */
async function expectFinished(answer: Response): Promise<void> {
  expect(answer.status).toBe(200)
  expect(answer.headers.getSetCookie()).toEqual([])
  expect(await answer.json()).toEqual({ continue: false })
}

describe('a refresh', () => {
  it('without a proof gets a challenge for its session', async () => {
    const { device, id } = await setUpBound()
    const answer = await refresh(device, id)
    await expectAskedAgain(answer)
    expect(answer.headers.get('Secure-Session-Challenge')).toMatch(`";id="${id}"`)
    expect(answer.headers.get('Cache-Control')).toBe('no-store')
  })

  it.each([
    ['as browsers send it', (text: string) => text],
    ['as the draft says', (text: string) => `"${text}"`],
  ])('takes its header fields %s', async (_, quoted) => {
    const { device, id, key } = await setUpBound()
    const challenge = readChallenge(await refresh(device, quoted(id)))
    const answer = await refresh(device, quoted(id), quoted(await prove(key, challenge)))
    expect(answer.headers.getSetCookie()).toHaveLength(1)
  })

  it('replayed within 15 s gives the same expiry, and later nothing', async () => {
    const { device, id, key, clock, anotherManager } = await setUpBound()
    const challenged = clock()
    const proof = await prove(key, readChallenge(await refresh(device, id)))
    clock.pass(2)
    const first = await refresh(device, id, proof)
    clock.pass(12.999)
    const thief = new Device(anotherManager(), new Visitor(device.manager, clock))
    const replayed = await refresh(thief, id, proof)
    const expiry = (answer: Response, at: number) => {
      const [, maxAge] = /Max-Age=(\d+)/.exec(answer.headers.getSetCookie()[0] ?? '') ?? []
      return at + Number(maxAge) * 1000
    }
    expect(expiry(first, 2_000)).toBe(580_000)
    expect(Math.abs(expiry(replayed, 14_999) - 580_000)).toBeLessThan(1_000)
    clock.pass(0.001)
    await expectAskedAgain(await refresh(thief, id, proof))
    // Whatever the browser says, the server counts from the challenge.
    const copy = device.visitor.copy()
    const bound = replayed.headers.getSetCookie()[0]?.split(';')[0]
    copy.jar.set(`${bound}; Path=/; Secure; HttpOnly`, 'https://site.example')
    clock.pass(LIFETIME - (clock() - challenged) / 1000 - 0.001)
    expect(await copy.see(({ subject }) => subject)).toBe('ada')
    clock.pass(0.001)
    expect(await copy.see(({ ended }) => ended)).toBe('unbound')
  })

  it('with the challenge of another session is refused', async () => {
    const { device, id, key, another } = await setUpBound()
    const other = another()
    await other.signIn('grace')
    const theirs = other.instructions?.session_identifier ?? ''
    const challenge = readChallenge(await refresh(other, theirs))
    await expectAskedAgain(await refresh(device, id, await prove(key, challenge)))
  })

  it('with the offer of its own session in place of a challenge is refused', async () => {
    const { device } = setUpBinding()
    const offer = readOffer(await device.visit((session) => session.signIn('ada')))
    const { key, instructions } = device
    const proof = await prove(key as Key, offer?.challenge ?? '')
    await expectAskedAgain(await refresh(device, instructions?.session_identifier ?? '', proof))
  })

  it.each<[string, (key: Key, challenge: string, jwk: Key['jwk']) => Promise<string>]>([
    ['another key', async (_, challenge) => prove(await makeKey(), challenge)],
    [
      'another key that it brings along',
      async (_, challenge) => {
        const own = await makeKey()
        return prove(own, challenge, { header: { jwk: own.jwk } })
      },
    ],
    ['another typ', (key, challenge) => prove(key, challenge, { header: { typ: 'jwt' } })],
    ['no typ', (key, challenge) => prove(key, challenge, { header: { typ: undefined } })],
    ['no algorithm', async (_, challenge) => new UnsecuredJWT({ jti: challenge }).encode()],
    [
      'the public key as the secret of an HMAC',
      async (key, challenge) =>
        new SignJWT({ jti: challenge })
          .setProtectedHeader({ alg: 'HS256', typ: 'dbsc+jwt' })
          .sign(new TextEncoder().encode(JSON.stringify(key.jwk))),
    ],
    [
      'a damaged signature',
      async (key, challenge) => {
        const proof = await prove(key, challenge)
        const at = proof.length - 10
        return `${proof.slice(0, at)}${proof[at] === 'A' ? 'B' : 'A'}${proof.slice(at + 1)}`
      },
    ],
    [
      'a damaged payload',
      async (key, challenge) => {
        const [header, , signature] = (await prove(key, challenge)).split('.')
        return `${header}.${btoa('{"jti":"x"}').replaceAll('=', '')}.${signature}`
      },
    ],
    ['no challenge', (key) => prove(key, '', { payload: { jti: undefined } })],
    ['a challenge that is no text', (key) => prove(key, '', { payload: { jti: { a: 1 } } })],
    ['a forged challenge', (key) => prove(key, 'eyJhbGciOiJkaXIifQ..AAAA.AAAA.AAAA')],
    ['nonsense', async () => 'nonsense'],
    ['nothing', async () => ''],
    ['a megabyte', async () => 'A'.repeat(1_000_000)],
  ])('with a proof by %s is refused, and the browser keeps its key', async (_, forge) => {
    const { device, id, key } = await setUpBound()
    const challenge = readChallenge(await refresh(device, id))
    await expectAskedAgain(await refresh(device, id, await forge(key, challenge, key.jwk)))
    // The key still proves.
    const good = await refresh(device, id, await prove(key, challenge))
    expect(good.headers.getSetCookie()).toHaveLength(1)
  })

  it.each<[string, (id: string) => string | Promise<string>]>([
    ['none', () => ''],
    ['nonsense', () => 'nonsense'],
    ['a damaged one', (id) => `${id.slice(0, -8)}AAAAAAAA`],
    [
      'a session cookie',
      async () => {
        const { device } = await setUpBound()
        return device.visitor.jar.get(SESSION) ?? ''
      },
    ],
    ['one under other keys', async () => (await setUpBound()).id],
  ])('with %s as its identifier makes the browser forget it', async (_, forge) => {
    const { device, id } = await setUpBound()
    await expectFinished(await refresh(device, await forge(id)))
  })

  it('with an identifier that the app sealed for itself is refused', async () => {
    const { device, keys } = await setUpBound()
    const claims = { fam: 'A'.repeat(22), reg: 0, lim: 1e9, x: 'A'.repeat(43), y: 'A'.repeat(43) }
    const own = await seal(claims, { keys, purpose: 'device', ttl: 60 })
    await expectFinished(await refresh(device, own))
  })

  it.each([
    [43_199, 403],
    [43_200, 200],
    [43_201, 200],
  ])('with an identifier %i s after the sign-in: %i', async (seconds, status) => {
    const { device, id, clock } = await setUpBound({ idleTimeout: 43_200 })
    device.isFromElsewhere = true
    clock.pass(seconds)
    expect((await refresh(device, id)).status).toBe(status)
  })

  it.each([
    [14.999, 1],
    [15, 0],
    [15.001, 0],
  ])('with a proof %d s after the challenge sets %i cookies', async (seconds, count) => {
    const { device, id, key, clock } = await setUpBound()
    const proof = await prove(key, readChallenge(await refresh(device, id)))
    clock.pass(seconds)
    expect((await refresh(device, id, proof)).headers.getSetCookie()).toHaveLength(count)
  })

  it('with cookies of another session that has ended makes the browser forget it', async () => {
    const { device, id, visitor, manager } = await setUpBound()
    await visitor.visit((session) => session.signIn('grace'))
    await manager.revokeSubject('grace')
    await expectFinished(await refresh(device, id))
  })

  it('never answers with what makes Chromium end the session', async () => {
    const { device, id, key, clock } = await setUpBound()
    const proof = await prove(key, readChallenge(await refresh(device, id)))
    clock.pass(60)
    const answers = [
      await refresh(device, id),
      await refresh(device, id, proof),
      await refresh(device, id, 'x'),
      await device.send(REFRESH, {}),
    ]
    for (const { status } of answers) expect([200, 403, 503]).toContain(status)
  })
})

describe('a registration', () => {
  /** A browser that has signed in and keeps the offer for later. */
  async function setUpOffered() {
    const site = setUpBinding()
    const answer = await site.visitor.visit((session) => session.signIn('ada'))
    const offer = readOffer(answer)?.challenge ?? ''
    const key = await makeKey()
    return { ...site, offer, key, proof: await prove(key, offer, { header: { jwk: key.jwk } }) }
  }

  it.each([
    [119.999, 200],
    [120, 403],
    [120.001, 403],
  ])('%d s after the sign-in: %i', async (seconds, status) => {
    const { device, clock, proof } = await setUpOffered()
    clock.pass(seconds)
    expect((await register(device, proof)).status).toBe(status)
  })

  it('works without any cookie, as after a sign-in on another site', async () => {
    const { device, offer, key } = await setUpOffered()
    device.isFromElsewhere = true
    const answer = await register(device, await prove(key, offer, { header: { jwk: key.jwk } }))
    device.key = key
    device.instructions = await answer.json()
    expect((await device.refresh()).headers.getSetCookie()).toHaveLength(1)
    device.isFromElsewhere = false
    expect(await device.see(({ bound }) => bound !== undefined)).toBe(true)
  })

  it('sets no cookie and marks nothing, so that a browser that refuses it is not locked out', async () => {
    const { device, visitor, list, proof } = await setUpOffered()
    const answer = await register(device, proof)
    expect(answer.headers.getSetCookie()).toEqual([])
    const family = (await visitor.see((session) => session.family)) ?? ''
    expect(await list.read([{ scope: 'bound', sid: family }])).toEqual([undefined])
    expect(await visitor.see(({ subject }) => subject)).toBe('ada')
  })

  it.each<[string, (key: Key, offer: string) => Promise<string>]>([
    ['no key', (key, offer) => prove(key, offer)],
    [
      'another key than the one that signed',
      async (key, offer) => prove(key, offer, { header: { jwk: (await makeKey()).jwk } }),
    ],
    [
      'a point that is not on the curve',
      (key, offer) => prove(key, offer, { header: { jwk: { ...key.jwk, y: key.jwk.x } } }),
    ],
    [
      'a coordinate in another spelling',
      (key, offer) => prove(key, offer, { header: { jwk: { ...key.jwk, x: `${key.jwk.x}=` } } }),
    ],
    ['a key that is no object', (key, offer) => prove(key, offer, { header: { jwk: 'key' } })],
    ['a forged offer', (key) => prove(key, 'x.y.z', { header: { jwk: key.jwk } })],
    ['nothing', async () => ''],
  ])('with %s is refused', async (_, forge) => {
    const { device, offer, key } = await setUpOffered()
    const answer = await register(device, await forge(key, offer))
    expect(answer.status).toBe(403)
    expect(await answer.text()).toBe('')
  })

  it('with a challenge of a refresh in place of the offer is refused', async () => {
    const { device, id } = await setUpBound()
    const challenge = readChallenge(await refresh(device, id))
    const thief = await makeKey()
    const proof = await prove(thief, challenge, { header: { jwk: thief.jwk } })
    expect((await register(device, proof)).status).toBe(403)
  })

  it('with cookies of somebody else by now is refused', async () => {
    const { device, visitor, proof } = await setUpOffered()
    await visitor.visit((session) => session.signIn('grace'))
    expect((await register(device, proof)).status).toBe(403)
  })

  it('with cookies of a session that has ended is refused', async () => {
    const { device, visitor, manager, proof } = await setUpOffered()
    await manager.revokeSubject('ada')
    expect(await visitor.see(({ ended }) => ended)).toBe('revoked')
    expect((await register(device, proof)).status).toBe(403)
  })

  it('replayed gives an identifier that only the same key can use, and not after the first', async () => {
    const { device, clock, key, proof, events } = await setUpOffered()
    device.key = key
    device.instructions = await (await register(device, proof)).json()
    await device.visit()
    clock.pass(1)
    const again = (await (await register(device, proof)).json()) as { session_identifier: string }
    const thief = await makeKey()
    const challenge = readChallenge(await refresh(device, again.session_identifier))
    await expectAskedAgain(
      await refresh(device, again.session_identifier, await prove(thief, challenge)),
    )
    await expectFinished(
      await refresh(device, again.session_identifier, await prove(key, challenge)),
    )
    expect(events).toEqual([{ type: 'bound' }, { type: 'second-key' }])
    expect(await device.see(({ bound }) => bound !== undefined)).toBe(true)
  })

  it('of a second key for a family that is bound comes to nothing, at any server', async () => {
    const { device, clock, offer, key, proof, events, anotherManager } = await setUpOffered()
    device.key = key
    device.instructions = await (await register(device, proof)).json()
    await device.visit()
    clock.pass(1)
    const thief = new Device(anotherManager(), device.visitor.copy(anotherManager()))
    await register(thief, 'x')
    const second = await makeKey()
    const registered = await register(
      thief,
      await prove(second, offer, { header: { jwk: second.jwk } }),
    )
    thief.key = second
    thief.instructions = await registered.json()
    await expectFinished(await thief.refresh())
    expect(events).toEqual([{ type: 'bound' }])
    clock.pass(LIFETIME)
    expect(await device.see(({ subject }) => subject)).toBe('ada')
  })

  it('of two keys at once binds exactly one', async () => {
    // Both find no mark before either writes one.
    const memory = memoryRevocationList({ now: testClock() })
    const waiting: (() => void)[] = []
    const revocationList: RevocationList = {
      async read(targets) {
        const marks = await memory.read(targets)
        if (targets.length === 2 && targets[1]?.scope === 'bound') {
          await new Promise<void>((resolve) => {
            if (waiting.push(resolve) === 2) for (const go of waiting) go()
          })
        }
        return marks
      },
      write: (...mark) => memory.write(...mark),
    }
    const { device, clock, another } = setUpBinding({ revocationList })
    const answer = await device.visitor.visit((session) => session.signIn('ada'))
    const offer = readOffer(answer)?.challenge ?? ''
    const rivals = [device, another()]
    for (const rival of rivals) {
      rival.visitor.jar.replaceBy(device.visitor.jar)
      const own = await makeKey()
      const proof = await prove(own, offer, { header: { jwk: own.jwk } })
      rival.key = own
      rival.instructions = await (await register(rival, proof)).json()
      clock.pass(0.001)
    }
    const answers = await Promise.all(rivals.map((rival) => rival.refresh()))
    const cookies = answers.map((one) => one.headers.getSetCookie().length)
    expect(cookies.sort()).toEqual([0, 1])
  })
})

describe('an offer', () => {
  it('is never made to a live session, so that a thief cannot bind it first', async () => {
    const { keys, list, clock, anotherManager } = setUpBinding()
    const before = setUp({ keys, revocationList: list, now: clock })
    await before.visitor.visit((session) => session.signIn('ada'))
    const thief = before.visitor.copy(anotherManager())
    for (const work of ['regenerate', 'signOutOthers', 'save'] as const) {
      const answer = await thief.visit((session) => session[work]())
      expect(readOffer(answer)).toBeUndefined()
    }
  })

  it('of another subject of the same browser does not bind the first', async () => {
    const { device, another } = setUpBinding()
    const eve = another()
    const answer = await eve.visit((session) => session.signIn('eve'))
    await device.signIn('ada')
    const key = await makeKey()
    const proof = await prove(key, readOffer(answer)?.challenge ?? '', { header: { jwk: key.jwk } })
    // In the browser of ada: her cookies say otherwise.
    expect((await register(device, proof)).status).toBe(403)
  })

  it('appears in no event, and neither do keys or proofs', async () => {
    const { device, history, key, id } = await setUpBound()
    await refresh(device, id, 'x')
    const text = JSON.stringify(history)
    for (const secret of [id, key.jwk.x, device.visitor.jar.get(BOUND), 'ada']) {
      expect(text).not.toContain(secret)
    }
  })
})
