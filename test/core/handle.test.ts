import { describe, expect, it } from 'vitest'
import { type Session, SessionError } from '../../src/index.ts'
import { Device, setUpBinding } from '../binding/device.ts'
import { ACTIVITY, type AnyData, cookiesSet, SESSION, setUp } from '../kit/visitor.ts'

type Respond = (session: Session<AnyData>) => Response | Promise<Response>

/** A visitor in front of `handle`. */
function site(options: Parameters<typeof setUp>[0] = {}) {
  const set = setUp(options)
  const { jar } = set.visitor
  const visit = async (respond: Respond): Promise<Response> => {
    const response = await set.manager.handle(set.visitor.request(), respond)
    jar.store(response, 'https://site.example/')
    return response
  }
  return { ...set, visit }
}

const signIn: Respond = async (session) => {
  await session.signIn('ada')
  return new Response('welcome', { status: 201 })
}

/** A list that can be written and not read. */
function listThatFails() {
  const list = { isAway: false }
  return {
    list,
    revocationList: {
      read: async (targets: readonly unknown[]) => {
        if (list.isAway) throw new Error('away')
        return targets.map(() => undefined)
      },
      write: async () => {},
    },
  }
}

describe('handle', () => {
  it('answers a browser that binds a session to its device, without the handler', async () => {
    const { manager, visitor } = setUpBinding()
    const answerBinding = (request: Request) =>
      manager.handle(request, () => new Response('nothing here', { status: 404 }))
    const device = new Device({ ...manager, answerBinding }, visitor)
    await device.signIn()
    expect(await device.see(({ bound }) => bound !== undefined)).toBe(true)
  })

  it('loads the session, and commits it to the response', async () => {
    const { visit } = site()
    const response = await visit(signIn)
    expect(response.status).toBe(201)
    expect(await response.text()).toBe('welcome')
    expect(cookiesSet(response)).toEqual([SESSION, ACTIVITY])
    await visit((session) => {
      expect(session.subject).toBe('ada')
      return new Response()
    })
  })

  it('gives the same session as load with the same request', async () => {
    const { manager, visitor } = site()
    const request = visitor.request()
    const response = await manager.handle(request, async (session) => {
      expect(await manager.load(request)).toBe(session)
      return new Response()
    })
    expect(response.status).toBe(200)
  })

  it('within another for the same request writes each cookie once', async () => {
    const { manager, visitor } = site()
    const request = visitor.request()
    const response = await manager.handle(request, () => manager.handle(request, signIn))
    expect(cookiesSet(response)).toEqual([SESSION, ACTIVITY])
  })

  it('takes a Response that is thrown as the response', async () => {
    const { visit } = site()
    const response = await visit(async (session) => {
      await session.signIn('ada')
      throw new Response(null, { status: 302, headers: { Location: '/home' } })
    })
    expect(response.status).toBe(302)
    expect(response.headers.get('Location')).toBe('/home')
    expect(cookiesSet(response)).toEqual([SESSION, ACTIVITY])
  })

  it('rejects with what else is thrown, and with what cannot be sealed', async () => {
    const { visit } = site()
    const broken = new Error('of the app')
    await expect(
      visit(() => {
        throw broken
      }),
    ).rejects.toBe(broken)
    const tooLarge = visit((session) => {
      session.data.note = 'x'.repeat(5_000)
      return new Response()
    })
    await expect(tooLarge).rejects.toMatchObject({ code: 'too-large' })
    await expect(tooLarge).rejects.toThrow(/note/)
  })

  it('rejects with a TypeError for what is no response', async () => {
    const { visit } = site()
    await expect(visit((() => 'text') as unknown as Respond)).rejects.toThrow(
      'commit() takes a session, then the Response of the handler; got a string',
    )
  })

  describe('answers 503 with Retry-After while the list is away', () => {
    const use: Respond = (session) => new Response(session.subject)
    /** As frameworks do: the error becomes a page. */
    const framework: Respond = async (session) => {
      try {
        return await use(session)
      } catch {
        return new Response('<h1>Oops</h1>', {
          status: 500,
          headers: { 'Content-Type': 'text/html', 'X-Frame': 'kept' },
        })
      }
    }

    async function away() {
      const { list, revocationList } = listThatFails()
      const set = site({ revocationList })
      await set.visit(signIn)
      set.clock.pass(400)
      list.isAway = true
      return set
    }

    it('if the handler throws', async () => {
      const { visit } = await away()
      const response = await visit(use)
      expect(response.status).toBe(503)
      expect(response.headers.get('Retry-After')).toBe('5')
      expect(await response.json()).toEqual({ error: 'revocation-unavailable' })
    })

    it('if the framework has made a 500 of it, whose other headers stay', async () => {
      const { visit } = await away()
      const response = await visit(framework)
      expect(response.status).toBe(503)
      expect(response.headers.get('Content-Type')).toBe('application/json')
      expect(response.headers.get('X-Frame')).toBe('kept')
      expect(await response.json()).toEqual({ error: 'revocation-unavailable' })
    })

    it('unless the app has answered otherwise, or never looked', async () => {
      const { visit } = await away()
      const own = await visit(async (session) => {
        await framework(session)
        return new Response('the app says so', { status: 502 })
      })
      expect(await own.text()).toBe('the app says so')
      const unrelated = await visit(() => new Response('broken', { status: 500 }))
      expect(await unrelated.text()).toBe('broken')
    })

    it('after a call that failed', async () => {
      const { list, revocationList } = listThatFails()
      const { visit } = site({ revocationList })
      await visit(signIn)
      list.isAway = true
      const response = await visit(async (session) => {
        await session.recheck().catch(() => {})
        return new Response('<h1>Oops</h1>', { status: 500 })
      })
      expect(response.status).toBe(503)
    })
  })

  it('answers 503 if a call that was not awaited failed, and clears the cookies', async () => {
    const { visit } = site({
      revocationList: {
        read: async (targets) => targets.map(() => undefined),
        write: async () => {
          throw new Error('away')
        },
      },
    })
    await visit(signIn)
    const response = await visit((session) => {
      void session.destroy()
      return new Response('bye')
    })
    expect(response.status).toBe(503)
    expect(cookiesSet(response)).toEqual([`-${SESSION}`, `-${ACTIVITY}`])
  })

  it('answers 401 if the session is found revoked during the request', async () => {
    const { visit, manager } = site()
    await visit(signIn)
    const response = await visit(async (session) => {
      await manager.revokeSubject('ada')
      await session.signOutOthers()
      return new Response('the only one')
    })
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ error: 'sign-in-required' })
  })

  it('answers 503 if the data store cannot be read', async () => {
    const store = { isAway: false, entries: new Map<string, string>() }
    const { dataStore } = await import('../../src/index.ts')
    const onStore = () =>
      dataStore(
        {
          read: async (key) => {
            if (store.isAway) throw new Error('away')
            return store.entries.get(key)
          },
          write: async (key, text) => {
            store.entries.set(key, text)
          },
        },
        { keep: 'always' },
      )
    const keys = 'YSBrZXkgb2YgdGhlIHRlc3RzLCBub3QgYSBzZWNyZXQ'
    const first = site({ keys, dataStore: onStore() })
    await first.visit(async (session) => {
      await session.signIn('ada')
      session.data.note = 'stored'
      return new Response()
    })
    store.isAway = true
    const second = site({ keys, dataStore: onStore(), now: first.clock })
    const request = first.visitor.request()
    const response = await second.manager.handle(request, (session) => {
      try {
        return Response.json(session.data.note)
      } catch (error) {
        expect(error).toBeInstanceOf(SessionError)
        return new Response(null, { status: 500 })
      }
    })
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ error: 'data-unavailable' })
  })
})
