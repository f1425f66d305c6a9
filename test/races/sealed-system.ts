/** Our library under test: a small app with every route of the races, in isolates of its own. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Hono } from 'hono'
import type { requireSignIn, SessionEnv, session } from '../../src/hono.ts'
import type {
  createSessionManager,
  RevocationList,
  Session,
  SessionManager,
} from '../../src/index.ts'
import { root } from '../kit/module-graph.ts'
import type { Conditions } from './interleaving.ts'
import { graphOf } from './isolates.ts'
import { KEY_STAGES } from './key-stages.ts'
import { onKv, type RacedList } from './lists.ts'
import { AFTER, BEFORE, NAME, type Seen, SUBJECT, type System } from './system.ts'
import type { World } from './world.ts'

interface Data {
  log: string[]
}

/** What a module graph of the library has. */
interface Library {
  readonly createSessionManager: typeof createSessionManager
  readonly makeList: (...parts: never[]) => RevocationList
  readonly session: typeof session
  readonly requireSignIn: typeof requireSignIn
}

const MODULES = `
  export { createSessionManager } from './src/index.ts'
  export { session, requireSignIn } from './src/hono.ts'`

// Until the library has it.
const ENDS_OTHERS = readFileSync(join(root, 'src/session/types.ts'), 'utf8').includes('endOthers')

const LONGEST_LIFE = 400 * 86_400

/** Bundles the library; every isolate of every interleaving evaluates it anew. */
export async function loadSealed(
  raced: RacedList = onKv,
): Promise<(world: World, conditions: Conditions) => System> {
  const graph = await graphOf<Library>(MODULES + raced.modules)
  return (world, conditions) => {
    const { recheckAfter } = conditions
    const list = raced.begin(world, conditions, graph)
    let decryptions = 0
    const reader = graph({ now: world.now }).createSessionManager<Data>({
      keys: [...new Set(KEY_STAGES.flat())],
      revocationList: 'none',
      idleTimeout: LONGEST_LIFE,
      absoluteTimeout: LONGEST_LIFE,
      isActivity: () => false,
      now: world.now,
    })
    return {
      lacks: ENDS_OTHERS ? [] : ['sign-in-end-others'],
      decryptions: () => decryptions,
      isolate({ place, stage, now, idleTimeout, absoluteTimeout }) {
        const library = graph({ now, onDecrypt: () => void decryptions++ })
        const timeouts = { idleTimeout, absoluteTimeout }
        const manager = library.createSessionManager<Data>({
          keys: KEY_STAGES[stage] ?? [],
          revocationList: list(library, place),
          recheckAfter,
          ...timeouts,
          remembered: timeouts,
          now,
        })
        const app = raceApp(world, manager, library)
        return {
          fetch: (request) => app.fetch(request),
          forceOut: (subject) => manager.revokeSubject(subject),
        }
      },
      async peek(cookie) {
        const session = await reader.load(
          new Request('https://site.example/', { headers: { cookie } }),
        )
        return session.sid === undefined ? undefined : seen(session)
      },
    }
  }
}

function raceApp(
  world: World,
  manager: SessionManager<Data>,
  { session, requireSignIn }: Library,
): Hono<SessionEnv<Data>> {
  const app = new Hono<SessionEnv<Data>>()
  app.use(session(manager))
  app.onError((_, c) => c.text('failed', 500))
  const act = (work: (session: Session<Data>, name: string, request: Request) => unknown) => {
    return async (c: { var: { session: Session<Data> }; req: { raw: Request } }) => {
      const { session } = c.var
      const { headers } = c.req.raw
      const before = seen(session)
      await world.sleep(Number(headers.get(BEFORE)))
      await work(session, headers.get(NAME) ?? '', c.req.raw)
      const after = seen(session)
      await world.sleep(Number(headers.get(AFTER)))
      return Response.json({ before, after })
    }
  }
  const write = act((session, name) => {
    session.data.log = [...(session.data.log ?? []), name]
    // A new session has no sid before.
    return session.save()
  })
  const signIn = (options: object) =>
    act((session, _, { headers }) => session.signIn(headers.get(SUBJECT) ?? '', options))
  return app
    .get(
      '/',
      act(() => {}),
    )
    .post('/write', requireSignIn(), write)
    .post('/anonymous-write', write)
    .post('/sign-in', signIn({}))
    .post('/sign-in-end-others', signIn({ endOthers: true }))
    .post(
      '/sign-out',
      act((session) => session.destroy()),
    )
    .post(
      '/sign-out-others',
      requireSignIn(),
      act((session) => session.signOutOthers()),
    )
    .post(
      '/regenerate',
      requireSignIn(),
      act((session) => session.regenerate()),
    )
}

const seen = (session: Session<Data>): Seen => ({
  sid: session.sid,
  subject: session.subject,
  log: session.sid === undefined ? [] : (session.data.log ?? []),
  createdAt: session.createdAt?.getTime(),
  activeAt: session.lastActivityAt?.getTime(),
})
