/** What a page asks the server, and what the answers are worth, with a `fetch` and a clock in hand. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Answer, Route } from '../../src/client/ask.ts'
import { serverClock } from '../../src/client/clock.ts'
import type { SessionStatus } from '../../src/client/protocol.ts'
import { questions } from '../../src/client/questions.ts'

const NOW = Date.UTC(2026, 10, 26)
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString()

const ALIVE: SessionStatus = {
  signedIn: true,
  now: at(0),
  idleExpiresAt: at(60),
  absoluteExpiresAt: at(600),
  startedAt: at(-5),
  idleTimeout: 60,
  subjectTags: ['tag'],
  ended: null,
}
const OVER = { signedIn: false, now: at(0), ended: null }

/** Answers of the server, one for each request, and the requests. */
function server() {
  const requests: { url: string; init: RequestInit }[] = []
  const waiting: ((answer: Response | Error) => void)[] = []
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    requests.push({ url, init })
    return new Promise<Response>((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new Error('aborted')))
      waiting.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)))
    })
  })
  const answer = async (body: unknown, status = 200) => {
    waiting.shift()?.(
      typeof body === 'string' ? new Response(body) : Response.json(body, { status }),
    )
    await vi.advanceTimersByTimeAsync(0)
  }
  const fail = async () => {
    waiting.shift()?.(new TypeError('no network'))
    await vi.advanceTimersByTimeAsync(0)
  }
  return { requests, answer, fail }
}

function page() {
  const heard: [Answer, Route][] = []
  const slow: number[] = []
  const clock = serverClock()
  const asker = questions('https://app.example/session', clock, {
    onAnswer: (answer, route) => void heard.push([answer, route]),
    onSlow: () => void slow.push(performance.now()),
  })
  return { ...asker, ask: (route: Route) => asker.ask(route, 'tag'), heard, slow, clock }
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a question', () => {
  it('is a GET that is no activity, and says for whom the page was made', async () => {
    const { requests } = server()
    void page().ask('')
    const [{ url, init } = { url: '', init: {} }] = requests
    expect([url, init.method, init.keepalive, init.cache]).toEqual([
      'https://app.example/session',
      'GET',
      false,
      'no-store',
    ])
    expect(init.headers).toEqual({ 'Session-Activity': 'passive', 'Session-Subject': 'tag' })
  })

  it.each(['/touch', '/sign-out'] as const)(
    '%s is a POST that outlives the page',
    async (route) => {
      const { requests } = server()
      void page().ask(route)
      expect(requests[0]?.url).toBe(`https://app.example/session${route}`)
      expect(requests[0]?.init).toMatchObject({ method: 'POST', keepalive: true })
    },
  )

  it.each([
    ['an error page', '<h1>Gateway</h1>', 200],
    ['an error in JSON', { error: 'revocation-unavailable' }, 503],
    ['nobody’s form', { signedIn: 'no', now: at(0) }, 401],
    ['an answer without a clock', { signedIn: false, ended: null }, 200],
    ['a session without an end', { ...ALIVE, idleExpiresAt: null }, 200],
  ])('has no answer in %s', async (_, body, status) => {
    const { answer } = server()
    const { ask, heard } = page()
    void ask('')
    await answer(body, status)
    expect(heard).toEqual([[{ status }, '']])
  })

  it('has no answer, and no status, without a network', async () => {
    const { fail } = server()
    const { ask, heard } = page()
    void ask('')
    await fail()
    expect(heard).toEqual([[{}, '']])
  })

  it('tells when the session ends, which limit that is, and when it was asked and said', async () => {
    const { answer } = server()
    const { ask } = page()
    const asked = ask('')
    await vi.advanceTimersByTimeAsync(2000)
    await answer({ ...ALIVE, now: at(2) })
    expect(await asked).toEqual({
      ...{ is: 'alive', limit: 'idle', endAt: NOW + 60_000, idleAt: NOW + 60_000 },
      ...{ askedAt: NOW, saidAt: NOW + 2000, startedAt: NOW - 5000, idleTimeout: 60_000 },
      tags: ['tag'],
    })
  })

  it.each([
    ['a sign-out that was recorded', '/sign-out', 200, true],
    ['a sign-out that was not', '/sign-out', 503, false],
    ['a session that is gone', '', 200, undefined],
  ] as const)('tells of %s', async (_, route, status, recorded) => {
    const { answer } = server()
    const asked = page().ask(route)
    await answer({ ...OVER, ended: 'revoked' }, status)
    expect(await asked).toEqual({ is: 'over', reason: 'revoked', recorded, askedAt: NOW })
  })

  it('without a cookie is answered with a sign-out', async () => {
    const { answer } = server()
    const asked = page().ask('')
    await answer(OVER)
    expect(await asked).toMatchObject({ reason: 'signed-out' })
  })
})

