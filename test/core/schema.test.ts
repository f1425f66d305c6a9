/** A schema for data: defaults, types, what a refusal says, and data of an earlier version. */

import { inspect } from 'node:util'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import type { SessionEnv } from '../../src/hono.ts'
import {
  createSessionManager,
  memoryDataStore,
  type Session,
  SessionError,
  type SessionOptions,
} from '../../src/index.ts'
import {
  ACTIVITY,
  type AnyData,
  cookiesSet,
  SESSION,
  setUp,
  testClock,
  Visitor,
} from '../kit/visitor.ts'

type Options = Partial<SessionOptions<AnyData>>

const schema = z.object({ note: z.string().max(5).optional(), theme: z.string().default('dark') })

/** The same app at another moment of its history: same keys and cookies, other options. */
function site(options: Options = {}) {
  const { clock, keys, list, visitor } = setUp(options)
  const later = (own: Options) =>
    new Visitor(
      createSessionManager<AnyData>({ keys, revocationList: list, now: clock, ...own }),
      clock,
      visitor.jar,
    )
  return { clock, visitor, later }
}

/** A schema of an answer that comes later, as one that asks a database. */
const slow = <Output>(
  inner: StandardSchemaV1<unknown, Output>,
): StandardSchemaV1<unknown, Output> => ({
  '~standard': {
    ...inner['~standard'],
    validate: async (value) => inner['~standard'].validate(value),
  },
})

const themeOf = ({ data }: Session<AnyData>) => data.theme

describe('defaults', () => {
  it.each([
    ['answers at once', schema],
    ['answers later', slow(schema)],
  ])('are there in a new session, and seal nothing, if the schema %s', async (_, schema) => {
    const { visitor } = setUp({ schema })
    const answer = await visitor.visit((session) => new Response(session.data.theme))
    expect(await answer.text()).toBe('dark')
    expect(cookiesSet(answer)).toEqual([])
    expect(await visitor.see(themeOf)).toBe('dark')
  })

  it('that an app writes again are no change, seen before or not', async () => {
    const { visitor } = setUp({ schema })
    const answers = [
      await visitor.visit((session) => {
        session.data.theme = 'dark'
      }),
      await visitor.visit((session) => {
        session.data = { theme: 'dark' }
      }),
    ]
    expect(answers.flatMap(cookiesSet)).toEqual([])
    const changed = await visitor.visit((session) => {
      session.data = { theme: 'light' }
    })
    expect(cookiesSet(changed)).toEqual([SESSION, ACTIVITY])
  })

  it('that the schema makes anew each time are made when somebody looks', async () => {
    let made = 0
    const counted = z.object({ id: z.number().default(() => ++made) })
    const { visitor } = setUp({ schema: counted })
    await visitor.visit()
    // The first time shows whether the schema answers at once.
    const before = made
    await visitor.visit()
    await visitor.visit()
    expect(made).toBe(before)
    expect(await visitor.see(({ data }) => [data.id, data.id])).toEqual([before + 1, before + 1])
  })

  it('are there for sessions from before the schema, and a read stays a read', async () => {
    const { visitor, later } = site()
    await visitor.visit((session) => session.signIn('ada'))
    const answer = await later({ schema }).visit((session) => new Response(session.data.theme))
    expect(await answer.text()).toBe('dark')
    expect(cookiesSet(answer)).toEqual([ACTIVITY])
  })

  it('replace the data of another subject, and of a session that turns out to be revoked', async () => {
    const { manager, visitor } = setUp({ schema })
    await visitor.visit(async (session) => {
      session.data.theme = 'light'
      await session.signIn('ada')
    })
    const copy = visitor.copy()
    await visitor.visit(async (session) => {
      await session.signIn('grace')
      expect(session.data).toEqual({ theme: 'dark' })
    })
    expect(await copy.see(({ ended, data }) => [ended, data])).toEqual([
      'revoked',
      { theme: 'dark' },
    ])
    await visitor.visit(async (session) => {
      session.data.theme = 'light'
      await manager.revokeSubject('grace')
      await session.recheck()
      expect([session.ended, session.data]).toEqual(['revoked', { theme: 'dark' }])
    })
  })

  it('are sealed with the first write', async () => {
    const { visitor, later } = site({ schema })
    await visitor.visit((session) => session.signIn('ada'))
    expect(await later({}).see(themeOf)).toBe('dark')
  })

  it('that are missing are a mistake when somebody looks, and not before', async () => {
    const strict = z.object({ theme: z.string() })
    for (const schema of [strict, slow(strict)]) {
      const { visitor } = setUp({ schema })
      await visitor.visit()
      const look = visitor.visit((session) => new Response(session.data.theme))
      await expect(look).rejects.toThrow(
        new TypeError(
          '"schema" must accept {}, the data of a new session: give data.theme a default, or make it optional',
        ),
      )
      await visitor.visit((session) => {
        session.data = { theme: 'light' }
      })
      expect(await visitor.see(themeOf)).toBe('light')
    }
  })
})

