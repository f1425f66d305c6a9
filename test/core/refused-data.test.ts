/** Sessions whose data the schema no longer accepts, and a schema that fails. */

import { expect, it } from 'vitest'
import { z } from 'zod'
import { createSessionManager } from '../../src/index.ts'
import { type AnyData, setUp, Visitor } from '../kit/visitor.ts'

it('a sign-out of a session that the schema refuses ends its copies elsewhere', async () => {
  const { clock, keys, list, visitor } = setUp({ recheckAfter: 0 })
  await visitor.visit(async (session) => {
    session.data.theme = 'dark'
    await session.signIn('ada')
  })
  const options = { keys, revocationList: list, now: clock, recheckAfter: 0 }
  const strict = createSessionManager<AnyData>({
    ...options,
    schema: z.object({ theme: z.literal('light').optional() }),
  })
  const thief = visitor.copy(createSessionManager<AnyData>(options))
  const owner = new Visitor(strict, clock, visitor.jar)
  await owner.visit(async (session) => {
    expect(session.ended).toBe('data')
    await session.destroy()
  })
  expect(await thief.see(({ ended }) => ended)).toBe('revoked')
})

it('an error of the schema itself is no refusal: load rejects with it', async () => {
  const { clock, keys, list, visitor } = setUp()
  await visitor.visit((session) => session.signIn('ada'))
  const failing = createSessionManager<AnyData>({
    keys,
    revocationList: list,
    now: clock,
    schema: {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: () => {
          throw new RangeError('out of order')
        },
      },
    },
  })
  await expect(failing.load(visitor.request())).rejects.toThrow(new RangeError('out of order'))
})
