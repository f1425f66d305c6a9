/** What the manager does over `Request` and `Response`, wherever scripts may read cookies. */

import type { RevocationList, SessionOptions } from '../../src/index.ts'
import { equal, matches, mistake, rejects } from './assert.ts'
import { type AnyData, clockFrom, cookiesSet, Visitor } from './browser-like.ts'
import type { Api, Case } from './suite.ts'

const KEY = 'Y29uZm9ybWFuY2Uta2V5LW51bWJlci1vbmUtb2YtMyE'
const OTHER_KEY = 'Y29uZm9ybWFuY2Uta2V5LW51bWJlci10d28tb2YtMyE'
const START = Date.parse('2026-03-01T12:00:00.123Z')
const SESSION = '__Host-Http-session'
const ACTIVITY = '__Host-Http-session-activity'
const MINUTE = 60
const HOUR = 3_600
const DAY = 86_400

function setUp(api: Api, own: Partial<SessionOptions<AnyData>> = {}) {
  const clock = clockFrom(START)
  const list = api.memoryRevocationList({ now: clock })
  const options = { keys: KEY, revocationList: list, now: clock, ...own }
  const manager = api.createSessionManager<AnyData>(options)
  const visitor = () => new Visitor(manager, clock)
  return { clock, list, options, manager, visitor }
}

/** Lets seconds pass, with a request every so often. */
async function visitFor(
  visitor: Visitor,
  pass: (seconds: number) => void,
  step: number,
  steps: number,
) {
  for (let done = 0; done < steps; done++) {
    pass(step)
    await visitor.visit()
  }
}

