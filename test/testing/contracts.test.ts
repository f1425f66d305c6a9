/** The contracts find what is wrong with an implementation, and say it. */

import { describe, expect, it } from 'vitest'
import { memorySessionIndexStore } from '../../src/contracts/session-index-store.ts'
import {
  dataStore,
  type RevocationList,
  type RevocationTarget,
  type SessionIndexStore,
} from '../../src/index.ts'
import {
  type ContractCase,
  dataStoreContract,
  revocationChangesContract,
  revocationClaimContract,
  revocationListContract,
  sessionIndexContract,
  TestRevocationList,
  testClock,
} from '../../src/testing.ts'

/** The names of the cases that an implementation fails, with the messages. */
async function failures(cases: readonly ContractCase[]): Promise<[string, string][]> {
  const found: [string, string][] = []
  for (const { name, run } of cases) {
    await run().catch((error: Error) => found.push([name, error.message]))
  }
  return found
}
const names = (found: readonly [string, string][]) => found.map(([name]) => name)

const good = () => new TestRevocationList({ changes: true })
type Faults = (list: TestRevocationList) => Partial<RevocationList>

/** A good list in which some calls are wrong. */
function faulty(faults: Faults): () => RevocationList {
  return () => {
    const list = good()
    return {
      read: (targets) => list.read(targets),
      write: (target, mark, seconds) => list.write(target, mark, seconds),
      claim: (name, until) => list.claim(name, until),
      changes: (since) => list.changes?.(since) as never,
      ...faults(list),
    }
  }
}

describe('the contract of a revocation list', () => {
  const withoutScope = (target: RevocationTarget): RevocationTarget =>
    target.scope === 'replaced' ? { scope: 'session', sid: target.sid } : target
  const FAULTS: [string, Faults, string][] = [
    ['knows nothing at first', () => ({ read: async (targets) => targets.map(() => 5) }), ''],
    [
      'finds a mark for its own target and no other',
      (list) => ({ read: (targets) => list.read(targets.map(withoutScope)) }),
      'what read() answers is',
    ],
    [
      'answers in the order asked',
      (list) => ({ read: async (targets) => (await list.read(targets)).reverse() }),
      'what read() answers is',
    ],
    ['keeps the last mark written', firstWins(({ scope }) => scope === 'all'), 'should be'],
    ['keeps the newest mark of the scope since', lastWins('since'), 'should be'],
    ['keeps the newest mark of the scope external', lastWins('external'), 'should be'],
    ['keeps the first mark of the scope bound', lastWins('bound'), 'should be'],
    [
      'accepts short-lived entries',
      (list) => ({
        write: async (target, mark, seconds) => {
          if (seconds < 60) throw new Error('at least 60 seconds')
          await list.write(target, mark, seconds)
        },
      }),
      'at least 60 seconds',
    ],
  ]

  it.each(FAULTS)('finds that a list does not keep: %s', async (name, faults, message) => {
    const found = await failures(revocationListContract(faulty(faults)))
    expect(names(found)).toContain(name)
    expect(found.find(([one]) => one === name)?.[1]).toContain(message)
  })

  it('finds that a list answers null where it has nothing', async () => {
    const make = faulty((list) => ({
      read: async (targets) => (await list.read(targets)).map((mark) => mark ?? (null as never)),
    }))
    expect(names(await failures(revocationListContract(make)))).toContain('knows nothing at first')
  })

  it('has a fault for each case, and finds none in a good list', async () => {
    const cases = revocationListContract(good)
    expect(FAULTS.map(([name]) => name)).toEqual(names(cases.map(({ name }) => [name, ''])))
    expect(await failures(cases)).toEqual([])
  })

  function firstWins(applies: (target: RevocationTarget) => boolean): Faults {
    return (list) => ({
      write: async (target, mark, seconds) => {
        const [known] = await list.read([target])
        if (known === undefined || !applies(target)) await list.write(target, mark, seconds)
      },
    })
  }

  /** Keeps the last mark of a scope, under a name that the good list treats like any other. */
  function lastWins(scope: RevocationTarget['scope']): Faults {
    const renamed = (target: RevocationTarget): RevocationTarget =>
      target.scope === scope ? { scope: 'subject', subject: JSON.stringify(target) } : target
    return (list) => ({
      read: (targets) => list.read(targets.map(renamed)),
      write: (target, mark, seconds) => list.write(renamed(target), mark, seconds),
    })
  }
})

describe('the contract of changes', () => {
  const FAULTS: [string, Faults][] = [
    [
      'tells every kind of mark that was recorded since, as it is found by name',
      (list) => ({
        changes: async (since) => {
          const changes = await list.changes?.(since)
          if (changes === undefined) throw new Error('no changes')
          return { ...changes, marks: changes.marks.slice(1) }
        },
      }),
    ],
    ['tells by its clock when it answered', clockOff(20_000)],
    [
      'tells nothing that was recorded before, unless it lies ahead',
      (list) => ({ changes: () => list.changes?.(0) as never }),
    ],
    [
      'tells a mark again that is written again, with the mark that now counts',
      (list) => ({
        write: async (target, mark, seconds) => {
          const [known] = await list.read([target])
          if (known === undefined) await list.write(target, mark, seconds)
        },
      }),
    ],
  ]

  it.each(FAULTS)('finds that a list does not keep: %s', async (name, faults) => {
    expect(names(await failures(revocationChangesContract(faulty(faults))))).toContain(name)
  })

  it('has a fault for each case, and finds none in a good list', async () => {
    const cases = revocationChangesContract(good)
    expect(FAULTS.map(([name]) => name)).toEqual(cases.map(({ name }) => name))
    expect(await failures(cases)).toEqual([])
  })

  it('says that a list has no changes', async () => {
    const found = await failures(revocationChangesContract(() => new TestRevocationList()))
    expect(found.map(([, message]) => message)).toEqual(Array(4).fill('the list has no changes()'))
  })

  function clockOff(milliseconds: number): Faults {
    return (list) => ({
      changes: async (since) => {
        const changes = await list.changes?.(since)
        if (changes === undefined) throw new Error('no changes')
        return { ...changes, now: changes.now + milliseconds }
      },
    })
  }
})

