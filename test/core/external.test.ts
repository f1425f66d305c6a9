/** Sessions that an identity provider can end: by its own session id, and by a subject since an instant. */

import { describe, expect, it } from 'vitest'
import { memoryRevocationList, type RevocationTarget } from '../../src/index.ts'
import { setUp, testClock, Visitor } from '../kit/visitor.ts'

const ISSUER = 'https://op.example'

/** A manager whose list tells what was written. */
function withNotes() {
  const clock = testClock()
  const list = memoryRevocationList({ now: clock })
  const written: { target: RevocationTarget; mark: number }[] = []
  const base = setUp({
    now: clock,
    revocationList: {
      read: list.read,
      write: async (target, mark, seconds) => {
        written.push({ target, mark })
        await list.write(target, mark, seconds)
      },
    },
  })
  const { manager } = base
  async function signedIn(subject: string, sid?: string, issuer = ISSUER): Promise<Visitor> {
    const visitor = new Visitor(manager, clock)
    const options = sid === undefined ? {} : { external: [issuer, sid] as const }
    await visitor.visit((session) => session.signIn(subject, options))
    return visitor
  }
  return { ...base, clock, written, signedIn }
}

const ended = (visitor: Visitor) => visitor.see((session) => session.ended)

describe('revokeExternal', () => {
  it('ends the sessions of one session at the provider, and writes nothing at the sign-in', async () => {
    const { manager, written, signedIn } = withNotes()
    const [one, two] = [await signedIn('ada', 's1'), await signedIn('ada', 's1')]
    const others = [
      await signedIn('ada', 's2'),
      await signedIn('ada', 's1', 'https://other.example'),
      await signedIn('ada'),
    ]
    await two.visit((session) => session.regenerate())
    written.length = 0
    await manager.revokeExternal([ISSUER, 's1'])
    expect(written).toHaveLength(1)
    // printf '["https://op.example","s1"]' | openssl dgst -sha256 -binary | basenc --base64url | cut -c1-22
    expect(written[0]?.target).toEqual({ scope: 'external', session: 'fmLzGL-d2UfSyhMNZjidBi' })
    expect([await ended(one), await ended(two)]).toEqual(['revoked', 'revoked'])
    for (const other of others) expect(await ended(other)).toBeUndefined()
  })

  it('writes nothing at a sign-in', async () => {
    const { written, signedIn } = withNotes()
    await signedIn('ada', 's1')
    expect(written).toEqual([])
  })

  it('lets a newer sign-in of the same session at the provider go on', async () => {
    const { clock, manager, signedIn } = withNotes()
    const old = await signedIn('ada', 's1')
    clock.pass(1)
    const before = new Date(clock())
    clock.pass(1)
    const newer = await signedIn('ada', 's1')
    await manager.revokeExternal([ISSUER, 's1'], { before })
    expect(await ended(old)).toBe('revoked')
    expect(await ended(newer)).toBeUndefined()
  })

  it('is not undone by a message that comes late', async () => {
    const { clock, manager, signedIn } = withNotes()
    const early = new Date(clock())
    clock.pass(1)
    const one = await signedIn('ada', 's1')
    clock.pass(1)
    await manager.revokeExternal([ISSUER, 's1'])
    await manager.revokeExternal([ISSUER, 's1'], { before: early })
    expect(await ended(one.copy())).toBe('revoked')
  })

  it('is forgotten by a sign-in that names no session of a provider', async () => {
    const { manager, signedIn } = withNotes()
    const one = await signedIn('ada', 's1')
    await one.visit((session) => session.signIn('ada'))
    await manager.revokeExternal([ISSUER, 's1'])
    expect(await ended(one)).toBeUndefined()
  })

  it.each([
    [[ISSUER, ''], /its sid must be a non-empty/],
    [['', 's1'], /an issuer must be a non-empty/],
    [[ISSUER, 5], /its sid must be .*; got a number/],
    [[ISSUER], /its sid must be .*; got undefined/],
    [[ISSUER, '\ud800'], /well-formed/],
  ])('and signIn refuse %j', async (external, message) => {
    const { manager, visitor } = setUp()
    await expect(manager.revokeExternal(external as never)).rejects.toThrow(message)
    await visitor.visit(async (session) => {
      const signingIn = session.signIn('ada', { external: external as never })
      await expect(signingIn).rejects.toThrow(message)
    })
  })
})

describe('revokeSubject with before', () => {
  it('refuses another option, which would end what is newer', async () => {
    const { manager } = setUp()
    await expect(manager.revokeSubject('ada', { befor: new Date() } as object)).rejects.toThrow(
      /no option "befor" in .*; did you mean "before"\?/,
    )
  })

  it('ends what began until then and nothing newer, one millisecond exact', async () => {
    const { clock, manager, signedIn } = withNotes()
    const visitors: Visitor[] = []
    const instants: number[] = []
    for (let i = 0; i < 3; i++) {
      instants.push(clock())
      visitors.push(await signedIn('ada'))
      clock.pass(0.001)
    }
    clock.pass(10)
    await manager.revokeSubject('ada', { before: new Date(instants[1] ?? 0) })
    const reasons = []
    for (const visitor of visitors) reasons.push(await ended(visitor))
    expect(reasons).toEqual(['revoked', 'revoked', undefined])
  })

  it('writes revoked/since, keeps the newest, and leaves the mark of an operator alone', async () => {
    const { clock, manager, written, signedIn } = withNotes()
    const one = await signedIn('ada')
    await manager.revokeSubject('ada', { before: new Date(clock() - 5_000) })
    await manager.revokeSubject('ada', { before: new Date(clock() - 9_000) })
    expect(written.map(({ target }) => target)).toEqual([
      { scope: 'since', subject: 'ada' },
      { scope: 'since', subject: 'ada' },
    ])
    expect(await ended(one)).toBeUndefined()
    await manager.revokeSubject('ada')
    await manager.revokeSubject('ada', { before: new Date(0) })
    expect(await ended(one)).toBe('revoked')
  })

  it('takes a clock that is ahead for now', async () => {
    const { clock, manager, written, signedIn } = withNotes()
    await manager.revokeSubject('ada', { before: new Date(clock() + 86_400_000) })
    expect(written.at(-1)?.mark).toBe(clock())
    clock.pass(1)
    expect(await ended(await signedIn('ada'))).toBeUndefined()
  })

  it.each([5, '2026-01-01', null, new Date(Number.NaN), new Date(-1)])(
    'refuses %j',
    async (before) => {
      const { manager } = setUp()
      const options = { before: before as Date }
      await expect(manager.revokeSubject('ada', options)).rejects.toThrow(
        '"before" must be a valid Date',
      )
      await expect(manager.revokeExternal([ISSUER, 's'], options)).rejects.toThrow(
        '"before" must be a valid Date',
      )
    },
  )
})
