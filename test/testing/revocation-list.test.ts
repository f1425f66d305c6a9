/** The list whose troubles a test switches on and off. */

import { describe, expect, it } from 'vitest'
import {
  revocationClaimContract,
  revocationListContract,
  TestRevocationList,
  testClock,
} from '../../src/testing.ts'
import { holdsToTheContractOfChanges } from '../contracts/revocation-list.ts'
import { setUp } from '../kit/visitor.ts'

const ALL = [{ scope: 'all' }] as const

describe('without troubles', () => {
  const now = testClock()
  const make = () => new TestRevocationList({ now })
  for (const { name, run } of revocationListContract(make, { now })) it(name, run)
  for (const { name, run } of revocationClaimContract(make, { now })) it(name, run)
  holdsToTheContractOfChanges(() => new TestRevocationList({ changes: true }))
})

it('answers as it was some seconds ago', async () => {
  const now = testClock()
  const list = new TestRevocationList({ now })
  await list.write(ALL[0], 5, 3_600)
  list.staleness = 60
  now.pass(59)
  expect(await list.read(ALL)).toEqual([undefined])
  now.pass(1)
  expect(await list.read(ALL)).toEqual([5])
  await list.write(ALL[0], 9, 3_600)
  expect(await list.read(ALL)).toEqual([5])
  list.staleness = 0
  expect(await list.read(ALL)).toEqual([9])
})

it('forgets a mark when its time is over', async () => {
  const now = testClock()
  const list = new TestRevocationList({ now })
  await list.write(ALL[0], 5, 60)
  now.pass(59)
  expect(await list.read(ALL)).toEqual([5])
  now.pass(1)
  expect(await list.read(ALL)).toEqual([undefined])
})

it('lets reads and writes fail, each for itself', async () => {
  const list = new TestRevocationList({ now: testClock(), changes: true })
  list.readTrouble = 'fails'
  await list.write(ALL[0], 5, 60)
  await expect(list.read(ALL)).rejects.toThrow('the test lets this call fail')
  await expect(list.changes?.(0)).rejects.toThrow('the test lets this call fail')
  list.readTrouble = undefined
  list.writeTrouble = 'fails'
  await expect(list.write(ALL[0], 9, 60)).rejects.toThrow('the test lets this call fail')
  await expect(list.claim('name', 9e15)).rejects.toThrow('the test lets this call fail')
  expect(await list.read(ALL)).toEqual([5])
  list.trouble = 'fails'
  await expect(list.read(ALL)).rejects.toThrow()
  list.trouble = undefined
  await list.write(ALL[0], 9, 60)
  expect(list.counted).toEqual({ reads: 3, writes: 3, changes: 1 })
})

it('is late by as much as it is told, and does what it was asked only then', async () => {
  const slept: number[] = []
  let wake = () => {}
  const list = new TestRevocationList({
    now: testClock(),
    sleep: (milliseconds) => {
      slept.push(milliseconds)
      return new Promise((resolve) => {
        wake = resolve
      })
    },
  })
  list.writeTrouble = { late: 3 }
  const writing = list.write(ALL[0], 5, 60)
  expect(slept).toEqual([3_000])
  expect(await list.read(ALL)).toEqual([undefined])
  wake()
  await writing
  expect(await list.read(ALL)).toEqual([5])
})

it('hangs until the manager gives the call up', async () => {
  const clock = testClock()
  const list = new TestRevocationList({ now: clock })
  const { visitor, events } = setUp({ now: clock, revocationList: list, revocationTimeout: 1 })
  await visitor.visit((session) => session.signIn('ada'))
  clock.pass(60)
  list.trouble = 'hangs'
  expect(await visitor.see(({ subject }) => subject)).toBe('ada')
  expect(events).toMatchObject([{ type: 'revocation-stale' }])
})

it('has changes only if it is told to, and refuses options that it does not have', () => {
  expect(new TestRevocationList().changes).toBeUndefined()
  expect(() => new TestRevocationList({ chagnes: true } as object)).toThrow(
    'no option "chagnes" in the options of TestRevocationList; did you mean "changes"?',
  )
})
