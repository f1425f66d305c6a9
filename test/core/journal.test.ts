/**
 * The journal of what was recorded lately: what it may be trusted with, and that a check with a fresh
 * one asks nobody.
 */

import { describe, expect, it } from 'vitest'
import {
  createSessionManager,
  generateKey,
  type RevocationChanges,
  type RevocationList,
  type SessionEvent,
  type SessionManager,
  type SessionOptions,
} from '../../src/index.ts'
import { JournalMarks } from '../../src/revocation/journal-marks.ts'
import { ListWithChanges } from '../kit/list-with-changes.ts'
import { type AnyData, isRemarkable, testClock, Visitor, withoutSession } from '../kit/visitor.ts'

const ADA = { scope: 'subject', subject: 'ada' } as const
const ALL = { scope: 'all' } as const
const SECOND = 1_000
const NOW = Date.parse('2026-03-01T12:00:00Z')

/** Asks and answers at one instant. */
function answer(journal: JournalMarks, changes: Partial<RevocationChanges>, now = NOW) {
  const question = journal.question(now)
  const full = { now, from: question.since, marks: [], ...changes }
  return journal.take(question, full as RevocationChanges, now)
}

describe('a journal', () => {
  it('reaches five minutes back at first, and covers the end of the last answer again', () => {
    const journal = new JournalMarks()
    expect(journal.question(NOW).since).toBe(NOW - 300 * SECOND)
    answer(journal, {})
    expect(journal.question(NOW + 10 * SECOND).since).toBe(NOW - 5 * SECOND)
  })

  it.each([
    [-1, false],
    [0, true],
    [1, true],
  ])(
    'is trusted with a check that was made 120 s after it begins, give or take %i ms',
    (off, trusted) => {
      const journal = new JournalMarks()
      expect(journal.reaches(NOW)).toBe(false)
      answer(journal, { from: NOW - 300 * SECOND })
      expect(journal.reaches(NOW - 180 * SECOND + off)).toBe(trusted)
      expect(journal.reaches(undefined)).toBe(false)
    },
  )

  it('goes on reaching back as answers follow each other', () => {
    const journal = new JournalMarks()
    for (let s = 0; s <= 600; s += 10) answer(journal, {}, NOW + s * SECOND)
    expect(journal.reaches(NOW - 180 * SECOND)).toBe(true)
  })

  it('begins anew after an answer that has a gap', () => {
    const journal = new JournalMarks()
    answer(journal, {})
    answer(journal, { from: NOW + 8 * SECOND }, NOW + 10 * SECOND)
    expect(journal.reaches(NOW + 127 * SECOND)).toBe(false)
    expect(journal.reaches(NOW + 128 * SECOND)).toBe(true)
  })

  it('keeps what it was told for an hour, and then reaches less far', () => {
    const journal = new JournalMarks()
    answer(journal, { marks: [[ADA, 5]] })
    answer(journal, {}, NOW + 3_600 * SECOND)
    expect(journal.markOf(ADA)).toBe(5)
    expect(journal.reaches(NOW - 180 * SECOND)).toBe(true)
    answer(journal, {}, NOW + 3_601 * SECOND)
    expect(journal.markOf(ADA)).toBeUndefined()
    expect(journal.reaches(NOW + 120 * SECOND)).toBe(false)
    expect(journal.reaches(NOW + 121 * SECOND)).toBe(true)
  })

  it('keeps 50,000 marks, the latest, and then reaches less far', () => {
    const journal = new JournalMarks()
    const marks = (from: number, count: number) =>
      Array.from(
        { length: count },
        (_, i) => [{ scope: 'session', sid: String(from + i) }, 1] as const,
      )
    answer(journal, { marks: marks(0, 50_000) })
    expect(journal.reaches(NOW - 180 * SECOND)).toBe(true)
    answer(journal, { marks: marks(50_000, 1) }, NOW + 10 * SECOND)
    expect(journal.markOf({ scope: 'session', sid: '0' })).toBeUndefined()
    expect(journal.markOf({ scope: 'session', sid: '50000' })).toBe(1)
    expect(journal.reaches(NOW + 120 * SECOND)).toBe(false)
    expect(journal.reaches(NOW + 121 * SECOND)).toBe(true)
  })

  it('keeps the mark that came last', () => {
    const journal = new JournalMarks()
    answer(journal, { marks: [[ADA, 5]] })
    answer(journal, { marks: [[ADA, 3]] })
    expect(journal.markOf(ADA)).toBe(3)
  })

  it('keeps a mark far ahead only as long as each answer says so, and tells of it once', () => {
    const journal = new JournalMarks()
    const ban = [ADA, NOW + 61 * SECOND] as const
    expect(answer(journal, { marks: [ban] })).toEqual(['subject'])
    expect(journal.markOf(ADA)).toBe(Number.POSITIVE_INFINITY)
    expect(answer(journal, { marks: [ban] })).toEqual([])
    answer(journal, {})
    expect(journal.markOf(ADA)).toBeUndefined()
    answer(journal, { marks: [[ADA, NOW + 60 * SECOND]] })
    answer(journal, {})
    expect(journal.markOf(ADA)).toBe(NOW + 60 * SECOND)
  })

  it('keeps a sid whatever its mark', () => {
    const journal = new JournalMarks()
    const target = { scope: 'replaced', sid: 'x' } as const
    expect(answer(journal, { marks: [[target, Number.POSITIVE_INFINITY]] })).toEqual([])
    answer(journal, {})
    expect(journal.markOf(target)).toBe(Number.POSITIVE_INFINITY)
  })

  it('keeps a mark for an hour after it was told of last', () => {
    const journal = new JournalMarks()
    for (const second of [0, 1_800]) {
      answer(journal, { marks: [[ADA, 5]] }, NOW + second * SECOND)
    }
    answer(journal, {}, NOW + 3_700 * SECOND)
    expect(journal.markOf(ADA)).toBe(5)
  })

  it('is as old as the copy that was answered', () => {
    const journal = new JournalMarks()
    answer(journal, { now: NOW - 4 * SECOND, age: 4 * SECOND })
    expect(journal.checkedAt).toBe(NOW - 4 * SECOND)
  })

  it('ignores an answer that was overtaken by a later one', () => {
    const journal = new JournalMarks()
    const [slow, quick] = [journal.question(NOW), journal.question(NOW + SECOND)]
    const answerTo = ({ since, asked }: typeof slow) => ({ now: asked, from: since, marks: [] })
    journal.take(quick, answerTo(quick), NOW + SECOND)
    journal.take(slow, answerTo(slow), NOW + 2 * SECOND)
    expect(journal.checkedAt).toBe(NOW + SECOND)
    expect(journal.question(NOW + 3 * SECOND).since).toBe(NOW - 4 * SECOND)
  })

  it.each([
    ['back by 2 s, which the overlap covers', -2, true],
    ['back by 5 s, so that its end is not where the next answer begins', -5, false],
    ['forward by 30 s', 30, true],
  ])("when the list's clock is set %s", (_, step, trusted) => {
    const journal = new JournalMarks()
    answer(journal, {})
    const later = NOW + 10 * SECOND
    answer(journal, { now: later + step * SECOND }, later)
    expect(journal.reaches(NOW - 180 * SECOND)).toBe(trusted)
  })

  it.each([
    ['by a minute', 60, true],
    ['by a minute, behind', -60, true],
    ['by more', 60.001, false],
    ['by more, behind', -60.001, false],
  ])("works with a list's clock that is off %s", (_, off, works) => {
    const journal = new JournalMarks()
    const take = () => answer(journal, { now: NOW + off * SECOND })
    if (works) expect(take).not.toThrow()
    else expect(take).toThrow("the list's clock and this server's are more than a minute apart")
  })

  it.each([
    ['nothing', undefined],
    ['no instant', { now: Number.NaN }],
    ['a text for an instant', { now: 'now' }],
    ['no beginning', { from: Number.NaN }],
    ['a beginning after its end', { from: NOW + 2 * SECOND }],
    ['an age below 0', { age: -1 }],
    ['an age that is none', { age: Number.NaN }],
    ['no marks', { marks: null }],
    ['a damaged row', { marks: [[ADA]] }],
    ['a row that is no row', { marks: [7] }],
    ['a mark that is a text', { marks: [[ADA, '5']] }],
    ['a row without a target', { marks: [[undefined, 5]] }],
  ])('refuses %s, and is what it was before', (_, changes) => {
    const journal = new JournalMarks()
    answer(journal, {})
    const question = journal.question(NOW + SECOND)
    const full = changes && { now: NOW + SECOND, from: question.since, marks: [], ...changes }
    expect(() => journal.take(question, full as never, NOW + SECOND)).toThrow(TypeError)
    expect(journal.checkedAt).toBe(NOW)
    expect(journal.markOf(ADA)).toBeUndefined()
  })

  it('knows nothing after it was reset', () => {
    const journal = new JournalMarks()
    answer(journal, { marks: [[ADA, NOW + 3_600 * SECOND]] })
    journal.reset()
    expect(journal.reaches(NOW)).toBe(false)
    expect(journal.checkedAt).toBeUndefined()
    expect(journal.markOf(ADA)).toBeUndefined()
  })
})