describe('the contract of claim', () => {
  const FAULTS: [string, Faults][] = [
    ['gives a name to the first call and to no other', () => ({ claim: async () => true })],
    [
      'gives a name to exactly one of many calls at once',
      () => {
        const taken = new Set<string>()
        return {
          claim: async (name) => {
            const isTaken = taken.has(name)
            await Promise.resolve()
            taken.add(name)
            return !isTaken
          },
        }
      },
    ],
    [
      'takes names for 400 days',
      (list) => ({
        claim: async (name, until) => until - Date.now() < 4e9 && list.claim(name, until),
      }),
    ],
    [
      'records no mark with it',
      (list) => ({
        claim: async (name, until) => {
          await list.write({ scope: 'session', sid: name.slice(0, 22) }, 1, 60)
          return list.claim(name, until)
        },
      }),
    ],
  ]

  it.each(FAULTS)('finds that a list does not keep: %s', async (name, faults) => {
    expect(names(await failures(revocationClaimContract(faulty(faults))))).toContain(name)
  })

  it('has a fault for each case, and finds none in a good list', async () => {
    const cases = revocationClaimContract(good)
    expect(FAULTS.map(([name]) => name)).toEqual(cases.map(({ name }) => name))
    expect(await failures(cases)).toEqual([])
  })
})

describe('the contract of a data store', () => {
  const place = (change: (value: string, key: string, seconds: number) => string | undefined) => {
    const entries = new Map<string, string>()
    return () =>
      dataStore({
        read: async (key) => entries.get(key),
        write: async (key, value, seconds) => {
          const changed = change(value, key, seconds)
          if (changed !== undefined) entries.set(key, changed)
        },
      })
  }

  it('finds none in a good place', async () => {
    expect(await failures(dataStoreContract(() => place((value) => value)))).toEqual([])
  })

  it.each([
    [
      'cuts long values',
      (value: string) => value.slice(0, 100_000),
      'gives back 100000 characters',
    ],
    ['changes values', (value: string) => `${value} `, 'gives back 1 characters exactly'],
    [
      'forgets what lives long',
      (value: string, _: string, seconds: number) => (seconds > 3e7 ? undefined : value),
      'takes data of a session that lives for 400 days',
    ],
    [
      'forgets what lives shortly',
      (value: string, _: string, seconds: number) => (seconds < 100 ? undefined : value),
      'takes data of a session that lives for a second',
    ],
  ])('finds that a place %s', async (_, change, name) => {
    const found = names(await failures(dataStoreContract(() => place(change))))
    expect(found.join('\n')).toContain(name)
  })

  it('finds that a place gives every key the same entry, also for a key that it does not have', async () => {
    const one: { value?: string } = {}
    const adapter = {
      read: async () => one.value,
      write: async (_: string, value: string) => {
        one.value = value
      },
    }
    const found = names(await failures(dataStoreContract(() => () => dataStore(adapter))))
    expect(found).toContain('keeps every entry apart, also equal ones')
    expect(found.join('\n')).toContain('tells what it does not have')
  })
})

describe('the contract of a session index', () => {
  const faultyStore = (faults: (store: SessionIndexStore) => Partial<SessionIndexStore>) => () => {
    const store = memorySessionIndexStore(testClock())
    return { ...store, ...faults(store) }
  }
  const FAULTS: [string, (store: SessionIndexStore) => Partial<SessionIndexStore>][] = [
    ['knows nothing at first', () => ({ read: async () => null })],
    [
      'lists what was written for the subject, and nothing of another',
      (store) => ({ list: () => store.list('a'.repeat(64)) }),
    ],
    [
      'keeps the last record written',
      (store) => ({
        write: async (subject, family, record, seconds) => {
          if ((await store.read(subject, family)) === undefined) {
            await store.write(subject, family, record, seconds)
          }
        },
      }),
    ],
    ['removes one record, also one that is not there', () => ({ remove: async () => {} })],
    [
      'takes a record of 900 bytes, and one that need not live long',
      (store) => ({
        write: async (subject, family, record, seconds) => {
          if (JSON.stringify(record).length < 900) {
            await store.write(subject, family, record, seconds)
          }
        },
      }),
    ],
    [
      'lists more than a thousand records',
      (store) => ({ list: async (subject) => (await store.list(subject)).slice(0, 1_000) }),
    ],
  ]

  it.each(FAULTS)('finds that a store does not keep: %s', async (name, faults) => {
    expect(names(await failures(sessionIndexContract(faultyStore(faults))))).toContain(name)
  })

  it('has a fault for each case, and finds none in a good store', async () => {
    const cases = sessionIndexContract(faultyStore(() => ({})))
    expect(FAULTS.map(([name]) => name)).toEqual(cases.map(({ name }) => name))
    expect(await failures(cases)).toEqual([])
  })
})
