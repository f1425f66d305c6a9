/** The list on a Durable Object, in workerd. */

import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { durableObjectRevocationList, type RevocationObject } from '../../src/durable-object.ts'
import type { RevocationTarget } from '../../src/index.ts'
import {
  holdsToTheContract,
  holdsToTheContractOfChanges,
  holdsToTheContractOfClaim,
} from '../contracts/revocation-list.ts'

const { REVOCATIONS } = env as unknown as { REVOCATIONS: DurableObjectNamespace<RevocationObject> }

const MARK = Date.now() - 60_000
const ALL = { scope: 'all' } as const
const sidOf = (n: number) => ({ scope: 'session', sid: String(n).padStart(22, '0') }) as const

/** Lets what was handed to `waitUntil` be done, so that a copy is in the cache. */
const stored = () => new Promise((resolve) => setTimeout(resolve, 100))

/** A namespace in which the list finds an object of its own, and which counts what it is asked. */
function namespace() {
  const id = REVOCATIONS.newUniqueId()
  const counted = { calls: 0 }
  return {
    counted,
    object: REVOCATIONS.get(id),
    idFromName: () => id,
    get() {
      counted.calls++
      return REVOCATIONS.get(id)
    },
  }
}

const newList = () => durableObjectRevocationList(namespace(), { share: false })

describe('the list on a Durable Object', () => {
  holdsToTheContract(newList)
  holdsToTheContractOfChanges(newList)
  holdsToTheContractOfClaim(newList)

  it('gives a claim whose call broke off to the call that was made in its place', async () => {
    const space = namespace()
    let calls = 0
    const flaky = {
      idFromName: space.idFromName,
      get: () => {
        const object = space.get()
        return {
          async claim(...args: Parameters<RevocationObject['claim']>) {
            const answer = await object.claim(...args)
            calls++
            if (calls === 1) throw Object.assign(new Error('gone'), { retryable: true })
            return answer
          },
        }
      },
    }
    const list = durableObjectRevocationList(flaky as never, { share: false })
    const until = Date.now() + 3_600_000
    expect(await list.claim?.('x'.repeat(43), until)).toBe(true)
    expect(calls).toBe(2)
    expect(await list.claim?.('x'.repeat(43), until)).toBe(false)
  })

  it('forgets claims whose time is over, and its alarm deletes them', async () => {
    const space = namespace()
    const list = durableObjectRevocationList(space, { share: false })
    const name = 'y'.repeat(43)
    expect(await list.claim?.(name, Date.now() - 1)).toBe(true)
    expect(await list.claim?.('z'.repeat(43), Date.now() + 3_600_000)).toBe(true)
    expect(await list.claim?.(name, Date.now() - 1)).toBe(true)
    expect(await runDurableObjectAlarm(space.object)).toBe(true)
    const left = await runInDurableObject(
      space.object,
      (_: RevocationObject, { storage: { sql } }) => sql.exec('SELECT name FROM claims').toArray(),
    )
    expect(left).toEqual([{ name: 'z'.repeat(43) }])
    // It comes again while there is a claim, though there is no mark.
    expect(await runDurableObjectAlarm(space.object)).toBe(true)
  })

  it('takes the namespace of the class as it is bound', async () => {
    const list = durableObjectRevocationList(REVOCATIONS, { locationHint: 'weur' })
    await list.write(ALL, MARK, 3_600)
    expect(await durableObjectRevocationList(REVOCATIONS).read([ALL])).toEqual([MARK])
  })

  it('keeps a mark that is no finite instant, in the table and in a shared answer', async () => {
    const list = durableObjectRevocationList(namespace())
    await list.write(ALL, Number.POSITIVE_INFINITY, 3_600)
    expect(await list.read([ALL])).toEqual([Number.POSITIVE_INFINITY])
    const own = await list.changes?.(Date.now(), 5_000)
    await stored()
    const shared = await list.changes?.(Date.now(), 5_000)
    expect([own?.age, own?.marks]).toEqual([undefined, [[ALL, Number.POSITIVE_INFINITY]]])
    expect(shared?.marks).toEqual(own?.marks)
  })

  it('finds nothing of what is over, also before the alarm deletes it', async () => {
    const list = newList()
    const since = { scope: 'since', subject: 'ada' } as const
    for (const target of [ALL, since]) await list.write(target, MARK, 0)
    expect(await list.read([ALL, since])).toEqual([undefined, undefined])
    // Nor does it keep a new mark out.
    await list.write(since, MARK - 1, 3_600)
    expect(await list.read([since])).toEqual([MARK - 1])
  })

  it('refuses a mark that is none', async () => {
    const list = newList()
    await expect(list.write(ALL, Number.NaN, 3_600)).rejects.toThrow()
    expect(await list.read([ALL])).toEqual([undefined])
  })

  it('answers with the latest 50,000 marks if there are more, and says from when on', async () => {
    const space = namespace()
    const list = durableObjectRevocationList(space, { share: false })
    await list.read([ALL])
    await runInDurableObject(space.object, (_: RevocationObject, { storage: { sql } }) => {
      // Two of each millisecond, the last three of which have no room.
      sql.exec(`WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 50004)
        INSERT INTO marks (name, mark, at, until)
        SELECT 'session/' || i, 1, 1000 + i / 2, 9e15 FROM n`)
    })
    const answer = await list.changes?.(0)
    expect(answer?.from).toBe(1_003)
    expect(answer?.marks).toHaveLength(49_999)
    const complete = await list.changes?.(1_003)
    expect(complete?.from).toBe(1_003)
    expect(complete?.marks).toHaveLength(49_999)
  })

  it('rejects when a row names nothing that can be revoked', async () => {
    const space = namespace()
    await space.object.write('nonsense/x', MARK, 3_600)
    const list = durableObjectRevocationList(space, { share: false })
    await expect(list.changes?.(0)).rejects.toThrow('the object has a mark without a target')
  })

  it('says so when the binding is missing', () => {
    expect(() => durableObjectRevocationList(undefined as never)).toThrow(
      'durableObjectRevocationList() takes a Durable Object namespace; is its binding in wrangler.toml, and of the same name?',
    )
    const typo = { shared: true } as object
    expect(() => durableObjectRevocationList(REVOCATIONS, typo)).toThrow(/no option "shared"/)
  })
})

