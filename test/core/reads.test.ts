/** A read of the list that is under way while other things happen. */

import { describe, expect, it, vi } from 'vitest'
import {
  createSessionManager,
  memoryRevocationList,
  type RevocationList,
  type SessionOptions,
} from '../../src/index.ts'
import { type AnyData, testClock, Visitor } from '../kit/visitor.ts'

const KEY = 'YSBrZXkgb2YgdGhlIHRlc3RzLCBub3QgYSBzZWNyZXQ'

/** Two isolates with one list, of which the first has to wait for its answers while they are held. */
async function heldReads(options: Partial<SessionOptions<AnyData>> = {}) {
  const clock = testClock()
  const list = memoryRevocationList({ now: clock })
  let gate: Promise<void> | undefined
  const slow: RevocationList = {
    write: (...entry) => list.write(...entry),
    async read(targets) {
      const answer = await list.read(targets)
      await gate
      return answer
    },
  }
  const read = vi.spyOn(slow, 'read')
  const all = { keys: KEY, now: clock, ...options }
  const manager = createSessionManager<AnyData>({ ...all, revocationList: slow })
  const elsewhere = createSessionManager<AnyData>({ ...all, revocationList: list })
  const visitor = new Visitor(manager, clock)
  await visitor.visit((session) => session.signIn('ada'))
  const hold = () => {
    let release = () => {}
    gate = new Promise((resolve) => {
      release = () => {
        gate = undefined
        resolve()
      }
    })
    return { release: () => release() }
  }
  return { clock, elsewhere, hold, list, manager, read, visitor }
}

/** Lets everything that can go on do so. */
const turns = async () => {
  for (let left = 20; left > 0; left--) await new Promise((resolve) => setImmediate(resolve))
}

describe('a read that is under way', () => {
  it('is not what recheck asks for, because it may have begun before a sign-out', async () => {
    const { clock, elsewhere, hold, manager, read, visitor } = await heldReads()
    const early = await manager.load(visitor.request())
    clock.pass(60)
    const held = hold()
    const other = manager.load(visitor.request())
    await turns()
    expect(read).toHaveBeenCalledTimes(1)
    await elsewhere.revokeSubject('ada')
    const rechecking = early.recheck()
    await turns()
    held.release()
    await rechecking
    expect(early.ended).toBe('revoked')
    await other
  })

  it('does not bring back what this isolate revokes meanwhile', async () => {
    const { clock, hold, manager, visitor } = await heldReads()
    clock.pass(60)
    const held = hold()
    const loading = manager.load(visitor.request())
    await turns()
    // Unlike `revokeSubject`, it does not read first.
    await manager.revokeAll()
    held.release()
    expect((await loading).ended).toBe('revoked')
  })

  it('counts from when it was asked, not from when the answer came', async () => {
    const { clock, hold, manager, read, visitor } = await heldReads()
    clock.pass(60)
    const held = hold()
    const loading = manager.load(visitor.request())
    await turns()
    clock.pass(10)
    held.release()
    visitor.jar.store(await manager.commit(await loading, new Response()), 'https://site.example/')
    clock.pass(49)
    await visitor.visit()
    expect(read).toHaveBeenCalledTimes(1)
    clock.pass(1)
    await visitor.visit()
    expect(read).toHaveBeenCalledTimes(2)
  })
})

describe('a sign-out', () => {
  it('is written once, though a read of the session came to its end after it', async () => {
    const { clock, hold, list, manager, visitor } = await heldReads()
    const write = vi.spyOn(list, 'write')
    const [first, second] = [visitor.copy(), visitor.copy()]
    const early = await manager.load(first.request())
    clock.pass(60)
    const held = hold()
    const loading = manager.load(visitor.request())
    await turns()
    await early.destroy()
    const writes = write.mock.calls.length
    held.release()
    expect((await loading).ended).toBe('revoked')
    await second.visit((session) => session.destroy())
    expect(write).toHaveBeenCalledTimes(writes)
  })

  it('that could not be recorded is recorded by the next', async () => {
    const { clock, elsewhere, list, visitor } = await heldReads()
    const [second, thief] = [visitor.copy(), visitor.copy(elsewhere)]
    const write = vi.spyOn(list, 'write').mockRejectedValue(new Error('away'))
    await visitor.visit(async (session) => {
      await expect(session.destroy()).rejects.toMatchObject({ code: 'revocation-unavailable' })
    })
    write.mockRestore()
    await second.visit((session) => session.destroy())
    clock.pass(60)
    expect(await thief.see(({ ended }) => ended)).toBe('revoked')
  })
})

describe('a list that answers with an older mark than this isolate made', () => {
  it('does not bring back what the newer one ended', async () => {
    const { clock, list, manager, visitor } = await heldReads()
    await list.write({ scope: 'subject', subject: 'ada' }, clock() - 1_000, 3_600)
    const later = new Visitor(manager, clock)
    clock.pass(10)
    await manager.revokeSubject('ada')
    // The list is stale from here on.
    await list.write({ scope: 'subject', subject: 'ada' }, clock() - 11_000, 3_600)
    await later.visit((session) => session.signIn('ada'))
    clock.pass(61)
    // It asks the list, which tells this isolate of the older mark.
    expect(await later.see(({ subject }) => subject)).toBe('ada')
    expect(await visitor.see(({ ended }) => ended)).toBe('revoked')
  })
})

describe('recheck', () => {
  it('asks nothing about a session that this isolate has ended', async () => {
    const { manager, read, visitor } = await heldReads()
    await visitor.visit(async (session) => {
      await manager.revokeAll()
      await session.recheck()
      expect(session.ended).toBe('revoked')
    })
    expect(read).not.toHaveBeenCalled()
  })
})

describe('with staleIfError 0', () => {
  it('no check is trusted while the list is away, also one from a clock that is ahead', async () => {
    const { clock, read, visitor } = await heldReads({ recheckAfter: 0, staleIfError: 0 })
    clock.pass(5)
    await visitor.visit()
    clock.pass(-4)
    read.mockRejectedValue(new Error('away'))
    const visit = visitor.visit((session) => void session.subject)
    await expect(visit).rejects.toMatchObject({ code: 'revocation-unavailable' })
  })
})