export const sessionCases: readonly Case[] = [
  {
    name: 'a visitor gets no cookie until the app writes',
    async run(api) {
      const ada = setUp(api).visitor()
      equal(cookiesSet(await ada.visit((session) => void session.data)), [])
      const answer = await ada.visit((session) => {
        session.data.cart = ['🍪']
      })
      equal(cookiesSet(answer), [SESSION, ACTIVITY])
      equal(await ada.see(({ data, subject }) => [data, subject]), [{ cart: ['🍪'] }, undefined])
    },
  },
  {
    name: 'sign-in seals both cookies, with the attributes that keep them',
    async run(api) {
      const ada = setUp(api).visitor()
      const answer = await ada.visit((session) => session.signIn('ada'))
      for (const line of answer.headers.getSetCookie()) {
        matches(line, /^__Host-Http-session(-activity)?=eyJ[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+; /)
        for (const attribute of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']) {
          equal(line.split('; ').includes(attribute), true, attribute)
        }
        equal(/Domain|Max-Age|Expires/.test(line), false, 'whether there is another attribute')
      }
      equal(answer.headers.get('Cache-Control'), 'private, no-store')
      const seen = await ada.see(({ subject, sid, createdAt }) => [subject, sid?.length, createdAt])
      equal(seen, ['ada', 22, new Date(START)])
    },
  },
  {
    name: 'a read slides the activity cookie and nothing else',
    async run(api) {
      const { clock, visitor } = setUp(api)
      const ada = visitor()
      await ada.visit(async (session) => {
        session.data.note = 'n'.repeat(2_000)
        await session.signIn('ada')
      })
      clock.pass(10 * MINUTE)
      const answer = await ada.visit((session) => void session.data)
      equal(cookiesSet(answer), [ACTIVITY])
      equal((answer.headers.getSetCookie()[0]?.length ?? 0) <= 400, true, 'whether it is small')
      const times = await ada.see(({ lastActivityAt, idleExpiresAt, absoluteExpiresAt }) => [
        lastActivityAt,
        idleExpiresAt,
        absoluteExpiresAt,
      ])
      const instants = [10 * MINUTE, 40 * MINUTE, 12 * HOUR]
      equal(
        times,
        instants.map((seconds) => new Date(START + seconds * 1000)),
      )
    },
  },
  {
    name: 'the idle timeout: a second before, at, after',
    async run(api) {
      for (const [seconds, status] of [
        [30 * MINUTE - 1, 'ada'],
        [30 * MINUTE, 'idle'],
        [30 * MINUTE + 1, 'idle'],
      ] as const) {
        const { clock, visitor } = setUp(api)
        const ada = visitor()
        await ada.visit((session) => session.signIn('ada'))
        await visitFor(ada, clock.pass, 20 * MINUTE, 2)
        clock.pass(seconds)
        equal(await ada.status(), status)
      }
    },
  },
  {
    name: 'the absolute timeout, whatever the use: a second before, at, after',
    async run(api) {
      for (const [seconds, status] of [
        [20 * MINUTE - 1, 'ada'],
        [20 * MINUTE, 'absolute'],
        [20 * MINUTE + 1, 'absolute'],
      ] as const) {
        const { clock, visitor } = setUp(api)
        const ada = visitor()
        await ada.visit((session) => session.signIn('ada'))
        await visitFor(ada, clock.pass, 20 * MINUTE, 35)
        clock.pass(seconds)
        equal(await ada.status(), status)
      }
    },
  },
  {
    name: 'a remembered session: both timeouts, and Max-Age',
    async run(api) {
      for (const [days, more, status] of [
        [7, -1, 'ada'],
        [7, 0, 'idle'],
        [7, 1, 'idle'],
      ] as const) {
        const { clock, visitor } = setUp(api)
        const ada = visitor()
        const answer = await ada.visit((session) => session.signIn('ada', { remember: true }))
        for (const line of answer.headers.getSetCookie()) matches(line, /; Max-Age=2678400(;|$)/)
        ada.jar.close()
        clock.pass(days * DAY + more)
        equal(await ada.status(), status)
      }
      for (const [more, status] of [
        [-1, 'ada'],
        [0, 'absolute'],
        [1, 'absolute'],
      ] as const) {
        const { clock, visitor, manager } = setUp(api)
        const ada = visitor()
        await ada.visit((session) => session.signIn('ada', { remember: true }))
        await visitFor(ada, clock.pass, 6 * DAY, 4)
        // A copy, because the browser drops what is past its Max-Age.
        const copy = ada.copy(manager)
        clock.pass(6 * DAY + more)
        equal(await copy.status(), status)
      }
    },
  },
  {
    name: 'shorter timeouts hold for sessions that are there already',
    async run(api) {
      const { clock, options, visitor } = setUp(api)
      const ada = visitor()
      await ada.visit((session) => session.signIn('ada'))
      clock.pass(10 * MINUTE)
      const stricter = api.createSessionManager<AnyData>({ ...options, idleTimeout: 5 * MINUTE })
      equal(await ada.copy(stricter).status(), 'idle')
      equal(await ada.status(), 'ada')
    },
  },
  {
    name: 'a request that is no activity slides nothing',
    async run(api) {
      const { clock, visitor } = setUp(api, { touchAfter: 5 * MINUTE, recheckAfter: HOUR })
      const ada = visitor()
      await ada.visit((session) => session.signIn('ada'))
      clock.pass(4 * MINUTE)
      equal(cookiesSet(await ada.visit()), [])
      clock.pass(6 * MINUTE)
      equal(cookiesSet(await ada.visit((session) => session.skipTouch())), [])
      equal(cookiesSet(await ada.visit()), [ACTIVITY])
    },
  },
  {
    name: 'destroy clears the cookies, and a copy of them is dead',
    async run(api) {
      const { clock, visitor, manager } = setUp(api)
      const ada = visitor()
      await ada.visit((session) => session.signIn('ada'))
      const thief = ada.copy(manager)
      equal(await thief.status(), 'ada')
      equal(cookiesSet(await ada.visit((session) => session.destroy())), [
        `-${SESSION}`,
        `-${ACTIVITY}`,
      ])
      equal(await ada.status(), 'anonymous')
      equal(await thief.status(), 'revoked')
      clock.pass(5 * MINUTE)
      equal(await thief.status(), 'revoked')
    },
  },
  {
    name: 'regenerate gives a new sid to the same session, and the old one is dead',
    async run(api) {
      const { visitor, manager } = setUp(api)
      const ada = visitor()
      await ada.visit(async (session) => {
        session.data.step = 1
        await session.signIn('ada')
      })
      const thief = ada.copy(manager)
      const facts = () =>
        ada.see(({ sid, subject, data, createdAt }) => ({ sid, subject, data, createdAt }))
      const before = await facts()
      await ada.visit((session) => session.regenerate())
      const after = await facts()
      equal(after.sid === before.sid, false, 'whether the sid stayed')
      equal({ ...after, sid: 0 }, { ...before, sid: 0 })
      equal(await thief.status(), 'revoked')
    },
  },
  {
    name: 'sign-in starts anew: the old sid is dead, and data of another subject is dropped',
    async run(api) {
      const { visitor, manager, clock } = setUp(api)
      const ada = visitor()
      await ada.visit((session) => {
        session.data.cart = [1]
      })
      const guest = ada.copy(manager)
      await ada.visit((session) => session.signIn('ada'))
      equal(await ada.see(({ data }) => data), { cart: [1] })
      equal(await guest.status(), 'revoked')
      const before = ada.copy(manager)
      clock.pass(1)
      await ada.visit((session) => session.signIn('bob'))
      equal(await ada.see(({ subject, data }) => [subject, data]), ['bob', {}])
      equal(await before.status(), 'revoked')
    },
  },
  {
    name: 'signOutOthers ends every other session of the subject',
    async run(api) {
      const { visitor } = setUp(api)
      const [phone, laptop, bob] = [visitor(), visitor(), visitor()]
      await phone.visit((session) => session.signIn('ada'))
      await laptop.visit((session) => session.signIn('ada'))
      await bob.visit((session) => session.signIn('bob'))
      await laptop.visit((session) => session.signOutOthers())
      const all = [phone, laptop, bob].map((visitor) => visitor.status())
      equal(await Promise.all(all), ['revoked', 'ada', 'bob'])
    },
  },
  {
    name: 'a subject, a sid, and everybody can be forced out, and sign in again',
    async run(api) {
      const { visitor, manager } = setUp(api)
      const [ada, bob] = [visitor(), visitor()]
      const statuses = async () => [await ada.status(), await bob.status()]
      const signIn = async () => {
        await ada.visit((session) => session.signIn('ada'))
        await bob.visit((session) => session.signIn('bob'))
        equal(await statuses(), ['ada', 'bob'])
      }
      await signIn()
      await manager.revokeSubject('ada')
      equal(await statuses(), ['revoked', 'bob'])
      await signIn()
      await manager.revokeAll()
      equal(await statuses(), ['revoked', 'revoked'])
      await signIn()
      await manager.revokeSession((await bob.see(({ sid }) => sid)) ?? '')
      equal(await statuses(), ['ada', 'revoked'])
    },
  },
  {
    name: 'rotation: nobody is signed out, the activity cookie moves at once, the session when written',
    async run(api) {
      const { options, clock, visitor } = setUp(api)
      const before = visitor()
      await before.visit((session) => session.signIn('ada'))
      clock.pass(1)
      const rotated = api.createSessionManager<AnyData>({ ...options, keys: [OTHER_KEY, KEY] })
      const removed = api.createSessionManager<AnyData>({ ...options, keys: OTHER_KEY })
      const ada = before.copy(rotated)
      const keyIdIn = (name: string) => {
        const [header = ''] = (ada.jar.get(name) ?? '').split('.')
        return /"kid":"([\w-]{8})\./.exec(
          atob(header.replaceAll('-', '+').replaceAll('_', '/')),
        )?.[1]
      }
      const old = keyIdIn(SESSION)
      equal(cookiesSet(await ada.visit()), [ACTIVITY])
      equal([keyIdIn(SESSION) === old, keyIdIn(ACTIVITY) === old], [true, false])
      equal(await ada.copy(removed).status(), 'unknown-key')
      await ada.visit((session) => {
        session.data.theme = 'dark'
      })
      equal([keyIdIn(SESSION) === old, keyIdIn(ACTIVITY) === old], [false, false])
      equal(await ada.copy(removed).status(), 'ada')
    },
  },
  {
    name: 'data that does not fit is an error that names what is big, and the old cookie stays',
    async run(api) {
      const ada = setUp(api).visitor()
      await ada.visit(async (session) => {
        session.data = { theme: 'dark' }
        await session.signIn('a-subject-of-thirty-six-characters--')
      })
      const writing = ada.visit((session) => {
        session.data.novel = 'x'.repeat(4_000)
      })
      const error = await rejects(writing, 'too-large')
      matches(error.message, /4096.*novel \(4002 bytes\)/)
      equal(await ada.see(({ data }) => data), { theme: 'dark' })
      const saved = ada.visit(async (session) => {
        session.data.novel = 'x'.repeat(4_000)
        await rejects(session.save(), 'too-large')
        return new Response('too long', { status: 413 })
      })
      equal((await saved).status, 413)
      const room = 2_800 - JSON.stringify({ theme: 'dark', note: '' }).length
      await ada.visit((session) => {
        session.data.note = 'n'.repeat(room)
      })
      equal(JSON.stringify(await ada.see(({ data }) => data)).length, 2_800)
    },
  },
  {
    name: 'data that would not come back equal is an error that names where',
    async run(api) {
      const ada = setUp(api).visitor()
      for (const value of [new Date(0), new Map(), 1n, Number.NaN, () => 1]) {
        const writing = ada.visit((session) => {
          session.data.cart = [{ at: value }]
        })
        matches((await rejects(writing, 'not-json')).message, /^data\.cart\[0\]\.at is /)
      }
      equal(await ada.status(), 'anonymous')
    },
  },
  {
    name: 'what comes after the answer is an error, not lost',
    async run(api) {
      const { manager, visitor } = setUp(api)
      const ada = visitor()
      const request = new Request('https://site.example/')
      const session = await manager.load(request)
      equal(session === (await manager.load(request)), true, 'whether a request has one session')
      session.data = { list: [1] }
      await manager.commit(session, new Response())
      await mistake(() => session.data.list.push(2))
      await rejects(session.signIn('ada'), 'committed')
      await ada.visit(async (session) => {
        await session.signIn('ada')
        await session.destroy()
        await rejects(session.regenerate(), 'destroyed')
      })
    },
  },
  {
    name: 'redirects, streams and answers that cannot be changed carry the cookies too',
    async run(api) {
      const ada = setUp(api).visitor()
      const redirect = await ada.visit(async (session) => {
        await session.signIn('ada')
        return Response.redirect('https://site.example/home', 303)
      })
      equal([redirect.status, cookiesSet(redirect)], [303, [SESSION, ACTIVITY]])
      equal(redirect.headers.get('Location'), 'https://site.example/home')
      const streamed = await ada.visit(() => {
        const chunks = ['one, ', 'two']
        const body = new ReadableStream({
          pull(controller) {
            const chunk = chunks.shift()
            if (chunk === undefined) controller.close()
            else controller.enqueue(new TextEncoder().encode(chunk))
          },
        })
        return new Response(body, { headers: { 'Set-Cookie': 'theme=dark' } })
      })
      equal([await streamed.text(), cookiesSet(streamed)], ['one, two', ['theme', ACTIVITY]])
      const nothing = await ada.visit(() => new Response(null, { status: 204 }))
      equal([nothing.status, cookiesSet(nothing)], [204, [ACTIVITY]])
    },
  },
  {
    name: 'an answer for everybody carries no activity cookie',
    async run(api) {
      const ada = setUp(api).visitor()
      await ada.visit((session) => session.signIn('ada'))
      const headers = { 'Cache-Control': 'public, max-age=60' }
      const answer = await ada.visit((session) => {
        session.ended
        return new Response('ok', { headers })
      })
      equal([answer.headers.get('Cache-Control'), cookiesSet(answer)], ['public, max-age=60', []])
      equal(answer.headers.get('Vary'), 'Cookie')
    },
  },
  {
    name: 'cookies that are not ours are a reason, never an exception',
    async run(api) {
      const { options, visitor } = setUp(api)
      const ada = visitor()
      await ada.visit((session) => session.signIn('ada'))
      const good = ada.jar.get(SESSION) ?? ''
      const flipped = good.replace(
        /\.(.)([^.]*)\.([^.]*)$/,
        (_, first, rest, tag) => `.${first === 'A' ? 'B' : 'A'}${rest}.${tag}`,
      )
      const other = setUp(api, { keys: OTHER_KEY }).visitor()
      await other.visit((session) => session.signIn('eve'))
      for (const [token, ended] of [
        ['', 'malformed'],
        ['junk', 'malformed'],
        [`"${good}"`, 'malformed'],
        [`${good}x`, 'malformed'],
        [flipped, 'invalid'],
        [ada.jar.get(ACTIVITY) ?? '', 'invalid'],
        [other.jar.get(SESSION) ?? '', 'unknown-key'],
      ] as const) {
        const eve = new Visitor(api.createSessionManager<AnyData>(options), () => START)
        eve.jar.set(`${SESSION}=${token}; Path=/; Secure; HttpOnly`, 'https://site.example/')
        equal(await eve.status(), ended)
        equal(cookiesSet(await eve.visit()), [])
      }
    },
  },
  {
    name: 'a list that cannot be reached locks sessions that need it, and no others',
    async run(api) {
      const away: RevocationList = {
        read: () => Promise.reject(new Error('away')),
        write: () => Promise.reject(new Error('away')),
      }
      const { clock, visitor } = setUp(api, { revocationList: away })
      const ada = visitor()
      await ada.visit((session) => session.signIn('ada'))
      clock.pass(2 * MINUTE)
      equal(await ada.status(), 'ada')
      clock.pass(5 * MINUTE)
      await rejects(ada.status(), 'revocation-unavailable')
      equal((await ada.visit()).status, 200)
      const leaving = ada.visit(async (session) => {
        await rejects(session.destroy(), 'revocation-unavailable')
      })
      equal(cookiesSet(await leaving), [`-${SESSION}`, `-${ACTIVITY}`])
      equal(await visitor().status(), 'anonymous')
    },
  },
  {
    name: 'a schema decides what data is',
    async run(api) {
      const { options, visitor } = setUp(api)
      const ada = visitor()
      await ada.visit(async (session) => {
        session.data.theme = 'mauve'
        await session.signIn('ada')
      })
      const schema: NonNullable<SessionOptions<AnyData>['schema']> = {
        '~standard': {
          version: 1,
          vendor: 'conformance',
          validate: (value) => {
            const { theme = 'light' } = value as AnyData
            if (theme === 'light' || theme === 'dark') return { value: { theme } }
            return { issues: [{ message: 'no such theme', path: ['theme'] }] }
          },
        },
      }
      const strict = api.createSessionManager<AnyData>({ ...options, schema })
      const copy = ada.copy(strict)
      equal(await copy.status(), 'data')
      await copy.visit((session) => session.signIn('ada'))
      equal(await copy.see(({ data }) => data), { theme: 'light' })
      const writing = copy.visit((session) => {
        session.data.theme = 'mauve'
      })
      matches((await rejects(writing, 'data')).message, /data\.theme/)
    },
  },
  {
    name: 'a mistake in the options is a TypeError when the manager is made',
    async run(api) {
      const { options } = setUp(api)
      const wrong: readonly object[] = [
        { keys: undefined },
        { keys: 'short' },
        { revocationList: undefined },
        { idleTimeout: 0 },
        { absoluteTimeout: 1.5 },
        { remembered: { idleTimeout: -1 } },
        { touchAfter: 1_800 },
        { cookie: { secure: false, sameSite: 'none' } },
        { cookie: { name: '__Host-session', domain: 'site.example' } },
        { idleTimout: 60 },
      ]
      for (const own of wrong) {
        await mistake(() => api.createSessionManager({ ...options, ...own }))
      }
    },
  },
]