/** Isolates with one list that has `changes`, and a browser of ada's. */
async function site(options: Partial<SessionOptions<AnyData>> = {}) {
  const clock = testClock()
  const list = new ListWithChanges(clock)
  const events: Omit<SessionEvent, 'session'>[] = []
  const keys = generateKey()
  const isolate = (revocationList: RevocationList = list) =>
    createSessionManager<AnyData>({
      keys,
      revocationList,
      recheckAfter: 10,
      now: clock,
      onEvent: (event) => {
        if (isRemarkable(event)) events.push(withoutSession(event))
      },
      ...options,
    })
  const visitor = new Visitor(isolate(), clock)
  await visitor.visit((session) => session.signIn('ada'))
  return { clock, list, events, isolate, visitor }
}

const state = (visitor: Visitor) => visitor.see(({ subject, ended }) => subject ?? ended)
/** Lets what was begun in the background be done. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('a check with a journal', () => {
  it('asks for what has changed once in recheckAfter, however many sessions there are', async () => {
    const { clock, list, isolate, visitor } = await site()
    const manager = isolate()
    const visitors = Array.from({ length: 50 }, () => new Visitor(manager, clock))
    for (const one of visitors) await one.visit((session) => session.signIn('bob'))
    clock.pass(11)
    for (const one of visitors) expect(await state(one)).toBe('bob')
    expect(list.counted).toEqual({ reads: 0, changes: 1, writes: 0 })
    expect(await state(visitor)).toBe('ada')
    expect(list.counted).toEqual({ reads: 0, changes: 2, writes: 0 })
  })

  it('asks in the background from half of recheckAfter on, at most twice in each', async () => {
    const { clock, list, visitor } = await site()
    const seen: number[] = []
    for (let second = 0; second < 100; second++) {
      clock.pass(1)
      expect(await state(visitor)).toBe('ada')
      await settled()
      seen.push(list.counted.changes)
    }
    expect(seen.at(-1)).toBeGreaterThanOrEqual(10)
    expect(seen.at(-1)).toBeLessThanOrEqual(20)
    expect(list.counted.reads).toBe(0)
  })

  it('has asked before it is needed, so that no request waits', async () => {
    const { clock, list, visitor } = await site()
    const { changes } = list
    const maxAges: unknown[] = []
    list.changes = (since, maxAge) => {
      maxAges.push(maxAge)
      return changes(since)
    }
    const asked: number[] = []
    for (const seconds of [0, 4.999, 0.001, 4.999, 0.001]) {
      clock.pass(seconds)
      await visitor.visit()
      await settled()
      asked.push(list.counted.changes)
    }
    expect(asked).toEqual([1, 1, 2, 2, 3])
    // An answer may be as old as half of recheckAfter.
    expect(maxAges).toEqual([5_000, 5_000, 5_000])
    list.changes = () => new Promise(() => {})
    clock.pass(6)
    expect(await state(visitor)).toBe('ada')
  })

  it.each([
    [9, 'ada'],
    [10, 'revoked'],
  ])('ends, %i s later, what was ended elsewhere: %s', async (seconds, expected) => {
    for (const target of [ADA, ALL, { scope: 'since', subject: 'ada' } as const]) {
      const { clock, list, visitor } = await site()
      await list.write(target, clock(), 3_600)
      clock.pass(seconds)
      expect(await state(visitor)).toBe(expected)
      expect(list.counted.reads).toBe(0)
    }
  })

  it('ends a session at once of which the journal learned for another', async () => {
    const { clock, list, isolate, visitor } = await site()
    const manager = isolate()
    const [ada, bob] = [visitor.copy(manager), new Visitor(manager, clock)]
    await bob.visit((session) => session.signIn('bob'))
    clock.pass(8)
    await list.write(ADA, clock(), 3_600)
    clock.pass(2)
    expect(await state(bob)).toBe('bob')
    await ada.visit()
    const late = new Visitor(manager, clock, ada.jar)
    expect(await state(late)).toBe('revoked')
    expect(list.counted.reads).toBe(0)
  })

  it('asks by key where a real check is demanded', async () => {
    const { clock, list, visitor } = await site()
    clock.pass(11)
    await visitor.visit((session) => session.recheck())
    expect(list.counted.reads).toBe(1)
  })

  it('asks by key about a session whose last check is older than the journal reaches', async () => {
    const { clock, list, isolate, visitor } = await site({ idleTimeout: 7_200 })
    for (const [seconds, reads] of [
      [180, 0],
      [180.001, 1],
    ] as const) {
      await visitor.visit((session) => session.recheck())
      list.counted.reads = 0
      const elsewhere = visitor.copy(isolate())
      clock.pass(seconds)
      expect(await state(elsewhere)).toBe('ada')
      expect(list.counted.reads).toBe(reads)
    }
  })

  it('and finds what no journal tells any more', async () => {
    const { clock, list, isolate, visitor } = await site()
    const copy = visitor.copy(isolate())
    await list.write(ADA, clock(), 36_000)
    clock.pass(1_000)
    expect(await state(copy)).toBe('revoked')
    expect(list.counted.reads).toBe(1)
  })

  it('never puts a check into the future, however far ahead the clock of the list is', async () => {
    const { clock, list, visitor, isolate } = await site()
    list.clockIsOff = 59
    clock.pass(11)
    expect(await state(visitor)).toBe('ada')
    clock.pass(9)
    await list.write(ADA, clock(), 3_600)
    clock.pass(1)
    expect(await state(visitor.copy(isolate()))).toBe('revoked')
  })

  it('with recheckAfter 0 asks by key at every request', async () => {
    const { list, visitor } = await site({ recheckAfter: 0 })
    await visitor.visit()
    await visitor.visit()
    expect(list.counted).toEqual({ reads: 2, changes: 0, writes: 0 })
  })

  it('does not set the activity cookie for a passive request more often than recheckAfter', async () => {
    const { clock, visitor } = await site()
    let set = 0
    for (let second = 0; second < 100; second++) {
      clock.pass(1)
      const response = await visitor.visit(() => {}, { 'session-activity': 'passive' })
      set += response.headers.getSetCookie().length
      await settled()
    }
    expect(set).toBeLessThanOrEqual(20)
  })
})

/** Another session of ada's in an isolate. */
async function anotherOf(manager: SessionManager<AnyData>, clock: () => number): Promise<Visitor> {
  const visitor = new Visitor(manager, clock)
  await visitor.visit((session) => session.signIn('ada'))
  return visitor
}

