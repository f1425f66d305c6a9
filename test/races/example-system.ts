/**
 * The example Worker under test, as it stands: its own routes, forms and guards. A handler of its is
 * slow where the form that it waits for is; it has no `regenerate` and no anonymous write.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { RevocationNamespace } from '../../src/cloudflare.ts'
import type { createSessionManager, Session } from '../../src/index.ts'
import type { Conditions } from './interleaving.ts'
import { KEY_STAGES } from './key-stages.ts'
import { SlowKv } from './slow-kv.ts'
import { type Action, BEFORE, NAME, type Seen, SUBJECT, type System } from './system.ts'
import type { World } from './world.ts'

interface Data {
  note: string
}

interface Env {
  SESSION_KEYS: string
  REVOCATIONS: RevocationNamespace
  IDLE_TIMEOUT: string
  ABSOLUTE_TIMEOUT: string
  RECHECK_AFTER: string
}

/** What is needed of the example. */
export interface Example {
  readonly app: { fetch(request: Request, env: Env): Response | Promise<Response> }
  /** Is told of the session of every request before the example handles it. */
  readonly watch: { onLoad(request: Request, session: Session<Data>): void }
  readonly createSessionManager: typeof createSessionManager
}

const SITE = 'https://site.example'
const ROUTES: Partial<Record<Action, string>> = {
  write: '/note',
  'sign-in': '/sign-in',
  'sign-out': '/sign-out',
  'sign-out-others': '/sign-out-others',
}
// The races' subjects are ann, who may be forced out, and bob; the example's are grace, and ada, who may do that.
const USERNAMES = new Map([
  ['ann', 'grace'],
  ['bob', 'ada'],
])
const subjectOf = (username: string | undefined) =>
  [...USERNAMES].find(([, known]) => known === username)?.[0]

/** Bundled as wrangler does it: the example imports the library by name, in JSX. */
export async function loadExample(): Promise<Example> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const folder = mkdtempSync(join(tmpdir(), 'sealed-session-'))
  const outfile = join(folder, 'example.mjs')
  await build({
    stdin: {
      contents:
        `import { Hono } from 'hono'\n` +
        `import { session } from './src/hono.ts'\n` +
        `import example from './worker-example/index.tsx'\n` +
        `import { makeSessions } from './worker-example/sessions.ts'\n` +
        `export { createSessionManager } from './src/index.ts'\n` +
        `export const watch = { onLoad() {} }\n` +
        `export const app = new Hono().use(session(makeSessions)).use(async (c, next) => {\n` +
        `  watch.onLoad(c.req.raw, c.var.session)\n` +
        `  await next()\n` +
        `}).route('/', example)\n`,
      resolveDir: root,
    },
    tsconfig: join(root, 'worker-example/tsconfig.json'),
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2023',
    platform: 'neutral',
    mainFields: ['module', 'main'],
  })
  const example: Example = await import(/* @vite-ignore */ pathToFileURL(outfile).href)
  rmSync(folder, { recursive: true })
  return example
}

export const exampleSystem =
  ({ app, watch, createSessionManager }: Example) =>
  (world: World, { seed, recheckAfter, staleness, latency }: Conditions): System => {
    const watched = new WeakMap<
      Request,
      { session: Session<Data>; before: ReturnType<typeof seen> }
    >()
    watch.onLoad = (request, session) => watched.set(request, { session, before: seen(session) })
    const kv = new SlowKv(world, { seed, staleness: staleness * 1000, latency: latency * 1000 })
    const keys = [...new Set(KEY_STAGES.flat())]
    const reader = createSessionManager<Data>({ keys, revocationList: 'none' })
    const peek = async (cookie: string) => {
      const session = await reader.load(new Request(SITE, { headers: { cookie } }))
      return session.sid === undefined ? undefined : seen(session)
    }

    return {
      lacks: ['anonymous-write', 'regenerate'],
      isolate(place, stage) {
        const env: Env = {
          SESSION_KEYS: (KEY_STAGES[stage] ?? []).join(),
          REVOCATIONS: kv.seenFrom(place),
          IDLE_TIMEOUT: '1800',
          ABSOLUTE_TIMEOUT: '43200',
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
})