describe('the type of data', () => {
  const options = {
    keys: 'dGhlIHRlc3RzIG93biBrZXksIG5vdCBhIHNlY3JldCE=',
    revocationList: 'none',
  } as const

  it('is the output of the schema, and optional without one', () => {
    const typed = createSessionManager({ ...options, schema })
    type Typed = Awaited<ReturnType<typeof typed.load>>
    expectTypeOf<Typed['data']>().toEqualTypeOf<{ note?: string | undefined; theme: string }>()
    expectTypeOf<Session<typeof schema>['data']>().toEqualTypeOf<Typed['data']>()
    type InHono = SessionEnv<typeof schema>['Variables']['session']
    expectTypeOf<InHono['data']>().toEqualTypeOf<Typed['data']>()

    const own = createSessionManager<{ theme: string }>(options)
    type Own = Awaited<ReturnType<typeof own.load>>
    expectTypeOf<Own['data']>().toEqualTypeOf<{ theme?: string }>()

    const none = createSessionManager(options)
    type None = Awaited<ReturnType<typeof none.load>>
    expectTypeOf<None['data']>().toEqualTypeOf<Partial<Record<string, unknown>>>()
    // biome-ignore lint/suspicious/noExplicitAny: that is what the test is about.
    expectTypeOf<0 extends 1 & Session<any>['data'] ? true : false>().toEqualTypeOf<true>()
  })
})

describe('a refusal', () => {
  const issuesOf = async (schema: StandardSchemaV1<unknown, object>, data: object) => {
    const { visitor } = setUp({ schema: schema as never })
    const error = await visitor
      .visit((session) => {
        session.data = data
      })
      .catch((error: unknown) => error)
    expect(error).toBeInstanceOf(SessionError)
    return error as SessionError
  }

  it('has the paths and the messages', async () => {
    const list = z.object({
      cart: z.array(z.object({ count: z.number().max(9, 'At most nine.') })),
    })
    const error = await issuesOf(list, { cart: [{ count: 1 }, { count: 11 }] })
    expect(error.code).toBe('data')
    expect(error.issues).toEqual([{ path: ['cart', 1, 'count'], message: 'At most nine.' }])
  })

  const SECRET = 'correct horse battery staple'
  it.each([
    ['the value', `${SECRET} is too long`],
    ['the value in capitals', `${SECRET.toUpperCase()}?`],
    ['a piece of it', 'begins with "correct hor…"'],
    ['the end of it', 'must not end with battery staple'],
    ['a number', 'must be less than 7 (was 41)'],
    ['a short word', 'must not be "yes"'],
    ['what JSON escapes', String.raw`must not be "a\nb"`],
  ])('does not repeat %s', async (_, message) => {
    const telling = z.object({ text: z.unknown() }).refine(() => false, { path: ['text'], message })
    const data = { text: [SECRET, 41, 'yes', 'a\nb'] }
    const error = await issuesOf(telling, data)
    expect(error.issues).toEqual([{ path: ['text'], message: 'not accepted' }])
  })

  it.each(['At most 410 characters.', 'Say yesterday.', 'Please correct this.'])(
    'keeps a message that only looks like data: %s',
    async (message) => {
      const telling = z
        .object({ text: z.unknown() })
        .refine(() => false, { path: ['text'], message })
      const error = await issuesOf(telling, { text: [SECRET, 41, 'yes'] })
      expect(error.issues).toEqual([{ path: ['text'], message }])
    },
  )

  it.each([
    [200_000, 'Too much of it.'],
    [200_001, 'not accepted'],
  ])('is not searched where the data is long: %i characters', async (length, message) => {
    const refusing = z
      .object({ texts: z.unknown() })
      .refine(() => false, { path: ['texts'], message: 'Too much of it.' })
    const around = JSON.stringify({ texts: '' }).length
    const error = await issuesOf(refusing, { texts: 'x'.repeat(length - around) })
    expect(error.issues).toEqual([{ path: ['texts'], message }])
  })

  it('has at most 20 issues, and long messages cut', async () => {
    const many = z.object({ list: z.array(z.number('x'.repeat(500))) })
    const error = await issuesOf(many, { list: Array.from({ length: 50 }, () => null) })
    expect(error.issues).toHaveLength(20)
    expect(error.issues?.[0]?.message).toHaveLength(200)
  })

  it('is not printed with the error, and other errors have no issues', async () => {
    const error = await issuesOf(schema, { note: 'too long' })
    expect(error.issues).toHaveLength(1)
    expect(inspect(error, { depth: 9, showHidden: false })).not.toContain('characters')
    expect(JSON.stringify(error)).not.toContain('characters')
    expect(new SessionError('too-large', 'too large').issues).toBeUndefined()
  })
})