describe('the server’s clock', () => {
  it('was read in the middle of the round trip', async () => {
    const { answer } = server()
    const { ask, clock } = page()
    void ask('')
    await vi.advanceTimersByTimeAsync(4000)
    await answer({ ...ALIVE, now: at(100) })
    expect(clock.now()).toBe(NOW + 102_000)
  })

  it('was read at the beginning of a long one', async () => {
    const { answer } = server()
    const { ask, clock } = page()
    void ask('')
    await vi.advanceTimersByTimeAsync(10_001)
    await answer({ ...ALIVE, now: at(100) })
    expect(clock.now()).toBe(NOW + 110_001)
  })

  it('goes on while the device sleeps, and does not while its own clock is set back', async () => {
    const clock = serverClock()
    clock.set(NOW)
    expect(clock.doubt()).toBe(0)
    vi.setSystemTime(NOW + 2000)
    expect(clock.doubt()).toBe(0)
    vi.setSystemTime(NOW + 60_000)
    expect(clock.doubt()).toBe(60_000)
    expect(clock.now()).toBe(NOW)
    clock.assumeSleep()
    expect(clock.now()).toBe(NOW + 60_000)
    clock.set(NOW + 60_000)
    expect(clock.now()).toBe(NOW + 60_000)
    vi.setSystemTime(NOW)
    expect(clock.doubt()).toBe(-60_000)
    clock.assumeSleep()
    expect(clock.now()).toBe(NOW + 60_000)
    clock.set(NOW + 5000)
    expect(clock.doubt()).toBe(0)
    expect(clock.now()).toBe(NOW + 5000)
  })
})

describe('of two questions', () => {
  it.each([
    ['', '/touch'],
    ['', '/sign-out'],
    ['/touch', '/sign-out'],
  ] as const)('a "%s" shares the answer of a "%s" under way', async (lesser, greater) => {
    const { requests, answer } = server()
    const { ask, heard, isAsking } = page()
    const answers = [ask(greater), ask(lesser), ask(greater)]
    expect(isAsking()).toBe(true)
    await answer(OVER)
    expect(new Set(await Promise.all(answers)).size).toBe(1)
    expect(requests).toHaveLength(1)
    expect(heard).toHaveLength(1)
    expect(isAsking()).toBe(false)
  })

  it.each([
    ['/touch', ''],
    ['/sign-out', ''],
    ['/sign-out', '/touch'],
  ] as const)('a "%s" replaces a "%s" under way', async (greater, lesser) => {
    const { requests, answer } = server()
    const { ask, heard } = page()
    const replaced = ask(lesser)
    const asked = ask(greater)
    expect(await replaced).toEqual({})
    expect(heard).toEqual([])
    await answer(OVER)
    await answer(OVER)
    expect(await asked).toMatchObject({ is: 'over' })
    expect(heard).toHaveLength(1)
    expect(requests).toHaveLength(2)
  })
})

describe('a server that is silent', () => {
  it('is said to be slow after 10 seconds, and is asked no longer than 30', async () => {
    server()
    const { ask, heard, slow, isAsking } = page()
    void ask('/touch')
    const began = performance.now()
    await vi.advanceTimersByTimeAsync(9999)
    expect(slow).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(slow).toEqual([began + 10_000])
    await vi.advanceTimersByTimeAsync(19_999)
    expect(heard).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(heard).toEqual([[{}, '/touch']])
    expect(isAsking()).toBe(false)
  })

  it('is not slow to a question that was dropped or answered', async () => {
    const { answer } = server()
    const { ask, heard, slow, drop } = page()
    void ask('')
    drop()
    await vi.advanceTimersByTimeAsync(30_000)
    expect([heard, slow]).toEqual([[], []])
    void ask('')
    await answer(OVER)
    await answer(OVER)
    await vi.advanceTimersByTimeAsync(30_000)
    expect([heard.length, slow]).toEqual([1, []])
  })
})
