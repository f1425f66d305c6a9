import { Hono } from 'hono'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type SessionEnv, session } from '../../src/hono.ts'
import {
  createSessionManager,
  type DataStoreAdapter,
  type DataStoreOptions,
  dataStore,
  generateKey,
  memoryDataStore,
  memoryRevocationList,
  type SessionEvent,
  type SessionOptions,
} from '../../src/index.ts'
import { keyRing } from '../../src/seal/key-ring.ts'
import { sealJson } from '../../src/seal/seal.ts'
import {
  ACTIVITY,
  type AnyData,
  cookiesSet,
  SESSION,
  START,
  setUp,
  testClock,
  Visitor,
} from '../kit/visitor.ts'

const SITE = 'https://site.example/'
const text = (length: number, letter = 'x') => letter.repeat(length)

/** A place that counts and can have troubles. */
class Place implements DataStoreAdapter {
  readonly entries = new Map<string, string>()
  readonly lives: number[] = []
  reads = 0
  writes = 0
  trouble: 'fails' | 'hangs' | undefined

  async read(key: string) {
    this.reads++
    await this.#suffer()
    return this.entries.get(key)
  }

  async write(key: string, value: string, seconds: number) {
    this.writes++
    await this.#suffer()
    this.entries.set(key, value)
    this.lives.push(seconds)
  }

  async #suffer() {
    if (this.trouble === 'fails') throw new Error('the place is away')
    if (this.trouble === 'hangs') await new Promise(() => {})
  }

  get counts() {
    return { reads: this.reads, writes: this.writes }
  }

  /** What stands under the only key. */
  get only(): [string, string] {
    expect(this.entries.size).toBe(1)
    const [entry] = this.entries
    return entry as [string, string]
  }
}

/** A site with a place; `elsewhere` is a manager that remembers nothing of data. */
function site(options: DataStoreOptions & { manager?: Partial<SessionOptions<AnyData>> } = {}) {
  const { manager: managerOptions, ...storeOptions } = options
  const place = new Place()
  const events: unknown[] = []
  // Of the others, and with the pseudonym of the session, `events.test.ts` tells.
  const onEvent = ({ session, ...event }: SessionEvent & { session?: string }) => {
    if (event.type !== 'signed-in') events.push(event)
  }
  const kit = setUp({ ...managerOptions, onEvent, dataStore: dataStore(place, storeOptions) })
  const shared = { keys: kit.keys, revocationList: kit.list, now: kit.clock }
  const elsewhere = (more: Partial<SessionOptions<AnyData>> = {}) => {
    const manager = createSessionManager<AnyData>({
      ...shared,
      onEvent,
      dataStore: dataStore(place, storeOptions),
      ...managerOptions,
      ...more,
    })
    return { manager, visitor: new Visitor(manager, kit.clock, kit.visitor.jar) }
  }
  return { ...kit, events, place, elsewhere }
}

const put = (length: number) => (session: { data: AnyData }) => {
  session.data.text = text(length)
}
const lengthOf = (session: { data: AnyData }) => session.data.text?.length

