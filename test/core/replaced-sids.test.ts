import { expect, it } from 'vitest'
import { setUp } from '../kit/visitor.ts'

const replaced = (events: readonly unknown[]) =>
  events.filter((event) => (event as { type: string }).type === 'replaced-sid')

it.each([
  [59, []],
  [60, []],
  [61, [{ type: 'replaced-sid', age: 61 }]],
])('a sid that comes back %i s after it was left: %j', async (seconds, expected) => {
  const { clock, events, visitor } = setUp()
  await visitor.visit((session) => session.signIn('ada'))
  clock.pass(10)
  const copy = visitor.copy()
  await visitor.visit((session) => session.regenerate())
  clock.pass(seconds)
  expect(await copy.see(({ ended }) => ended)).toBe('revoked')
  expect(replaced(events)).toEqual(expected)
  // The session itself goes on: an old copy must not be able to end it.
  expect(await visitor.see(({ subject }) => subject)).toBe('ada')
})

it('a sid whose family is over is no event', async () => {
  const { clock, events, visitor } = setUp()
  await visitor.visit((session) => session.signIn('ada'))
  const copy = visitor.copy()
  await visitor.visit((session) => session.regenerate())
  await visitor.visit((session) => session.destroy())
  clock.pass(61)
  expect(await copy.see(({ ended }) => ended)).toBe('revoked')
  expect(replaced(events)).toEqual([])
})
