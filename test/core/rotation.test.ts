import { expect, it } from 'vitest'
import {
  createSessionManager,
  generateKey,
  type SessionEvent,
  type SessionManager,
} from '../../src/index.ts'
import { CookieJar } from '../kit/cookie-jar.ts'
import { ACTIVITY, type AnyData, cookiesSet, SESSION, setUp, Visitor } from '../kit/visitor.ts'

const keyIdOf = (token = '') =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid.split('.')[0]

it('a session goes on through a rotation of keys and moves to the first at its next write', async () => {
  const newer = generateKey()
  const { clock, keys: older, list, visitor } = setUp()
  const managerWith = (keys: string) =>
    createSessionManager({ keys, revocationList: list, now: clock })
  await visitor.visit((session) => session.signIn('ada'))
  const oldId = keyIdOf(visitor.jar.get(SESSION))

  const during = new Visitor(managerWith(`${newer},${older}`), clock, visitor.jar)
  expect(cookiesSet(await during.visit())).toEqual([ACTIVITY])
  expect(keyIdOf(visitor.jar.get(SESSION))).toBe(oldId)
  const newId = keyIdOf(visitor.jar.get(ACTIVITY))
  expect(newId).not.toBe(oldId)

  const left = visitor.copy(managerWith(newer))
  expect(await left.see(({ subject, ended }) => [subject, ended])).toEqual([
    undefined,
    'unknown-key',
  ])

  await during.visit((session) => {
    session.data.note = 'written'
  })
  expect(keyIdOf(visitor.jar.get(SESSION))).toBe(newId)
  const after = new Visitor(managerWith(newer), clock, visitor.jar)
  expect(await after.see(({ subject }) => subject)).toBe('ada')
})

it('a key that was removed from the ring opens nothing, even though this isolate remembers its seals', async () => {
  const { clock, list, visitor } = setUp()
  await visitor.visit((session) => session.signIn('ada'))
  await visitor.visit()
  const manager = createSessionManager({ keys: generateKey(), revocationList: list, now: clock })
  const session = await manager.load(visitor.request())
  expect(session.ended).toBe('unknown-key')
})

it('keys that cannot be had lock the session instead of ending it', async () => {
  const { clock, list, visitor } = setUp()
  await visitor.visit((session) => session.signIn('ada'))
  const keys = () => Promise.reject(new Error('down'))
  const manager = createSessionManager({ keys, revocationList: list, now: clock })
  const request = visitor.request()
  const session = await manager.load(request)
  expect(() => session.subject).toThrow(expect.objectContaining({ code: 'keys-unavailable' }))
  expect(cookiesSet(await manager.commit(session, new Response()))).toEqual([])
  const visitorWithout = await manager.load(new Request('https://site.example/'))
  expect(visitorWithout.subject).toBeUndefined()
})

/** Servers that read one secrets store, each with a function and a minute of its own. */
function servers(count: number, absoluteTimeout: number) {
  const { clock, list } = setUp()
  const store = { keys: [generateKey()] }
  const ends: SessionEvent[] = []
  const managers = Array.from({ length: count }, () =>
    createSessionManager<AnyData>({
      keys: () => store.keys,
      revocationList: list,
      now: clock,
      absoluteTimeout,
      onEvent: (event) => {
        if (event.type === 'ended') ends.push(event)
      },
    }),
  )
  return { clock, store, managers, ends }
}

it('500 requests over three rotations of a ring that servers read sign nobody out', async () => {
  const { clock, store, managers, ends } = servers(3, 7_200)
  const jars = Array.from({ length: 10 }, () => new CookieJar(clock))
  const at = (index: number) =>
    new Visitor(managers[index % 3] as SessionManager<AnyData>, clock, jars[index % 10])
  for (let index = 0; index < 10; index++) {
    await at(index).visit((session) => session.signIn(`person-${index}`))
  }
  const sealedBy = new Set<string>()
  for (let request = 0; request < 500; request++) {
    const step = request % 165
    // A rotation in each 1,650 seconds: second at first, and first two minutes later.
    if (step === 10) store.keys = [store.keys[0] ?? '', generateKey(), ...store.keys.slice(1)]
    if (step === 22) {
      const [first = '', second = '', ...rest] = store.keys
      store.keys = [second, first, ...rest]
    }
    clock.pass(10)
    await at(request * 7).visit((session) => {
      expect(session.subject).toBe(`person-${(request * 7) % 10}`)
      if (request % 3 === 0) session.data.count = request
    })
    sealedBy.add(keyIdOf(jars[(request * 7) % 10]?.get(ACTIVITY)))
  }
  expect(ends).toEqual([])
  expect(sealedBy.size).toBe(4)
})

it('removing a leaked key signs out exactly the sessions that it sealed', async () => {
  const { clock, store, managers, ends } = servers(1, 7_200)
  const [manager] = managers as [SessionManager<AnyData>]
  const [first = ''] = store.keys
  const leaked = generateKey()
  const people = Array.from({ length: 6 }, () => new Visitor(manager, clock))
  const signIn = (one: Visitor, index: number) =>
    one.visit((session) => session.signIn(`p${index}`))
  const [a, b, c, d, e, f] = people as [Visitor, Visitor, Visitor, Visitor, Visitor, Visitor]
  for (const one of [a, b]) await signIn(one, people.indexOf(one))
  store.keys = [leaked, first]
  clock.pass(61)
  for (const one of [c, d, e]) await signIn(one, people.indexOf(one))
  await b.visit((session) => session.regenerate())
  store.keys = [generateKey(), leaked, first]
  clock.pass(61)
  await e.visit((session) => session.regenerate())
  await signIn(f, 5)

  store.keys = store.keys.filter((key) => key !== leaked)
  clock.pass(61)
  const subjects: (string | undefined)[] = []
  for (const one of people) subjects.push(await one.see(({ subject }) => subject))
  // B moved to the leaked key with a write, and E away from it.
  expect(subjects).toEqual(['p0', undefined, undefined, undefined, 'p4', 'p5'])
  expect(ends.map((event) => event.type === 'ended' && event.reason)).toEqual(
    Array(3).fill('unknown-key'),
  )
})
