/** Found by the races, each with nothing but its own few steps. */

import { describe, expect, it } from 'vitest'
import { createSessionManager, memoryRevocationList, type RevocationList } from '../../src/index.ts'
import { testClock, Visitor } from '../kit/visitor.ts'

const KEY = 'YSBrZXkgb2YgdGhlIHRlc3RzLCBub3QgYSBzZWNyZXQ'

function isolate() {
  const clock = testClock()
  const list = memoryRevocationList({ now: clock })
  return { clock, manager: createSessionManager({ keys: KEY, revocationList: list, now: clock }) }
}

/** Lets everything that can go on do so. */
const turns = async () => {
  for (let left = 20; left > 0; left--) await new Promise((resolve) => setImmediate(resolve))
}

describe('a sign-out', () => {
  it('is not undone by a regenerate that overlaps it', async () => {
    const { clock, manager } = isolate()
    const visitor = new Visitor(manager, clock)
    await visitor.visit((session) => session.signIn('ann'))
    const slow = visitor.copy()
    await slow.visit(async (session) => {
      await visitor.visit((other) => other.destroy())
      await session.regenerate().catch(() => {})
    })
    clock.pass(600)
    expect(await slow.see(({ subject }) => subject)).toBeUndefined()
  })

  it('is not undone when it was asked for with the sid that a regenerate has just left', async () => {
    const { clock, manager } = isolate()
    const visitor = new Visitor(manager, clock)
    await visitor.visit((session) => session.signIn('ann'))
    const late = visitor.copy()
    await late.visit((session) => session.regenerate())
    await visitor.visit((session) => session.destroy())
    clock.pass(600)
    expect(await late.see(({ subject }) => subject)).toBeUndefined()
  })
})

describe('two marks of one millisecond', () => {
  it('end, with the second, what survived the first', async () => {
    const { clock, manager } = isolate()
    const visitor = new Visitor(manager, clock)
    await visitor.visit((session) => session.signIn('ann'))
    await visitor.visit((session) => session.signOutOthers())
    const left = visitor.copy()
    await visitor.visit((session) => session.signOutOthers())
    clock.pass(1)
    expect(await left.see(({ subject }) => subject)).toBeUndefined()
    expect(await visitor.see(({ subject }) => subject)).toBe('ann')
  })
})

describe('with recheckAfter 0', () => {
  it('no request goes by a read of the list that began before it', async () => {
    const clock = testClock()
    const list = memoryRevocationList({ now: clock })
    let hold = Promise.resolve()
    let release = () => {}
    const slow: RevocationList = {
      ...list,
      async read(targets) {
        const marks = await list.read(targets)
        await hold
        return marks
      },
    }
    const options = { keys: KEY, now: clock, recheckAfter: 0 }
    const here = createSessionManager({ ...options, revocationList: list })
    const elsewhere = createSessionManager({ ...options, revocationList: slow })
    const visitor = new Visitor(here, clock)
    await visitor.visit((session) => session.signIn('ann'))
    const copy = visitor.copy(elsewhere)
    hold = new Promise((resolve) => {
      release = resolve
    })
    const early = copy.see(({ subject }) => subject)
    await turns()
    await visitor.visit((session) => session.destroy())
    const seen = copy.see(({ subject }) => subject)
    await turns()
    release()
    await early
    expect(await seen).toBeUndefined()
  })
})