describe('data of an earlier version', () => {
  const named = z.object({ name: z.object({ first: z.string(), last: z.string() }).optional() })
  const calls: unknown[] = []
  const migrating = {
    schema: named,
    dataVersion: 2,
    migrate(old: Record<string, unknown>, version: number) {
      calls.push([old, version])
      const [first = '', last = ''] = String(old.name).split(' ')
      return { name: { first, last } }
    },
  } satisfies Options

  const ADA = { first: 'Ada', last: 'Lovelace' }

  async function signedIn(options: Options = {}) {
    const all = site(options)
    await all.visitor.visit(async (session) => {
      session.data.name = 'Ada Lovelace'
      await session.signIn('ada')
    })
    calls.length = 0
    return all
  }

  it.each([
    ['without a version', {}, 0],
    ['of version 1', { dataVersion: 1 }, 1],
  ])('%s is migrated at each read, and no read is a write', async (_, before, version) => {
    const { later } = await signedIn(before)
    const now = later(migrating)
    for (const _ of [1, 2]) {
      const answer = await now.visit((session) => Response.json([session.subject, session.data]))
      expect(await answer.json()).toEqual(['ada', { name: ADA }])
      expect(cookiesSet(answer)).toEqual([ACTIVITY])
    }
    expect(calls).toEqual([
      [{ name: 'Ada Lovelace' }, version],
      [{ name: 'Ada Lovelace' }, version],
    ])
  })

  it('is sealed in its new form by the next write, with the version', async () => {
    const { later } = await signedIn({ dataVersion: 1 })
    const now = later(migrating)
    await now.visit((session) => session.regenerate())
    calls.length = 0
    expect(await now.see(({ data }) => data)).toEqual({ name: ADA })
    expect(calls).toEqual([])
    expect(await later({ dataVersion: 2 }).see(({ data }) => data)).toEqual({ name: ADA })
  })

  it('can be given up: nobody is signed out', async () => {
    const { later } = await signedIn()
    const seen = await later({ ...migrating, migrate: () => ({}) }).see(({ subject, data }) => [
      subject,
      data,
    ])
    expect(seen).toEqual(['ada', {}])
  })

  it('may be migrated with time', async () => {
    const { later } = await signedIn()
    const migrate = async () => ({ name: ADA })
    expect(await later({ ...migrating, migrate }).see(({ data }) => data)).toEqual({ name: ADA })
  })

  it('ends as data if the schema refuses what migrate gives', async () => {
    const { later } = await signedIn()
    const wrong = later({ ...migrating, migrate: () => ({ name: 'Ada' }) })
    expect(await wrong.see(({ ended }) => ended)).toBe('data')
  })

  it('is not migrated where the code is older than the data', async () => {
    const { later } = await signedIn({ dataVersion: 3 })
    const older = later({
      ...migrating,
      schema: z.object({ name: z.string().optional() }) as never,
    })
    expect(await older.see(({ data }) => data)).toEqual({ name: 'Ada Lovelace' })
    expect(await later(migrating).see(({ ended }) => ended)).toBe('data')
    expect(calls).toEqual([])
  })

  it('in a data store keeps the version that it was stored with', async () => {
    const dataStore = memoryDataStore({ now: testClock(), keep: 'always' })
    const { later } = await signedIn({ dataStore })
    const now = later({ ...migrating, dataStore })
    // The entry stays as it is, so it must be migrated again.
    await now.visit((session) => session.regenerate())
    expect(await now.see(({ data }) => data)).toEqual({ name: ADA })
    await now.visit((session) => {
      session.data.name.first = 'Augusta Ada'
    })
    calls.length = 0
    expect(await now.see(({ data }) => data.name.first)).toBe('Augusta Ada')
    expect(calls).toEqual([])
  })

  it.each([
    [
      'throws',
      () => {
        throw new RangeError('out of order')
      },
      new RangeError('out of order'),
    ],
    [
      'gives nothing',
      () => {},
      new TypeError('"migrate" must return the data as an object; got undefined'),
    ],
    ['gives no JSON', () => ({ at: new Date(0) }), /data\.at is an instance of Date/],
  ])('is a loud mistake if migrate %s', async (_, migrate, error) => {
    const { later } = await signedIn()
    await expect(later({ ...migrating, migrate: migrate as never }).visit()).rejects.toThrow(error)
  })

  it('is not asked for where no version is set', async () => {
    const { visitor } = setUp()
    await visitor.visit((session) => {
      session.data.theme = 'dark'
    })
    expect(await visitor.see(themeOf)).toBe('dark')
  })

  it.each([
    [{ dataVersion: 0 }, '"dataVersion" must be a whole number, at least 1; got 0'],
    [{ dataVersion: 1.5 }, '"dataVersion" must be a whole number, at least 1; got 1.5'],
    [{ dataVersion: '2' }, '"dataVersion" must be a whole number, at least 1; got a string'],
    [{ migrate: () => ({}) }, '"migrate" needs "dataVersion", the version that it leads to'],
    [{ dataVersion: 2, migrate: {} }, '"migrate" must be a function; got an object'],
  ])('%j is a mistake in the options', (options, message) => {
    expect(() => setUp(options as never)).toThrow(new TypeError(message))
  })
})
