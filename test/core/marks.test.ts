/** Which mark of a list ends a session: a millisecond before, at, after. */

import { describe, expect, it } from 'vitest'
import type { RevocationTarget } from '../../src/index.ts'
import { START, setUp, type Visitor } from '../kit/visitor.ts'

const state = (visitor: Visitor) => visitor.see(({ subject, ended }) => subject ?? ended)

/** A session of ada's that began at START and survived her "sign out everywhere else" at START + 10 s. */
async function kept() {
  const made = setUp({ recheckAfter: 0 })
  await made.visitor.visit((session) => session.signIn('ada'))
  made.clock.pass(10)
  await made.visitor.visit((session) => session.signOutOthers())
  made.clock.pass(10)
  return made
}

const marks: readonly [string, RevocationTarget][] = [
  ['all', { scope: 'all' }],
  ['subject', { scope: 'subject', subject: 'ada' }],
  ['since', { scope: 'since', subject: 'ada' }],
  ['others', { scope: 'others', subject: 'ada' }],
]

describe.each(marks)('a mark of the scope %s', (_, target) => {
  it.each([
    [-1, 'ada'],
    [0, 'revoked'],
    [1, 'revoked'],
  ])('%i ms after a session began', async (after, expected) => {
    const { clock, list, visitor } = setUp({ recheckAfter: 0 })
    await visitor.visit((session) => session.signIn('ada'))
    clock.pass(10)
    await list.write(target, START + after, 3_600)
    expect(await state(visitor)).toBe(expected)
  })
})

describe.each(marks)(
  'for a session that survived signOutOthers, a mark of the scope %s',
  (scope, target) => {
    it.each([
      [-1, 'ada'],
      [0, scope === 'others' ? 'ada' : 'revoked'],
      [10_000, scope === 'others' ? 'ada' : 'revoked'],
      // It is later than the mark that it survived, which is of this very instant.
      [10_001, 'revoked'],
    ])('%i ms after it began', async (after, expected) => {
      const { list, visitor } = await kept()
      await list.write(target, START + after, 3_600)
      expect(await state(visitor)).toBe(expected)
    })
  },
)

describe('a listed sid', () => {
  it.each([0, START - 1, START + 86_400_000, Number.POSITIVE_INFINITY])(
    'is over whatever its mark: %d',
    async (mark) => {
      for (const scope of ['session', 'replaced'] as const) {
        const { list, visitor } = setUp({ recheckAfter: 0 })
        await visitor.visit((session) => session.signIn('ada'))
        const sid = (await visitor.see((session) => session.sid)) ?? ''
        // The end of a family is asked for by its first sid only where the session has another.
        if (scope === 'session') await visitor.visit((session) => session.regenerate())
        await list.write({ scope, sid }, mark, 3_600)
        expect(await state(visitor)).toBe('revoked')
      }
    },
  )
})