describe('data that outgrows the cookie', () => {
  it.each([[10_000], [100_000], [255_000]])('is kept whole: %i bytes', async (length) => {
    const { visitor, elsewhere, place } = site()
    const answer = await visitor.visit(put(length))
    expect(cookiesSet(answer)).toEqual([SESSION, ACTIVITY])
    expect(answer.headers.getSetCookie().join('').length).toBeLessThan(1_200)
    expect(await visitor.see(lengthOf)).toBe(length)
    expect(await elsewhere().visitor.see(lengthOf)).toBe(length)
    expect(place.counts).toEqual({ reads: 1, writes: 1 })
  })

  it('costs no store while it is small', async () => {
    const { visitor, place } = site()
    await visitor.visit(async (session) => {
      session.data.text = text(2_700)
      await session.signIn('ada')
    })
    expect(await visitor.see(lengthOf)).toBe(2_700)
    expect(place.counts).toEqual({ reads: 0, writes: 0 })
  })

  it('moves out when it grows and back when it shrinks', async () => {
    const { visitor, elsewhere, place } = site()
    for (const [length, writes] of [
      [100, 0],
      [3_500, 1],
      [200, 1],
      [5_000, 2],
    ] as const) {
      await visitor.visit(put(length))
      expect(place.writes).toBe(writes)
      expect(await elsewhere().visitor.see(lengthOf)).toBe(length)
    }
  })

  it('is written once for each change, and never over what was written before', async () => {
    const { visitor, place, clock } = site()
    await visitor.visit(put(10_000))
    const before = new Map(place.entries)
    clock.pass(1)
    await visitor.visit()
    await visitor.visit((session) => void session.data.text)
    expect(place.writes).toBe(1)
    await visitor.visit(put(10_001))
    expect(place.writes).toBe(2)
    for (const [key, value] of before) expect(place.entries.get(key)).toBe(value)
  })

  it('is read once in an isolate, and not at all for a session that is over', async () => {
    const { visitor, elsewhere, place, clock } = site()
    await visitor.visit(put(10_000))
    const { visitor: other } = elsewhere()
    for (let i = 0; i < 3; i++) expect(await other.see(lengthOf)).toBe(10_000)
    expect(place.reads).toBe(1)
    clock.pass(1_800)
    expect(await elsewhere().visitor.see(({ ended }) => ended)).toBe('idle')
    expect(place.reads).toBe(1)
  })

  it('stays where it is when the session moves to another sid', async () => {
    const { visitor, elsewhere, place, clock } = site()
    await visitor.visit(async (session) => {
      await session.signIn('ada')
      session.data.text = text(10_000)
    })
    clock.pass(1)
    await visitor.visit((session) => session.regenerate())
    clock.pass(1)
    await visitor.visit((session) => session.signOutOthers())
    expect(place.writes).toBe(1)
    expect(await elsewhere().visitor.see(lengthOf)).toBe(10_000)
    // Also when it is changed in the request that moves.
    await visitor.visit(async (session) => {
      session.data.text = text(20_000)
      await session.regenerate()
    })
    expect(await elsewhere().visitor.see(lengthOf)).toBe(20_000)
  })

  it('is written again for a sign-in, because the new session lives longer', async () => {
    const { visitor, elsewhere, place, clock } = site()
    await visitor.visit(put(10_000))
    clock.pass(1_000)
    await visitor.visit((session) => session.signIn('ada', { remember: true }))
    expect(place.lives).toEqual([43_200 + 60, 2_592_000 + 60])
    expect(await elsewhere().visitor.see(lengthOf)).toBe(10_000)
  })

  it('is dropped when another subject signs in', async () => {
    const { visitor, elsewhere } = site()
    await visitor.visit(async (session) => {
      await session.signIn('ada')
      session.data.text = text(10_000)
    })
    await visitor.visit((session) => session.signIn('bob'))
    expect(await elsewhere().visitor.see(({ data }) => data)).toEqual({})
  })

  it('lets an earlier answer point to an earlier value, whole', async () => {
    const { visitor, elsewhere, clock } = site()
    await visitor.visit(put(10_000))
    const early = visitor.jar.clone()
    clock.pass(1)
    await visitor.visit(put(20_000))
    visitor.jar.replaceBy(early)
    expect(await elsewhere().visitor.see(lengthOf)).toBe(10_000)
  })

  it('tells of a change as before', async () => {
    const { visitor, place, elsewhere } = site()
    await visitor.visit(put(10_000))
    const { visitor: other } = elsewhere()
    await other.visit((session) => {
      session.data.more = { list: [1] }
    })
    expect(await visitor.see(({ data }) => data.more)).toEqual({ list: [1] })
    expect(place.writes).toBe(2)
  })

  it('goes through the schema', async () => {
    const schema = z.object({ text: z.string().max(20_000).default('') })
    const { visitor, elsewhere } = site({ manager: { schema } })
    await visitor.visit(put(10_000))
    expect(await elsewhere().visitor.see(lengthOf)).toBe(10_000)
    const strict = elsewhere({ schema: z.object({ text: z.string().max(5).default('') }) })
    expect(await strict.visitor.see(({ ended }) => ended)).toBe('data')
  })

  it('is sealed in the store, and says nothing of the session there', async () => {
    const { visitor, place } = site()
    await visitor.visit(async (session) => {
      await session.signIn('ada')
      session.data.text = text(10_000, 'secret')
    })
    const [key, value] = place.only
    const sid = await visitor.see(({ sid }) => sid)
    expect(key).toMatch(/^[\w-]{22}$/)
    expect(key).not.toBe(sid)
    const [header = '', ...rest] = value.split('.')
    expect(JSON.parse(atob(header))).toMatchObject({ alg: 'dir', enc: 'A256GCM', typ: 'sealed-v2' })
    expect(rest.map((part) => Buffer.from(part, 'base64url').toString()).join()).not.toContain(
      'secret',
    )
  })

  it('is sealed under a sub-key of a kind of its own', async () => {
    const { visitor, place, keys } = site()
    await visitor.visit(put(10_000))
    const [, value] = place.only
    const [header = '', , iv, ciphertext, tag] = value.split('.')
    const bytes = (text = '') => Buffer.from(text, 'base64url')
    const { subtle } = crypto
    const material = await subtle.importKey('raw', bytes(String(keys)), 'HKDF', false, [
      'deriveKey',
    ])
    const info = Buffer.from(`sealed-session/1\0data\0${SESSION}\0${Math.floor(START / 3_600_000)}`)
    const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }
    const aes = { name: 'AES-GCM', length: 256 }
    const key = await subtle.deriveKey(hkdf, material, aes, false, ['decrypt'])
    const gcm = { name: 'AES-GCM', iv: bytes(iv), additionalData: Buffer.from(header) }
    const plain = await subtle.decrypt(gcm, key, Buffer.concat([bytes(ciphertext), bytes(tag)]))
    expect(JSON.parse(Buffer.from(plain).toString())).toEqual({ text: text(10_000) })
  })

  it('is sealed once, not tried in the cookie first', async () => {
    const { visitor } = site()
    const encrypt = vi.spyOn(crypto.subtle, 'encrypt')
    try {
      await visitor.visit(put(100_000))
      const sizes = encrypt.mock.calls.map(([, , plain]) => (plain as Uint8Array).length)
      expect(sizes.filter((size) => size > 50_000)).toHaveLength(1)
      expect(sizes).toHaveLength(3)
    } finally {
      encrypt.mockRestore()
    }
  })

  it('is not looked for where a sealed reference is no text', async () => {
    const { visitor, keys, manager, place, clock, events } = site()
    await visitor.visit((session) => session.signIn('ada'))
    const sid = (await visitor.see(({ sid }) => sid)) ?? ''
    const ring = await keyRing(keys, clock)()
    const at = clock() / 1000
    const forge = async (ref: unknown) => {
      const json = JSON.stringify({ sid, iat: at, lim: 3_600, act: at, ref })
      const use = { kind: 'cookie', name: SESSION } as const
      const { token } = await sealJson(json, use, ring, clock())
      return manager.load(new Request(SITE, { headers: { cookie: `${SESSION}=${token}` } }))
    }
    for (const ref of [7, true, {}, [], ['x']]) expect((await forge(ref)).ended).toBe('invalid')
    events.length = 0
    expect((await forge('x')).ended).toBe('data')
    expect(events).toEqual([{ type: 'data-damaged' }, { type: 'ended', reason: 'data' }])
    expect(place.reads).toBe(0)
  })

  it.each([
    [256_000, undefined],
    [256_001, 'too-large'],
  ])('of %i bytes, by default: %s', async (bytes, code) => {
    const { visitor, place } = site()
    await visitor.visit(async (session) => {
      session.data.text = 'ü'.repeat(1_000) + text(bytes - 2_000 - '{"text":""}'.length)
      const failure = await session.save().catch((error) => error)
      expect(failure?.code).toBe(code)
      if (code) {
        expect(failure.message).toBe(
          `the data takes ${bytes} bytes and "maxData" is 256000; the biggest members of data are: ` +
            `text (${bytes - 9} bytes)`,
        )
      }
    })
    expect(place.writes).toBe(code ? 0 : 1)
  })

  it('is too large without a store, as before', async () => {
    const { visitor } = setUp()
    await expect(visitor.visit(put(10_000))).rejects.toMatchObject({ code: 'too-large' })
  })

  it('is written even though the subject takes what room there is', async () => {
    const { visitor } = site()
    await expect(
      visitor.visit(async (session) => {
        session.data.text = text(10_000)
        await session.signIn('a'.repeat(4_000))
      }),
    ).rejects.toMatchObject({ code: 'too-large', message: /the subject takes 4000/ })
  })
})

