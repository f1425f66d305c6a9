import { expect, it } from 'vitest'
import { createSessionManager, generateKey } from '../../src/index.ts'
import { ACTIVITY, cookiesSet, SESSION, setUp, Visitor } from '../kit/visitor.ts'

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
