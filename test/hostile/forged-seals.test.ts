/** Seals of an app that are none, and sessions that pass for them. */

import { describe, expect, it } from 'vitest'
import { createSessionManager, generateKey, seal, unseal } from '../../src/index.ts'
import { START } from '../kit/visitor.ts'
import { look, requestWith, tryToUnseal } from './attack.ts'
import { damaged, type Forgery, fromElsewhere, otherAlgorithms, otherHeaders } from './forgeries.ts'
import { noSeals } from './payloads.ts'
import { goodClaims, SESSION_USE, subjectSeen, tally } from './site.ts'
import { hourOf, type Place, sealAt } from './wire.ts'
import './setup.ts'

describe('unseal', () => {
  const keys = generateKey()
  const now = () => START
  const options = { keys, purpose: 'sign-in-link', now }
  const place: Place = {
    key: keys,
    use: { kind: 'seal', name: 'sign-in-link' },
    hour: hourOf(START),
  }
  const payload = JSON.stringify({ exp: START / 1000 + 900, v: { email: 'ada@site.example' } })

  async function tryAll(forgeries: readonly Forgery[]): Promise<void> {
    for (const { name, token, refusals } of forgeries) {
      await tally.try(`seal: ${name}`, refusals, () => tryToUnseal(token, options))
    }
    expect(tally.findings).toEqual([])
  }

  it('opens seals that the same forger made properly', async () => {
    await expect(unseal(await sealAt(place, payload), options)).resolves.toEqual({
      email: 'ada@site.example',
    })
  })

  it('rejects damaged seals, with its own codes only', async () => {
    const token = await seal({ email: 'ada@site.example' }, { ...options, ttl: 900 })
    const other = await seal({ email: 'bob@site.example' }, { ...options, ttl: 900 })
    await tryAll(damaged(token, other))
  })

  it('rejects any header but ours, and any other algorithm', async () => {
    await tryAll(await otherHeaders(place, payload))
    await tryAll(await otherAlgorithms(place, payload))
  })

  it('rejects seals for another purpose, with another key or from another time', async () => {
    const uses = [
      { kind: 'seal', name: 'invitation' },
      { kind: 'seal', name: 'sign-in-lin' },
      { kind: 'cookie', name: 'sign-in-link' },
      SESSION_USE,
    ] as const
    await tryAll(await fromElsewhere(place, payload, { key: generateKey(), uses, life: 400 * 24 }))
  })

  it('rejects payloads that seal does not make', async () => {
    const forgeries = noSeals.map(
      async ([name, payload]): Promise<Forgery> => ({
        name,
        token: await sealAt(place, payload),
        refusals: ['invalid'],
      }),
    )
    await tryAll(await Promise.all(forgeries))
  })

  it('rejects values that are not strings, and strings of any size', async () => {
    const token = await sealAt(place, payload)
    const tokens = [undefined, null, 0, NaN, true, {}, [], [token], new String(token), Symbol('x')]
    const long = [
      '.'.repeat(1e6),
      'A'.repeat(1e6),
      `${token}${'A'.repeat(1e6)}`,
      '\0',
      `${token}\n`,
    ]
    for (const [index, odd] of [...tokens, ...long, () => token, 1n].entries()) {
      await tally.try(`seal: odd ${index}`, ['malformed', 'invalid'], () =>
        tryToUnseal(odd, options),
      )
    }
    expect(tally.findings).toEqual([])
  })
})

describe('seals of an app and sessions', () => {
  it('never open as each other, not even under one name', async () => {
    const keys = generateKey()
    const now = () => START
    const cookie = { name: 'session', secure: false }
    const manager = createSessionManager({ keys, revocationList: 'none', now, cookie })
    const request = new Request('http://localhost/')
    const session = await manager.load(request)
    await session.signIn('ada')
    const answer = await manager.commit(session, new Response())
    const token = /^session=([^;]*)/.exec(answer.headers.getSetCookie()[0] ?? '')?.[1] ?? ''
    expect(await subjectSeen(manager, `session=${token}`)).toBe('ada')
    await expect(unseal(token, { keys, purpose: 'session', now })).rejects.toMatchObject({
      code: 'invalid',
    })
    const claims = goodClaims(START)
    const sealed = await seal(claims, { keys, purpose: 'session', ttl: 900, now })
    const sight = await look(manager, requestWith(`session=${sealed}`))
    expect([sight.ended, sight.session.subject]).toEqual(['invalid', undefined])

    // And each was sealed as what it is, though the isolate has seen the other first.
    const place = { key: keys, hour: hourOf(START) }
    const asSeal = { ...place, use: { kind: 'seal', name: 'session' } } as const
    const payload = JSON.stringify({ exp: START / 1000 + 900, v: 'x' })
    const opening = unseal(await sealAt(asSeal, payload), { keys, purpose: 'session', now })
    await expect(opening).resolves.toBe('x')
    const asCookie = { ...place, use: { kind: 'cookie', name: 'session' } } as const
    const cookieToken = await sealAt(asCookie, JSON.stringify(claims))
    expect(await subjectSeen(manager, `session=${cookieToken}`)).toBe('ada')
  })
})