describe('keep: always', () => {
  it('keeps all data off the device', async () => {
    const { visitor, elsewhere, place } = site({ keep: 'always' })
    const small = await visitor.visit(put(1))
    const size = small.headers.getSetCookie()[0]?.length
    const large = await visitor.visit(put(100_000))
    expect(large.headers.getSetCookie()[0]?.length).toBe(size)
    expect(place.writes).toBe(2)
    expect(await elsewhere().visitor.see(lengthOf)).toBe(100_000)
  })

  it('costs a session without data no store', async () => {
    const { visitor, place } = site({ keep: 'always' })
    await visitor.visit((session) => session.signIn('ada'))
    await visitor.visit()
    expect(place.counts).toEqual({ reads: 0, writes: 0 })
  })
})

describe('a store that is away', () => {
  it.each(['fails', 'hangs'] as const)('%s: only who looks at data is refused', async (trouble) => {
    const { visitor, elsewhere, place, events } = site({ timeout: 1 })
    await visitor.visit(async (session) => {
      await session.signIn('ada')
      session.data.text = text(10_000)
    })
    place.trouble = trouble
    const { manager, visitor: other } = elsewhere()
    const loaded = await manager.load(other.request())
    expect(loaded.subject).toBe('ada')
    expect(() => loaded.data).toThrow(
      expect.objectContaining({
        code: 'data-unavailable',
        message: 'the data store failed on a read',
      }),
    )
    expect(cookiesSet(await manager.commit(loaded, new Response()))).toEqual([ACTIVITY])
    expect(() => loaded.data).toThrow(expect.objectContaining({ code: 'data-unavailable' }))
    expect(events).toEqual([
      { type: 'data-unavailable', operation: 'read', cause: expect.any(Error) },
    ])
  })

  it('lets a session go on that does not need it: regenerate, touch, sign-out', async () => {
    const { visitor, elsewhere, place, clock } = site()
    await visitor.visit(async (session) => {
      await session.signIn('ada')
      session.data.text = text(10_000)
    })
    place.trouble = 'fails'
    clock.pass(1)
    await elsewhere().visitor.visit((session) => session.regenerate())
    place.trouble = undefined
    expect(await elsewhere().visitor.see(lengthOf)).toBe(10_000)
    place.trouble = 'fails'
    const answer = await elsewhere().visitor.visit((session) => session.destroy())
    expect(cookiesSet(answer)).toEqual([`-${SESSION}`, `-${ACTIVITY}`])
  })

  it('fails a sign-in that needs the data, whole', async () => {
    const { visitor, elsewhere, place, list } = site()
    await visitor.visit(put(10_000))
    const sid = (await visitor.see(({ sid }) => sid)) ?? ''
    place.trouble = 'fails'
    await elsewhere().visitor.visit(async (session) => {
      await expect(session.signIn('ada')).rejects.toMatchObject({ code: 'data-unavailable' })
      expect(session.subject).toBeUndefined()
      expect(session.sid).toBe(sid)
    })
    expect(await list.read([{ scope: 'session', sid }])).toEqual([undefined])
    place.trouble = undefined
    expect(await elsewhere().visitor.see(lengthOf)).toBe(10_000)
  })

  it('fails a sign-in whose data could not be written, before the old session is left', async () => {
    const { visitor, place, list, events } = site()
    await visitor.visit(put(10_000))
    const sid = (await visitor.see(({ sid }) => sid)) ?? ''
    place.trouble = 'fails'
    await visitor.visit(async (session) => {
      await expect(session.signIn('ada')).rejects.toMatchObject({
        code: 'data-unavailable',
        message: 'the data store failed on a write',
      })
    })
    expect(await list.read([{ scope: 'session', sid }])).toEqual([undefined])
    expect(await visitor.see(({ subject }) => subject)).toBeUndefined()
    expect(events).toEqual([
      { type: 'data-unavailable', operation: 'write', cause: expect.any(Error) },
    ])
  })

  it('does not fail a sign-in of another subject, which drops the data', async () => {
    const { visitor, elsewhere, place } = site()
    await visitor.visit(async (session) => {
      await session.signIn('ada')
      session.data.text = text(10_000)
    })
    place.trouble = 'fails'
    const { visitor: other } = elsewhere()
    await other.visit((session) => session.signIn('bob'))
    expect(await other.see(({ subject, data }) => ({ subject, data }))).toEqual({
      subject: 'bob',
      data: {},
    })
  })

  it('lets data be replaced unseen', async () => {
    const { visitor, elsewhere, place } = site()
    await visitor.visit(put(10_000))
    place.trouble = 'fails'
    const { visitor: other } = elsewhere()
    await other.visit((session) => {
      session.data = { fresh: true }
    })
    expect(await other.see(({ data }) => data)).toEqual({ fresh: true })
  })

  it('keeps the old value when a change cannot be written', async () => {
    const { visitor, place } = site()
    await visitor.visit(put(10_000))
    const cookies = visitor.jar.get(SESSION)
    place.trouble = 'fails'
    await expect(visitor.visit(put(20_000))).rejects.toMatchObject({ code: 'data-unavailable' })
    expect(visitor.jar.get(SESSION)).toBe(cookies)
    expect(await visitor.see(lengthOf)).toBe(10_000)
  })

  it('becomes 503 behind the Hono middleware, for who looks', async () => {
    const { visitor, elsewhere, place } = site()
    await visitor.visit(async (session) => {
      await session.signIn('ada')
      session.data.text = text(10_000)
    })
    place.trouble = 'fails'
    const app = new Hono<SessionEnv<AnyData>>()
    app.use(session(elsewhere().manager))
    app.get('/data', (c) => c.json(c.var.session.data))
    app.get('/who', (c) => c.text(c.var.session.subject ?? '-'))
    app.post('/data', (c) => {
      c.var.session.data = { text: text(30_000) }
      return c.text('saved')
    })
    const headers = { cookie: visitor.jar.headerFor(SITE) }
    const page = await app.request(`${SITE}data`, { headers })
    expect([page.status, page.headers.get('Retry-After')]).toEqual([503, '5'])
    expect(await page.json()).toEqual({ error: 'data-unavailable' })
    expect(await (await app.request(`${SITE}who`, { headers })).text()).toBe('ada')
    const saved = await app.request(`${SITE}data`, { method: 'POST', headers })
    expect(saved.status).toBe(503)
    expect(cookiesSet(saved)).toEqual([ACTIVITY])
  })

  it('is what a manager without the option sees', async () => {
    const { visitor, keys, list, clock } = site()
    await visitor.visit(put(10_000))
    const manager = createSessionManager<AnyData>({ keys, revocationList: list, now: clock })
    const loaded = await manager.load(visitor.request())
    expect(loaded.sid).toBeDefined()
    expect(() => loaded.data).toThrow('the manager has no "dataStore"')
  })
})

