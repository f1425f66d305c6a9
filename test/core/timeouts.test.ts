import { describe, expect, it } from 'vitest'
import { createSessionManager, generateKey, type Session } from '../../src/index.ts'
import { ACTIVITY, cookiesSet, SESSION, setUp, testClock } from '../kit/visitor.ts'

const signIn = (remember?: boolean) => (session: Session) =>
  session.signIn('ada', remember === undefined ? {} : { remember })

/** What a request sees this many seconds after the last. */
async function after(seconds: number, options: Parameters<typeof setUp>[0] = {}, remember = false) {
  const { clock, visitor } = setUp(options)
  await visitor.visit(signIn(remember))
  clock.pass(seconds)
  return visitor.see(({ subject, ended }) => ({ subject, ended }))
}

describe('the idle timeout', () => {
  it.each([
    [1799, { subject: 'ada', ended: undefined }],
    [1800, { subject: undefined, ended: 'idle' }],
    [1801, { subject: undefined, ended: 'idle' }],
  ])('%i s after the last activity', async (seconds, seen) => {
    expect(await after(seconds)).toEqual(seen)
  })

  it('is half an hour by default, and the absolute one half a day', async () => {
    const now = testClock()
    const manager = createSessionManager({ keys: generateKey(), revocationList: 'none', now })
    const session = await manager.load(new Request('https://site.example/'))
    await session.signIn('ada')
    const { createdAt, idleExpiresAt, absoluteExpiresAt } = session
    expect(Number(idleExpiresAt) - Number(createdAt)).toBe(1_800_000)
    expect(Number(absoluteExpiresAt) - Number(createdAt)).toBe(43_200_000)
  })

  it.each([
    [604_799, 'ada', undefined],
    [604_800, undefined, 'idle'],
    [604_801, undefined, 'idle'],
  ])('%i s after the last activity of a remembered session', async (seconds, subject, ended) => {
    expect(await after(seconds, {}, true)).toEqual({ subject, ended })
  })

  it('slides with every request', async () => {
    const { clock, visitor } = setUp()
    await visitor.visit(signIn())
    for (let request = 0; request < 5; request++) {
      clock.pass(1799)
      expect(await visitor.see(({ subject }) => subject)).toBe('ada')
    }
  })

  it('does not slide with prefetches, passive requests and requests that the predicate refuses', async () => {
    const isActivity = (request: Request) => request.headers.get('x-poll') === null
    for (const [options, headers] of [
      [{}, { 'Sec-Purpose': 'prefetch;prerender' }],
      [{}, { Purpose: 'prefetch' }],
      [{}, { 'Session-Activity': 'passive' }],
      [{ isActivity }, { 'x-poll': '1' }],
      [{ isActivity }, { 'Sec-Purpose': 'prefetch' }],
    ] as const) {
      const { clock, visitor } = setUp(options)
      await visitor.visit(signIn())
      clock.pass(1000)
      expect(await visitor.see(({ subject }) => subject, headers)).toBe('ada')
      clock.pass(800)
      expect(await visitor.see(({ ended }) => ended)).toBe('idle')
    }
  })

  it('slides or not, as the handler decides for its own request', async () => {
    const { clock, visitor } = setUp()
    await visitor.visit(signIn())
    clock.pass(1000)
    await visitor.visit((session) => session.touch(), { 'Session-Activity': 'passive' })
    clock.pass(1000)
    const answer = await visitor.visit((session) => session.skipTouch())
    expect(cookiesSet(answer)).toEqual([])
    clock.pass(799)
    expect(await visitor.see(({ ended }) => ended, { Purpose: 'prefetch' })).toBeUndefined()
    clock.pass(1)
    expect(await visitor.see(({ ended }) => ended)).toBe('idle')
  })

  it('copies the last activity when a passive request writes', async () => {
    const { clock, visitor } = setUp()
    await visitor.visit(signIn())
    clock.pass(1000)
    const answer = await visitor.visit(
      (session) => {
        session.data.note = 'written'
      },
      { 'Session-Activity': 'passive' },
    )
    expect(cookiesSet(answer)).toContain(SESSION)
    clock.pass(800)
    expect(await visitor.see(({ ended }) => ended)).toBe('idle')
  })

  it('counts from the session cookie alone when the activity cookie is lost', async () => {
    const { clock, visitor } = setUp()
    await visitor.visit(signIn())
    visitor.jar.set(`${ACTIVITY}=; Path=/; Secure; HttpOnly; Max-Age=0`, 'https://site.example/')
    clock.pass(1799)
    expect(await visitor.see(({ subject }) => subject)).toBe('ada')
    expect(visitor.jar.names()).toContain(ACTIVITY)
  })

  it('is recorded at most once per touchAfter', async () => {
    const { clock, visitor } = setUp({ touchAfter: 60 })
    await visitor.visit(signIn())
    clock.pass(59)
    expect(cookiesSet(await visitor.visit())).toEqual([])
    clock.pass(1)
    expect(cookiesSet(await visitor.visit())).toEqual([ACTIVITY])
  })

  it('is recorded at once when the handler calls touch()', async () => {
    const { clock, visitor } = setUp({ touchAfter: 60 })
    await visitor.visit(signIn())
    clock.pass(1)
    const answer = await visitor.visit((session) => session.touch())
    expect(cookiesSet(answer)).toEqual([ACTIVITY])
    expect(await visitor.see(({ lastActivityAt }) => lastActivityAt?.getTime())).toBe(clock())
  })
})