describe('a list that answers wrongly to changes', () => {
  const wrong: [string, RevocationList['changes']][] = [
    ['rejects', async () => Promise.reject(new Error('no such method'))],
    ['answers with nothing', async () => undefined as never],
    [
      'has a clock that is off',
      async (since) => ({ now: since - 1e6, from: since - 2e6, marks: [] }),
    ],
    [
      'answers with damaged rows',
      async (since) => ({ now: since, from: since, marks: [[ADA]] as never }),
    ],
  ]
  it.each(wrong)(
    'and %s is asked by key, with an event, and again after recheckAfter',
    async (_, changes) => {
      const { clock, list, isolate, events, visitor } = await site()
      list.changes = async (since, maxAge) => {
        list.counted.changes++
        return (changes as NonNullable<typeof changes>)(since, maxAge)
      }
      const manager = isolate()
      const [copy, old] = [visitor.copy(manager), await anotherOf(manager, clock)]
      clock.pass(11)
      expect(await state(copy)).toBe('ada')
      expect(list.counted).toEqual({ reads: 1, changes: 1, writes: 0 })
      expect(events.map(({ type }) => type)).toEqual(['revocation-changes'])
      clock.pass(9)
      expect(await state(old)).toBe('ada')
      expect(list.counted).toEqual({ reads: 2, changes: 1, writes: 0 })
      clock.pass(-9)
      list.counted.reads--
      await list.write(ADA, clock(), 3_600)
      clock.pass(10)
      expect(await state(copy)).toBe('revoked')
      expect(list.counted).toMatchObject({ reads: 2, changes: 2 })
    },
  )

  it('is asked by key from then on, though an answer before was good', async () => {
    const { clock, list, visitor } = await site()
    await visitor.visit()
    const copy = visitor.copy()
    list.changes = async () => Promise.reject(new Error('no such method'))
    clock.pass(5)
    // In the background it finds that it can rely on the journal no more.
    await visitor.visit()
    await settled()
    clock.pass(6)
    await copy.visit()
    expect(list.counted.reads).toBe(1)
  })

  it('is asked for all of the last five minutes again, as at first', async () => {
    const { clock, list, visitor } = await site()
    await visitor.visit()
    const changes = list.changes?.bind(list)
    list.changes = async () => ({ now: Number.NaN, from: 0, marks: [] })
    clock.pass(11)
    await visitor.visit()
    const asked: number[] = []
    list.changes = async (since, maxAge) => {
      asked.push(clock() - since)
      return (changes as NonNullable<typeof changes>)(since, maxAge)
    }
    clock.pass(11)
    await visitor.visit()
    expect(asked).toEqual([300_000])
  })

  it('and says that there was more than it can tell is asked by key about those before', async () => {
    const { clock, list, isolate, visitor } = await site()
    await list.write(ADA, clock(), 3_600)
    for (let i = 0; i < 10; i++) await list.write({ scope: 'session', sid: `${i}` }, clock(), 3_600)
    list.mostMarks = 5
    clock.pass(11)
    expect(await state(visitor.copy(isolate()))).toBe('revoked')
    expect(list.counted.reads).toBe(1)
  })
})

describe('an event', () => {
  it('tells of a mark that is no instant, once', async () => {
    const { clock, list, events, visitor, isolate } = await site()
    await list.write(ADA, Number.POSITIVE_INFINITY, 3_600)
    clock.pass(11)
    const copy = visitor.copy(isolate())
    expect(await state(copy)).toBe('revoked')
    expect(events).toEqual([
      { type: 'revocation-unreadable', scope: 'subject' },
      { type: 'ended', reason: 'revoked' },
    ])
    await list.write(ADA, 1, 3_600)
    clock.pass(10)
    // Mended, which the isolate learns in the background.
    expect(await state(copy)).toBe('revoked')
    await settled()
    expect(await state(copy)).toBe('ada')
  })
})