describe('an entry that is not what was written', () => {
  const filled = async () => {
    const kit = site()
    await kit.visitor.visit(async (session) => {
      await session.signIn('ada')
      session.data.text = text(10_000, 'a')
    })
    return kit
  }

  it.each([
    [119, 'data-unavailable'],
    [120, 'data'],
    [121, 'data'],
  ])('is missing %i s after it was written: %s', async (age, expected) => {
    const { elsewhere, place, clock, events } = await filled()
    place.entries.clear()
    // It was written within a second, of which the reference keeps whole ones.
    clock.pass(age - 0.123)
    const { manager, visitor } = elsewhere()
    const loaded = await manager.load(visitor.request())
    if (expected === 'data') {
      expect(loaded.ended).toBe('data')
      expect(loaded.subject).toBeUndefined()
    } else {
      expect(loaded.subject).toBe('ada')
      expect(() => loaded.data).toThrow(expect.objectContaining({ code: expected }))
    }
    expect(events[0]).toEqual({ type: 'data-missing', age })
  })

  it('is still coming: it is found by a later request', async () => {
    const { elsewhere, place, clock } = await filled()
    const [entry] = place.entries
    place.entries.clear()
    const { manager, visitor } = elsewhere()
    const early = await manager.load(visitor.request())
    expect(() => early.data).toThrow('the data store does not have the data yet')
    if (entry) place.entries.set(...entry)
    clock.pass(30)
    expect(await visitor.see(lengthOf)).toBe(10_000)
  })

  it('is counted from the write of the data, not from later seals of the session', async () => {
    const { elsewhere, place, clock, visitor } = await filled()
    clock.pass(110)
    await visitor.visit((session) => session.regenerate())
    clock.pass(15)
    place.entries.clear()
    expect(await elsewhere().visitor.see(({ ended }) => ended)).toBe('data')
  })

  it.each([
    [
      'damaged at the end',
      // The character before the last, whose bits all count.
      (value: string) => `${value.slice(0, -2)}${value.at(-2) === 'A' ? 'B' : 'A'}${value.at(-1)}`,
    ],
    ['damaged at the start', (value: string) => `${value[0] === 'f' ? 'g' : 'f'}${value.slice(1)}`],
    ['cut short', (value: string) => value.slice(0, 1_000)],
    ['empty', () => ''],
    ['plain', () => '{"text":"forged"}'],
    ['no text', () => 7 as unknown as string],
  ])('is %s: the session ends as data, and nothing is shown', async (_, damage) => {
    const { elsewhere, place, events } = await filled()
    const [key, value] = place.only
    place.entries.set(key, damage(value))
    const { manager, visitor } = elsewhere()
    const loaded = await manager.load(visitor.request())
    expect([loaded.ended, loaded.subject, loaded.data]).toEqual(['data', undefined, {}])
    expect(events).toEqual([{ type: 'data-damaged' }, { type: 'ended', reason: 'data' }])
    // A read clears no cookie: a place that comes back intact has lost nothing.
    await manager.commit(loaded, new Response())
    place.entries.set(key, value)
    expect(await elsewhere().visitor.see(({ subject }) => subject)).toBe('ada')
  })

  it('belongs to another session of the app', async () => {
    const { elsewhere, place, manager, clock } = await filled()
    const [key, value] = place.only
    const other = new Visitor(manager, clock)
    await other.visit(async (session) => {
      await session.signIn('bob')
      session.data.text = text(10_000, 'b')
    })
    const [foreign = ''] = [...place.entries.keys()].filter((one) => one !== key)
    place.entries.set(foreign, value)
    const thief = new Visitor(elsewhere().manager, clock, other.jar)
    expect(await thief.see(({ ended, data }) => ({ ended, data }))).toEqual({
      ended: 'data',
      data: {},
    })
  })

  it('was an earlier value of the same session', async () => {
    const { elsewhere, place, visitor } = await filled()
    const [, old] = place.only
    await visitor.visit(put(20_000))
    for (const key of place.entries.keys()) place.entries.set(key, old)
    expect(await elsewhere().visitor.see(({ ended }) => ended)).toBe('data')
  })

  it('was sealed under a key that has left the ring', async () => {
    const old = generateKey()
    const fresh = generateKey()
    const place = new Place()
    const now = testClock()
    const make = (keys: string[]) =>
      createSessionManager<AnyData>({
        keys,
        revocationList: memoryRevocationList({ now }),
        now,
        dataStore: dataStore(place),
      })
    const visitor = new Visitor(make([old]), now)
    await visitor.visit(put(10_000))
    // The session moves to the new key, and the data stays under the old one.
    const rotating = new Visitor(make([fresh, old]), now, visitor.jar)
    await rotating.visit((session) => session.regenerate())
    expect(await rotating.see(lengthOf)).toBe(10_000)
    const after = new Visitor(make([fresh]), now, visitor.jar)
    expect(await after.see(({ ended }) => ended)).toBe('data')
  })
})