describe('the absolute timeout', () => {
  it.each([
    [43_199, 'ada', undefined],
    [43_200, undefined, 'absolute'],
    [43_201, undefined, 'absolute'],
  ])('%i s after the sign-in, whatever the use', async (seconds, subject, ended) => {
    const { clock, visitor } = setUp()
    await visitor.visit(signIn())
    const step = 1000
    for (let passed = 0; passed + step < seconds; passed += step) {
      clock.pass(step)
      await visitor.visit()
    }
    clock.pass(seconds % step)
    expect(await visitor.see((session) => [session.subject, session.ended])).toEqual([
      subject,
      ended,
    ])
  })

  it('is not moved by a write, a regenerate or a sign-out of others', async () => {
    const { clock, visitor } = setUp()
    await visitor.visit(signIn())
    const began = await visitor.see(({ createdAt }) => createdAt)
    clock.pass(100)
    await visitor.visit(async (session) => {
      session.data.note = 'x'
    })
    await visitor.visit((session) => session.regenerate())
    await visitor.visit((session) => session.signOutOthers())
    expect(await visitor.see(({ createdAt }) => createdAt)).toEqual(began)
  })

  it('begins anew with a sign-in, also of the same subject', async () => {
    const { clock, visitor } = setUp()
    await visitor.visit(signIn())
    clock.pass(1000)
    await visitor.visit(signIn())
    expect(await visitor.see(({ age }) => age)).toBe(0)
  })
})

describe('when both limits have passed', () => {
  it('the one that passed first is the reason', async () => {
    const limits = { idleTimeout: 100, absoluteTimeout: 150 }
    expect((await after(200, limits)).ended).toBe('idle')
    const { clock, visitor } = setUp(limits)
    await visitor.visit(signIn())
    clock.pass(90)
    await visitor.visit()
    clock.pass(110)
    expect(await visitor.see(({ ended }) => ended)).toBe('absolute')
  })

  it('a cookie whose key is older than the longest life is absolute', async () => {
    expect((await after(31 * 86_400 + 7_200)).ended).toBe('absolute')
  })
})

describe("today's configuration", () => {
  it('decides over cookies that were sealed under an earlier one', async () => {
    const { createSessionManager } = await import('../../src/index.ts')
    const { clock, keys, list, visitor } = setUp()
    await visitor.visit(signIn())
    clock.pass(120)
    const stricter = createSessionManager({
      keys,
      revocationList: list,
      now: clock,
      idleTimeout: 60,
    })
    const { ended } = await stricter.load(visitor.request())
    expect(ended).toBe('idle')
  })
})

describe('deadlines on the session', () => {
  it('are those after the response has been delivered', async () => {
    const { clock, visitor } = setUp()
    await visitor.visit(signIn())
    clock.pass(10)
    const seen = await visitor.see((session) => [
      session.createdAt?.getTime(),
      session.lastActivityAt?.getTime(),
      session.idleExpiresAt?.getTime(),
      session.absoluteExpiresAt?.getTime(),
      session.age,
    ])
    const began = clock() - 10_000
    expect(seen).toEqual([began, clock(), clock() + 1_800_000, began + 43_200_000, 10])
    const passive = await visitor.see(({ lastActivityAt }) => lastActivityAt?.getTime(), {
      'Session-Activity': 'passive',
    })
    expect(passive).toBe(clock())
    clock.pass(5)
    const later = await visitor.see(({ lastActivityAt }) => lastActivityAt?.getTime(), {
      'Session-Activity': 'passive',
    })
    expect(later).toBe(clock() - 5_000)
  })

  it('are undefined for a visitor without a session', async () => {
    const { visitor } = setUp()
    const seen = await visitor.see((session) => [
      session.sid,
      session.subject,
      session.ended,
      session.createdAt,
      session.age,
      session.lastActivityAt,
      session.idleExpiresAt,
      session.absoluteExpiresAt,
      session.remembered,
    ])
    expect(seen).toEqual([...Array(8).fill(undefined), false])
  })
})

