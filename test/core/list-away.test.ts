/** A list that is away: who waits for it, when it is asked again, and what is not its fault. */

import { stat } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  createSessionManager,
  type RevocationList,
  type RevocationTarget,
} from '../../src/index.ts'
import { setUp, testClock, Visitor } from '../kit/visitor.ts'

const KEY = 'YSBrZXkgb2YgdGhlIHRlc3RzLCBub3QgYSBzZWNyZXQ'

type Read = (targets: readonly RevocationTarget[]) => Promise<readonly (number | undefined)[]>
const nothing: Read = async (targets) => targets.map(() => undefined)

async function people(count: number, options: { revocationTimeout?: number } = {}) {
  const clock = testClock()
  const list = { asked: 0, answer: nothing }
  const revocationList: RevocationList = {
    read(targets) {
      list.asked++
      return list.answer(targets)
    },
    write: async () => {},
  }
  const manager = createSessionManager({ keys: KEY, revocationList, now: clock, ...options })
  const visitors = Array.from({ length: count }, () => new Visitor(manager, clock))
  for (const visitor of visitors) await visitor.visit((session) => session.signIn('ada'))
  clock.pass(120)
  const load = (visitor: Visitor) => manager.load(visitor.request())
  return { clock, list, visitors, load }
}

describe('while the list is unreachable', () => {
  it('a read that was rejected starts the pause, as a late one does', async () => {
    const { clock, list, visitors, load } = await people(3)
    list.answer = async () => {
      throw new Error('overloaded')
    }
    for (const visitor of visitors) expect((await load(visitor)).subject).toBe('ada')
    expect(list.asked).toBe(1)
    clock.pass(4.999)
    for (const visitor of visitors) await load(visitor)
    expect(list.asked).toBe(1)
    clock.pass(0.001)
    for (const visitor of visitors) await load(visitor)
    expect(list.asked).toBe(2)
  })

  it('one request waits to see whether it is back, and the others go on', async () => {
    const { clock, list, visitors, load } = await people(4)
    list.answer = async () => {
      throw new Error('away')
    }
    await load(visitors[0] as Visitor)
    clock.pass(5)
    let answer = () => {}
    list.answer = (targets) =>
      new Promise((resolve) => {
        answer = () => resolve(targets.map(() => undefined))
      })
    const waiting = load(visitors[0] as Visitor)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(list.asked).toBe(2)
    for (const visitor of visitors.slice(1)) expect((await load(visitor)).subject).toBe('ada')
    expect(list.asked).toBe(2)
    answer()
    expect((await waiting).subject).toBe('ada')
    list.answer = nothing
    for (const visitor of visitors.slice(1)) await load(visitor)
    expect(list.asked).toBe(5)
  })

  it('after a request that never gets an answer, another one tries', async () => {
    const { clock, list, visitors, load } = await people(2)
    list.answer = async () => {
      throw new Error('away')
    }
    await load(visitors[0] as Visitor)
    clock.pass(5)
    list.answer = () => new Promise(() => {})
    void load(visitors[0] as Visitor).catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 20))
    clock.pass(5)
    list.answer = nothing
    await load(visitors[1] as Visitor)
    expect(list.asked).toBe(3)
  })

  it('a session that was not checked for longer than staleIfError is not honoured', async () => {
    const { clock, list, visitors, load } = await people(2)
    list.answer = async () => {
      throw new Error('away')
    }
    clock.pass(181)
    for (const visitor of visitors) {
      const session = await load(visitor)
      expect(() => session.subject).toThrow('the revocation list failed on a read')
    }
    expect(list.asked).toBe(1)
  })
})

it('a list that answered while the event loop was blocked is not late', async () => {
  const { list, visitors, load } = await people(1, { revocationTimeout: 1 })
  let answered = 0
  list.answer = (targets) =>
    new Promise((resolve) => {
      // Real I/O, which ends while nothing can hear of it.
      stat('.', () => {
        answered++
        resolve(targets.map(() => undefined))
      })
    })
  const loading = load(visitors[0] as Visitor)
  await new Promise((resolve) => setImmediate(resolve))
  while (list.asked === 0) await new Promise((resolve) => setImmediate(resolve))
  const until = Date.now() + 1_300
  while (Date.now() < until);
  const session = await loading
  expect(answered).toBe(1)
  await session.recheck()
  expect(session.subject).toBe('ada')
})

it('a mark that this isolate makes during a read counts', async () => {
  const { clock, list, manager, visitor } = setUp()
  await visitor.visit((session) => session.signIn('ada'))
  clock.pass(120)
  const read = list.read.bind(list)
  list.read = async (targets) => {
    const marks = await read(targets)
    await manager.revokeAll()
    return marks
  }
  expect(await visitor.see(({ ended }) => ended)).toBe('revoked')
})
