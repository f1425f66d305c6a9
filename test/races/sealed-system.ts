/** Our library under test: a small app with every route of the races, in isolates of its own. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Hono } from 'hono'
import type { bindingFrom } from '../../src/binding/device-binding.ts'
import type { requireSignIn, SessionEnv, session, sessionRoutes } from '../../src/hono.ts'
import type {
  createSessionManager,
  dataStore,
  RevocationList,
  Session,
  SessionManager,
} from '../../src/index.ts'
import { type Break, root } from '../kit/module-graph.ts'
import type { Conditions } from './interleaving.ts'
import { graphOf } from './isolates.ts'
import { KEY_STAGES } from './key-stages.ts'
import { onKv, type RacedList } from './lists.ts'
import { SlowData } from './slow-data.ts'
import { AFTER, BEFORE, NAME, type Seen, SUBJECT, type System } from './system.ts'
import type { World } from './world.ts'

interface Data {
  log: string[]
  /** What makes the data outgrow the cookie. */
  ballast?: string
}

/** What a module graph of the library has. */
interface Library {
  readonly createSessionManager: typeof createSessionManager
  readonly dataStore: typeof dataStore
  readonly makeList: (...parts: never[]) => RevocationList
  readonly session: typeof session
  readonly requireSignIn: typeof requireSignIn
  readonly sessionRoutes: typeof sessionRoutes
  /** Only where sessions are bound. */
  readonly bindingFrom?: typeof bindingFrom
}

const MODULES = `
  export { createSessionManager, dataStore } from './src/index.ts'
  export { session, requireSignIn, sessionRoutes } from './src/hono.ts'`
const BINDING = `
  export { bindingFrom } from './src/binding/device-binding.ts'`

// Until the library has it.
const ENDS_OTHERS = readFileSync(join(root, 'src/session/types.ts'), 'utf8').includes('endOthers')

const LONGEST_LIFE = 400 * 86_400

/** How data is kept. */
export interface DataHabits {
  /** Whether every other write makes the data outgrow the cookie, and the next one shrinks it again. */
  readonly flips: boolean
  /** Whether the place for data may be as stale as the list. */
  readonly isStale?: boolean
  /** Told of the place of every interleaving. */
  readonly onPlace?: (place: SlowData) => void
}

/** Whether sessions are bound to devices. */
export interface BindingHabits {
  readonly binds?: boolean
  /** Faults that the races ought to find. */
  readonly breaks?: readonly Break[]
}

/** How long a proof counts where sessions are bound, in seconds. */
const PROOF_LIFETIME = 300

/** Bundles the library; every isolate of every interleaving evaluates it anew. */
export async function loadSealed(
  raced: RacedList = onKv,
  { flips, isStale = false, onPlace = () => {} }: DataHabits = { flips: false },
  { binds = false, breaks = [] }: BindingHabits = {},
): Promise<(world: World, conditions: Conditions) => System> {
  const modules = MODULES + raced.modules + (binds ? BINDING : '')
  const graph = await graphOf<Library>(modules, undefined, breaks)
  return (world, conditions) => {
    const { seed, recheckAfter, staleness, latency } = conditions
    const list = raced.begin(world, conditions, graph)
    const place = new SlowData(world, {
      seed,
      staleness: isStale ? staleness * 1000 : 0,
      latency: latency * 1000,
    })
    onPlace(place)
    let decryptions = 0
    const readers = graph({ now: world.now })
    const reader = readers.createSessionManager<Data>({
      ...(flips ? { dataStore: readers.dataStore(place.itself) } : {}),
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
      ...(binds ? { proofLifetime: PROOF_LIFETIME } : {}),
      isolate({ place: at, stage, now, idleTimeout, absoluteTimeout }) {
        const library = graph({ now, onDecrypt: () => void decryptions++ })
        const timeouts = { idleTimeout, absoluteTimeout }
        const manager = library.createSessionManager<Data>({
          keys: KEY_STAGES[stage] ?? [],
          revocationList: list(library, at),
          recheckAfter,
          ...(flips ? { dataStore: library.dataStore(place.seenFrom(at)) } : {}),
          ...timeouts,
          remembered: timeouts,
          ...(library.bindingFrom && { binding: library.bindingFrom(POLICY, SHORT) }),
          now,
        })
        const app = raceApp(world, manager, library, flips)
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

const POLICY = { policy: 'when-supported', lifetime: PROOF_LIFETIME } as const
const SHORT = { lifetime: PROOF_LIFETIME, grace: 60 }

function raceApp(
  world: World,
  manager: SessionManager<Data>,
  { session, requireSignIn, sessionRoutes }: Library,
  flips: boolean,
): Hono<SessionEnv<Data>> {
  const app = new Hono<SessionEnv<Data>>()
  app.use(session(manager))
  app.onError((error, c) => {
    const { code } = error as { code?: string }
    const isAway = code === 'data-unavailable' || code === 'proof-unavailable'
    return c.text('failed', isAway ? 503 : 500)
  })
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
    const log = [...(session.data.log ?? []), name]
    session.data.log = log
    if (flips && log.length % 2 === 1) session.data.ballast = name.padEnd(4_000, '.')
    else delete session.data.ballast
    // A new session has no sid before.
    return session.save()
  })
  const signIn = (options: object) =>
    act((session, _, { headers }) => session.signIn(headers.get(SUBJECT) ?? '', options))
  app.route('/session', sessionRoutes())
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

/** Throws when the data is away, or when its parts are of different writes. */
function seen(session: Session<Data>): Seen {
  const { log = [], ballast } = session.sid === undefined ? {} : session.data
  if (ballast !== undefined && !ballast.startsWith(`${log.at(-1)}.`)) {
    throw new Error('parts of different writes')
  }
  return {
    sid: session.sid,
    subject: session.subject,
    log,
    createdAt: session.createdAt?.getTime(),
    activeAt: session.lastActivityAt?.getTime(),
  }
}