describe('a remembered session', () => {
  it('has at most 400 days as Max-Age', async () => {
    const { visitor } = setUp({ remembered: { absoluteTimeout: 400 * 86_400 } })
    const answer = await visitor.visit(signIn(true))
    for (const line of answer.headers.getSetCookie()) expect(line).toContain('Max-Age=34560000;')
  })

  it('has the rest of its absolute timeout and a day as Max-Age, on both cookies', async () => {
    const { clock, visitor } = setUp()
    const first = await visitor.visit(signIn(true))
    for (const line of first.headers.getSetCookie()) expect(line).toContain('Max-Age=2678400;')
    clock.pass(1000)
    const [activity] = (await visitor.visit()).headers.getSetCookie()
    expect(activity).toContain('Max-Age=2677400;')
    visitor.jar.close()
    expect(await visitor.see(({ subject, remembered }) => [subject, remembered])).toEqual([
      'ada',
      true,
    ])
  })

  it('is said to have reached its limit for a day, though it was used to the end', async () => {
    const { clock, visitor } = setUp()
    await visitor.visit(signIn(true))
    for (let days = 0; days < 29; days += 1) {
      clock.pass(86_400)
      await visitor.visit()
    }
    const how = () => visitor.see(({ subject, ended }) => [subject, ended])
    clock.pass(86_399)
    expect(await how()).toEqual(['ada', undefined])
    clock.pass(1)
    expect(await how()).toEqual([undefined, 'absolute'])
    clock.pass(86_399)
    expect(await how()).toEqual([undefined, 'absolute'])
    clock.pass(1)
    expect(await how()).toEqual([undefined, undefined])
  })

  it('is not the default: closing the browser ends the session', async () => {
    const { visitor } = setUp()
    const answer = await visitor.visit(signIn())
    for (const line of answer.headers.getSetCookie()) expect(line).not.toContain('Max-Age')
    visitor.jar.close()
    expect(await visitor.see(({ subject, ended }) => [subject, ended])).toEqual([
      undefined,
      undefined,
    ])
  })

  it('stays remembered for the same subject, but not for another', async () => {
    const { visitor } = setUp()
    await visitor.visit(signIn(true))
    await visitor.visit((session) => session.signIn('ada'))
    expect(await visitor.see(({ remembered }) => remembered)).toBe(true)
    await visitor.visit((session) => session.signIn('grace'))
    expect(await visitor.see(({ remembered }) => remembered)).toBe(false)
  })
})

describe('claims from the future', () => {
  it.each([
    [60, undefined],
    [61, 'invalid'],
  ])('%i s ahead', async (seconds, ended) => {
    const { clock, visitor } = setUp()
    await visitor.visit(signIn())
    clock.pass(-seconds)
    expect(await visitor.see((session) => session.ended)).toBe(ended)
  })
})

it.each([
  [299, []],
  [300, [ACTIVITY]],
  [301, [ACTIVITY]],
])('touchAfter 300: a request %i s after the last activity sets %j', async (seconds, expected) => {
  const { clock, visitor } = setUp({ touchAfter: 300, recheckAfter: 3_600 })
  await visitor.visit((session) => session.signIn('ada'))
  clock.pass(seconds)
  expect(cookiesSet(await visitor.visit())).toEqual(expected)
})

it('a late answer that puts an older activity cookie back does not move the last activity back', async () => {
  const { clock, visitor } = setUp({ isActivity: ({ headers }) => !headers.has('x-passive') })
  const answer = await visitor.visit(signIn())
  clock.pass(1_200)
  await visitor.visit((session) => {
    session.data.note = 'written'
  })
  const late = answer.headers.getSetCookie().find((line) => line.startsWith(`${ACTIVITY}=`)) ?? ''
  visitor.jar.set(late, 'https://site.example/')
  const passive = { 'x-passive': '1' }
  clock.pass(1_799)
  expect(await visitor.see(({ subject }) => subject, passive)).toBe('ada')
  clock.pass(1)
  expect(await visitor.see(({ ended }) => ended, passive)).toBe('idle')
})

it('a clock that is set back does not move the last activity back', async () => {
  const { clock, visitor } = setUp()
  await visitor.visit(signIn())
  clock.pass(10)
  await visitor.visit()
  const at = await visitor.see(({ lastActivityAt }) => lastActivityAt)
  clock.pass(-5)
  await visitor.visit((session) => session.touch())
  expect(await visitor.see(({ lastActivityAt }) => lastActivityAt)).toEqual(at)
})

it('the cookies of a remembered session outlive its limit by a day', async () => {
  const remembered = { idleTimeout: 10, absoluteTimeout: 10 }
  const { clock, visitor } = setUp({ remembered })
  await visitor.visit(signIn(true))
  clock.pass(9.5)
  const [line = ''] = (await visitor.visit()).headers.getSetCookie()
  expect(line).toContain('; Max-Age=86401;')
})