describe('its alarm', () => {
  const names = (object: DurableObjectStub<RevocationObject>) =>
    runInDurableObject(object, (_, { storage: { sql } }) =>
      sql
        .exec('SELECT name FROM marks ORDER BY name')
        .toArray()
        .map(({ name }) => name),
    )

  it('deletes what is over, and comes again while there is something', async () => {
    const space = namespace()
    const list = durableObjectRevocationList(space)
    await list.write(sidOf(1), MARK, 0)
    await list.write(sidOf(2), MARK, 3_600)
    expect(await names(space.object)).toHaveLength(2)
    expect(await runDurableObjectAlarm(space.object)).toBe(true)
    expect(await names(space.object)).toEqual([`session/${sidOf(2).sid}`])
    await list.write(sidOf(2), MARK, 0)
    expect(await runDurableObjectAlarm(space.object)).toBe(true)
    expect(await names(space.object)).toEqual([])
    // An empty object costs nothing.
    expect(await runDurableObjectAlarm(space.object)).toBe(false)
    await list.write(sidOf(3), MARK, 0)
    expect(await runDurableObjectAlarm(space.object)).toBe(true)
  })

  it('deletes so much at a time that no call waits long', async () => {
    const space = namespace()
    const list = durableObjectRevocationList(space)
    await list.write(ALL, MARK, 3_600)
    await runInDurableObject(space.object, (_, { storage: { sql } }) => {
      sql.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001)
        INSERT INTO marks (name, mark, at, until) SELECT 'session/' || i, 1, 1, 1 FROM n`)
    })
    await runDurableObjectAlarm(space.object)
    expect(await names(space.object)).toHaveLength(2)
    const next = await runInDurableObject(space.object, (_, { storage }) => storage.getAlarm())
    expect((next ?? 0) - Date.now()).toBeLessThan(60_000)
    await runDurableObjectAlarm(space.object)
    expect(await names(space.object)).toEqual(['all'])
  })
})

describe('a shared answer', () => {
  const sharing = () => {
    const space = namespace()
    return { ...space, list: durableObjectRevocationList(space) }
  }
  const marksOf = (
    answer: { marks: readonly (readonly [RevocationTarget, number])[] } | undefined,
  ) => answer?.marks.map(([target]) => target)

  it('is asked for once while it is young enough, and says how old it is', async () => {
    const { list, counted } = sharing()
    await list.write(sidOf(1), MARK, 3_600)
    const before = counted.calls
    const own = await list.changes?.(Date.now() - 10_000, 5_000)
    expect(own?.age).toBeUndefined()
    await stored()
    for (let n = 0; n < 3; n++) {
      const copy = await list.changes?.(Date.now() - 10_000 - n, 5_000)
      expect(copy?.age).toBeGreaterThanOrEqual(0)
      expect(copy?.age).toBeLessThan(5_000)
      expect(marksOf(copy)).toEqual([sidOf(1)])
      expect(copy?.now).toBe(own?.now)
    }
    expect(counted.calls).toBe(before + 1)
  })

  it('is not taken by one that may not wait, or asks for a copy younger than that', async () => {
    const { list, counted } = sharing()
    await list.changes?.(Date.now() - 10_000, 5_000)
    await list.write(sidOf(1), MARK, 3_600)
    await stored()
    expect(marksOf(await list.changes?.(Date.now() - 10_000, 1))).toEqual([sidOf(1)])
    const before = counted.calls
    expect(marksOf(await list.changes?.(Date.now() - 10_000, 0))).toEqual([sidOf(1)])
    expect(counted.calls).toBe(before + 1)
  })

  it('reaches back as far as it was asked for', async () => {
    const { list, counted } = sharing()
    await list.changes?.(Date.now() - 10_000, 5_000)
    await stored()
    const before = counted.calls
    for (const reach of [59_000, 295_000, 3_590_000, 9_999_000]) {
      const since = Date.now() - reach
      const answer = await list.changes?.(since, 5_000)
      expect(answer?.from).toBeLessThanOrEqual(since)
    }
    // A minute with the age of a copy does not fit into the first span; the last has none.
    expect(counted.calls).toBe(before + 4)
  })

  it('is not the one of another object', async () => {
    const [one, other] = [sharing(), sharing()]
    await one.list.write(sidOf(1), MARK, 3_600)
    expect(marksOf(await one.list.changes?.(Date.now() - 10_000, 5_000))).toEqual([sidOf(1)])
    expect(marksOf(await other.list.changes?.(Date.now() - 10_000, 5_000))).toEqual([])
  })
})

describe('an object in trouble', () => {
  /** A namespace whose object fails as often as there are errors. */
  function failing(...errors: object[]) {
    let calls = 0
    const get = () => ({
      read: async () => {
        calls++
        const error = errors.shift()
        if (error !== undefined) throw Object.assign(new Error('in trouble'), error)
        return [MARK]
      },
    })
    const list = durableObjectRevocationList({ idFromName: () => 'id', get } as never)
    return { calls: () => calls, list }
  }

  it('is asked once more after a reset, and not again', async () => {
    const { list, calls } = failing({ retryable: true })
    expect(await list.read([ALL])).toEqual([MARK])
    expect(calls()).toBe(2)
    await expect(
      failing({ retryable: true }, { retryable: true }).list.read([ALL]),
    ).rejects.toThrow('in trouble')
  })

  it.each([[{}], [{ retryable: true, overloaded: true }], [{ retryable: false }]])(
    'is left alone after %j',
    async (error) => {
      const { list, calls } = failing(error)
      await expect(list.read([ALL])).rejects.toThrow('in trouble')
      expect(calls()).toBe(1)
    },
  )
})