describe('the memory of an isolate', () => {
  it('holds at most 4 MB of data', async () => {
    const now = testClock()
    const place = new Place()
    const store = dataStore(place)
    const connect = () =>
      store.connect({
        now,
        report: () => {},
        seal: async (json) => btoa(json),
        open: async (token) => JSON.parse(atob(token)),
      })
    const references: string[] = []
    // Two bytes a character and 500 for the rest: 19 fit, and room is made for 2 at once.
    for (let i = 0; i < 24; i++) {
      references.push(await connect().write(JSON.stringify(text(99_998)), now() + 1_000_000))
    }
    for (const reference of references.slice(-17)) await connect().read(reference)
    expect(place.reads).toBe(0)
    for (const reference of references.slice(0, 5)) await connect().read(reference)
    expect(place.reads).toBe(5)
  })
})

it.each([
  ['a KV namespace', { get() {}, put() {} }, 'an object'],
  ['a function', () => {}, 'a function'],
  ['null', null, 'null'],
])('%s is no data store', (_, store, kind) => {
  expect(() => setUp({ dataStore: store as never })).toThrow(
    new TypeError(`"dataStore" must be a data store, such as kvDataStore(...); got ${kind}`),
  )
})

it('one store serves several managers', async () => {
  const store = memoryDataStore()
  const [one, two] = [setUp({ dataStore: store }), setUp({ dataStore: store })]
  await one.visitor.visit(put(10_000))
  await two.visitor.visit(put(20_000))
  expect([await one.visitor.see(lengthOf), await two.visitor.see(lengthOf)]).toEqual([
    10_000, 20_000,
  ])
})
