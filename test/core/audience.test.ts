import { describe, expect, it } from 'vitest'
import { createSessionManager, type SessionOptions } from '../../src/index.ts'
import { type AnyData, setUp, type Visitor } from '../kit/visitor.ts'

const status = (visitor: Visitor) => visitor.see(({ subject, ended }) => subject ?? ended)

async function signedIn(audience: SessionOptions<AnyData>['audience']) {
  const made = setUp(audience === undefined ? {} : { audience })
  const { clock, keys, list, visitor } = made
  await visitor.visit((session) => session.signIn('ada'))
  const at = (other: SessionOptions<AnyData>['audience']) =>
    visitor.copy(
      createSessionManager({
        keys,
        revocationList: list,
        now: clock,
        ...(other === undefined ? {} : { audience: other }),
      }),
    )
  return { ...made, at }
}

describe('a session with an audience', () => {
  it('is invalid for another, and good for its own', async () => {
    const { at } = await signedIn('tenant-1')
    expect(await status(at('tenant-2'))).toBe('invalid')
    expect(await status(at('tenant-1'))).toBe('ada')
  })

  it('keeps it when it is regenerated', async () => {
    const { at, visitor } = await signedIn('tenant-1')
    await visitor.visit((session) => session.regenerate())
    expect(await status(at('tenant-2'))).toBe('invalid')
  })

  it('may be bound to the host of the request', async () => {
    const hostOf = ({ url }: Request) => new URL(url).host
    const { at } = await signedIn(hostOf)
    expect(await status(at(hostOf))).toBe('ada')
    expect(await status(at('site.example'))).toBe('ada')
    expect(await status(at('other.example'))).toBe('invalid')
  })

  it('does not stand in the way of a sign-in for another', async () => {
    const { at } = await signedIn('tenant-1')
    const other = at('tenant-2')
    await other.visit((session) => session.signIn('ada'))
    expect(await status(other)).toBe('ada')
  })

  it('is good where the option is not used', async () => {
    const { at } = await signedIn('tenant-1')
    expect(await status(at(undefined))).toBe('ada')
  })
})

describe('a session that began before the option was switched on', () => {
  it('is honoured, and bound by the next sign-in', async () => {
    const { at } = await signedIn(undefined)
    const bound = at('tenant-1')
    expect(await status(bound)).toBe('ada')
    await bound.visit((session) => session.signIn('ada'))
    const { at: elsewhere } = await signedIn('tenant-2')
    expect(await status(elsewhere('tenant-2'))).toBe('ada')
  })
})

it.each(['', '\ud800', 1, {}])('refuses the audience %j', (audience) => {
  expect(() => setUp({ audience: audience as string })).toThrow(
    /"audience" must be a non-empty string, or a function that gives one/,
  )
})
