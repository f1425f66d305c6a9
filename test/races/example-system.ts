/**
 * The example Worker under test, as it stands: its own routes, forms and guards. A handler of its is
 * slow where the form that it waits for is; it has no `regenerate` and no anonymous write.
 */

import { join } from 'node:path'
import type { RevocationNamespace, SessionIndexNamespace } from '../../src/cloudflare.ts'
import type { createSessionManager, Session } from '../../src/index.ts'
import { root } from '../kit/module-graph.ts'
import type { Conditions } from './interleaving.ts'
import { graphOf } from './isolates.ts'
import { KEY_STAGES } from './key-stages.ts'
import { SlowKv } from './slow-kv.ts'
import { type Action, BEFORE, NAME, type Seen, SUBJECT, type System } from './system.ts'
import type { World } from './world.ts'

interface Data {
  note: string
}

interface Env {
  SESSION_KEYS: string
  REVOCATIONS: RevocationNamespace & SessionIndexNamespace
  IDLE_TIMEOUT: string
  ABSOLUTE_TIMEOUT: string
  RECHECK_AFTER: string
}

/** What a module graph of the example has. */
interface Example {
  readonly app: { fetch(request: Request, env: Env): Response | Promise<Response> }
  /** Is told of the session of every request before the example handles it. */
  readonly watch: { onLoad(request: Request, session: Session<Data>): void }
  readonly createSessionManager: typeof createSessionManager
}

const SITE = 'https://site.example'
const LONGEST_LIFE = 400 * 86_400
const ROUTES: Partial<Record<Action, string>> = {
  write: '/note',
  'sign-in': '/sign-in',
  // Of the session's own subject, with the password.
  'sign-in-end-others': '/sign-out-others',
  'sign-out': '/sign-out',
}
// The races' subjects are ann, who may be forced out, and bob; the example's are grace, and ada, who may do that.
const USERNAMES = new Map([
  ['ann', 'grace'],
  ['bob', 'ada'],
])
const subjectOf = (username: string | undefined) =>
  [...USERNAMES].find(([, known]) => known === username)?.[0]

// Bundled as wrangler does it: the example imports the library by name, in JSX.
const MODULES = `
  import { Hono } from 'hono'
  import { session } from './src/hono.ts'
  import example from './worker-example/index.tsx'
  import { makeSessions } from './worker-example/sessions.ts'
  export { createSessionManager } from './src/index.ts'
  export const watch = { onLoad(request, session) {} }
  export const app = new Hono().use(session(makeSessions)).use(async (c, next) => {
    watch.onLoad(c.req.raw, c.var.session)
    await next()
  }).route('/', example)`

/** Bundles the example; every isolate of every interleaving evaluates it anew. */
export async function loadExample(): Promise<(world: World, conditions: Conditions) => System> {
  const graph = await graphOf<Example>(MODULES, join(root, 'worker-example/tsconfig.json'))

  return (world, { seed, recheckAfter, staleness, latency }) => {
    const kv = new SlowKv(world, { seed, staleness: staleness * 1000, latency: latency * 1000 })
    let decryptions = 0
    const reader = graph({ now: world.now }).createSessionManager<Data>({
      keys: [...new Set(KEY_STAGES.flat())],
      revocationList: 'none',
      idleTimeout: LONGEST_LIFE,
      absoluteTimeout: LONGEST_LIFE,
      isActivity: () => false,
      now: world.now,
    })
    const peek = async (cookie: string) => {
      const session = await reader.load(new Request(SITE, { headers: { cookie } }))
      return session.sid === undefined ? undefined : seen(session)
    }

    return {
      // Its "Sign out everywhere else" is a sign-in that ends the others, not the library's `signOutOthers`.
      lacks: ['anonymous-write', 'regenerate', 'sign-out-others'],
      decryptions: () => decryptions,
      isolate({ place, stage, now, idleTimeout, absoluteTimeout }) {
        const { app, watch } = graph({ now, onDecrypt: () => void decryptions++ })
        const watched = new WeakMap<Request, { session: Session<Data>; before: Seen }>()
        watch.onLoad = (request, session) =>
          void watched.set(request, { session, before: seen(session) })
        const env: Env = {
          SESSION_KEYS: (KEY_STAGES[stage] ?? []).join(),
          REVOCATIONS: kv.seenFrom(place),
          IDLE_TIMEOUT: String(idleTimeout),
          ABSOLUTE_TIMEOUT: String(absoluteTimeout),
          RECHECK_AFTER: String(recheckAfter),
        }
        return {
          fetch: async (asked) => {
            const request = await inTheExamplesWords(asked)
            const response = await app.fetch(request, env)
            const { session, before } = watched.get(request) ?? {}
            if (session === undefined) return response
            const refused = response.status === 401 && new URL(request.url).pathname !== '/me'
            if (![200, 303, 401].includes(response.status)) return response
            const answer = refused
              ? new Response(null, { status: 401 })
              : Response.json({ before, after: seen(session) })
            for (const line of response.headers.getSetCookie()) {
              answer.headers.append('Set-Cookie', line)
            }
            return answer
          },
          forceOut: async (subject) => {
            const send = (path: string, form: Record<string, string>, cookie = '') =>
              app.fetch(post(path, cookie, new URLSearchParams(form)), env)
            const signedIn = await send('/sign-in', { username: 'ada', password: 'demo' })
            const cookies = signedIn.headers.getSetCookie().map((line) => line.split(';', 1)[0])
            const form = { subject: USERNAMES.get(subject) ?? '' }
            const { status } = await send('/admin/sign-out-subject', form, cookies.join('; '))
            if (status !== 303) throw new Error(`forcing out answered ${status}`)
          },
        }
      },
      peek,
    }

    /** A form that comes as slowly as the handler is to be. */
    async function inTheExamplesWords({ method, url, headers }: Request): Promise<Request> {
      const cookie = headers.get('cookie') ?? ''
      const action = url.slice(SITE.length + 1) as Action
      if (method === 'GET') return new Request(`${SITE}/me`, { headers })
      const name = headers.get(NAME) ?? ''
      const username = USERNAMES.get(headers.get(SUBJECT) ?? '') ?? ''
      const known = (await peek(cookie))?.log ?? []
      const form =
        action === 'write' ? { note: [...known, name].join() } : { username, password: 'demo' }
      const body = slowly(world, Number(headers.get(BEFORE)), new URLSearchParams(form).toString())
      return post(ROUTES[action] ?? '/', cookie, body)
    }
  }
}

const slowly = (world: World, delay: number, text: string): ReadableStream<Uint8Array> =>
  new ReadableStream({
    async pull(controller) {
      await world.sleep(delay)
      controller.enqueue(new TextEncoder().encode(text))
      controller.close()
    },
  })

function post(path: string, cookie: string, body: URLSearchParams | ReadableStream): Request {
  const headers = {
    cookie,
    origin: SITE,
    'content-type': 'application/x-www-form-urlencoded',
  }
  // Node wants to be told that a stream is sent while it is read.
  return new Request(SITE + path, { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
}

const seen = (session: Session<Data>): Seen => ({
  sid: session.sid,
  subject: subjectOf(session.subject),
  log: session.sid === undefined ? [] : (session.data.note?.split(',') ?? []),
  createdAt: session.createdAt?.getTime(),
  activeAt: session.lastActivityAt?.getTime(),
})
