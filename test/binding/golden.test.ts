/** What was sealed for a binding once opens for ever: the bound cookie, and the key of the device. */

import { expect, it } from 'vitest'
import { deviceBinding } from '../../src/binding.ts'
import { createSessionManager, memoryRevocationList } from '../../src/index.ts'
import bound from '../vectors/bound-v2.json' with { type: 'json' }
import { BOUND } from './device.ts'

const NAME = bound.name
const PROVED = Date.parse(bound.provedAt)

function managerAt(instant: number) {
  const now = () => instant
  return createSessionManager({
    keys: bound.keys,
    revocationList: memoryRevocationList({ now }),
    binding: deviceBinding({ policy: 'when-supported', lifetime: bound.lifetime }),
    now,
  })
}

const load = (instant: number, cookies: Record<string, string>) => {
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  return managerAt(instant).load(new Request('https://site.example/', { headers: { cookie } }))
}

const session = { [NAME]: bound.session }
const activity = { [`${NAME}-activity`]: bound.activity }
const proof = { [BOUND]: bound.bound }

it('the bound cookie proves until its lifetime is over', async () => {
  const cookies = { ...session, ...activity, ...proof }
  const found = await load(PROVED + 599_999, cookies)
  expect([found.subject, found.bound, found.proofAge]).toEqual([
    bound.subject,
    new Date(bound.registeredAt),
    599.999,
  ])
  expect((await load(PROVED + 600_000, cookies)).ended).toBe('unbound')
})

it('the activity cookie says whether there was a proof', async () => {
  expect((await load(PROVED, { ...session, ...activity })).ended).toBe('unbound')
  const unproved = { [`${NAME}-activity`]: bound.unproved }
  expect((await load(PROVED, { ...session, ...unproved })).subject).toBe(bound.subject)
})

it('the identifier of the device is asked for a proof until the limit of the session', async () => {
  const refresh = (instant: number) =>
    managerAt(instant).answerBinding(
      new Request('https://site.example/session/refresh', {
        method: 'POST',
        headers: { 'Sec-Secure-Session-Id': bound.device },
      }),
    )
  const limit = Date.parse(bound.registeredAt) + 43_200_000
  expect((await refresh(limit - 1))?.status).toBe(403)
  expect(await (await refresh(limit))?.json()).toEqual({ continue: false })
})
