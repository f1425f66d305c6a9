/** What a page knows of its session, and the events that follow: without a browser or a server. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Said } from '../../src/client/ask.ts'
import { SessionState } from '../../src/client/session-state.ts'

const NOW = Date.UTC(2026, 10, 26)
const WARN_BEFORE = 20_000
const EVENTS = ['warning', 'extended', 'overdue', 'ended', 'resumed']

class Page extends SessionState {
  readonly heard: unknown[] = []

  constructor(tags: readonly string[] = []) {
    super(WARN_BEFORE, tags)
    this.clock.set(NOW)
    for (const type of EVENTS) {
      this.addEventListener(type, (event) => {
        this.heard.push([type, (event as CustomEvent).detail])
      })
    }
  }

  hears(said: Said): unknown[] {
    this.follow(said)
    return this.heard.splice(0)
  }

  pass(seconds: number): unknown[] {
    vi.advanceTimersByTime(seconds * 1000)
    this.judge()
    return this.heard.splice(0)
  }

  get untilNews(): number {
    return this.judge()
  }
}

const alive = (secondsLeft: number, facts: Partial<Said> = {}) =>
  ({
    ...{ is: 'alive', limit: 'idle', idleTimeout: 60_000, tags: ['tag'], startedAt: NOW },
    ...{ idleAt: NOW + secondsLeft * 1000, endAt: NOW + secondsLeft * 1000 },
    ...{ askedAt: NOW, saidAt: NOW },
    ...facts,
  }) as Said

const over = (reason = 'idle', recorded?: boolean) =>
  ({ is: 'over', reason, recorded, askedAt: NOW }) as Said

const warning = (secondsLeft: number, limit = 'idle') => ['warning', { secondsLeft, limit }]

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a session that comes to its end', () => {
  it('is warned of once, is overdue two seconds after the end, and is never said to be over', () => {
    const page = new Page()
    expect(page.hears(alive(60))).toEqual([])
    expect(page.untilNews).toBe(40_000)
    expect(page.pass(39)).toEqual([])
    expect([page.state, page.secondsLeft]).toEqual(['active', 21])
    expect(page.pass(1)).toEqual([warning(20)])
    expect(page.untilNews).toBe(22_000)
    expect(page.pass(21)).toEqual([])
    expect([page.secondsLeft, page.overdue]).toEqual([0, false])
    expect(page.pass(1)).toEqual([['overdue', null]])
    expect(page.untilNews).toBe(Infinity)
    expect(page.pass(100)).toEqual([])
    expect(page.state).toBe('warning')
  })

  it('is extended by an answer, also when it was overdue', () => {
    const page = new Page()
    page.hears(alive(60))
    page.pass(62)
    expect(page.hears(alive(120))).toEqual([['extended', { secondsLeft: 58 }]])
    expect([page.state, page.overdue]).toEqual(['active', false])
  })

  it('is warned of again when an extension brings it near another limit', () => {
    const page = new Page()
    page.hears(alive(60))
    page.pass(45)
    expect(page.hears(alive(62, { limit: 'absolute' }))).toEqual([
      ['extended', { secondsLeft: 17 }],
      warning(17, 'absolute'),
    ])
    expect(page.hears(alive(62, { limit: 'absolute' }))).toEqual([])
    // The same end, for another reason.
    expect(page.hears(alive(62))).toEqual([warning(17)])
  })

  it('says that it moved away when the end is nearer than before, and no longer near', () => {
    const page = new Page()
    page.hears(alive(60))
    page.pass(45)
    // The server's clock was wrong by half a minute.
    expect(page.hears(alive(75, { saidAt: NOW + 45_000 }))).toHaveLength(1)
    expect(page.state).toBe('active')
  })
})

describe('a session that is over', () => {
  it('is said to be once for each reason', () => {
    const page = new Page()
    page.hears(alive(60))
    expect(page.hears(over('signed-out', true))).toEqual([
      ['ended', { reason: 'signed-out', recorded: true }],
    ])
    expect(page.hears(over('signed-out'))).toEqual([])
    expect(page.hears(alive(60, { tags: ['other'] }))).toEqual([
      ['ended', { reason: 'other-subject', recorded: undefined }],
    ])
    expect([page.state, page.reason]).toEqual(['ended', 'other-subject'])
  })

  it('goes on when the same subject is back, and is warned of at once if it is near', () => {
    const page = new Page()
    page.hears(alive(60))
    page.hears(over())
    expect(page.hears(alive(60))).toEqual([['resumed', { secondsLeft: 60 }]])
    expect([page.state, page.reason]).toEqual(['active', undefined])
    page.hears(over())
    expect(page.hears(alive(10))).toEqual([['resumed', { secondsLeft: 10 }], warning(10)])
  })

  it('can be answered by the app, and nothing else can', () => {
    const page = new Page()
    const cancelable: boolean[] = []
    for (const type of ['warning', 'ended']) {
      page.addEventListener(type, (event) => cancelable.push(event.cancelable))
    }
    page.hears(alive(10))
    page.hears(over())
    expect(cancelable).toEqual([false, true])
  })

  it('has nothing to say once the watcher has stopped', () => {
    const page = new Page()
    page.hears(alive(60))
    page.state = 'stopped'
    expect(page.hears(over())).toEqual([])
  })
})

describe('the subject', () => {
  it.each([
    ['is the one of the first answer', [], ['tag'], true],
    ['is known by one tag of several', ['new', 'old'], ['old'], true],
    ['may be unknown to an older server', ['tag'], [], true],
    ['may be another', ['tag'], ['other'], false],
  ])('%s', (_, known, tags, isSame) => {
    const page = new Page(known)
    page.hears(alive(60, { tags }))
    expect(page.reason).toBe(isSame ? undefined : 'other-subject')
  })
})

it('a warning time that is not below the idle timeout is reported, and halved', () => {
  const errors: Error[] = []
  vi.stubGlobal('reportError', (error: Error) => errors.push(error))
  const page = new Page()
  expect(page.hears(alive(20, { idleTimeout: 20_000 }))).toEqual([])
  expect(errors.map(String)).toEqual([
    'TypeError: "warnBefore" must be less than 20, the idle timeout; got 20',
  ])
  expect(page.pass(9)).toEqual([])
  expect(page.pass(1)).toEqual([warning(10)])
})
