/** Our library under test: a small app with every route of the races. */

import { Hono } from 'hono'
import { kvRevocationList } from '../../src/cloudflare.ts'
import { requireSignIn, type SessionEnv, session } from '../../src/hono.ts'
import { createSessionManager, type Session, type SessionManager } from '../../src/index.ts'
import type { Conditions } from './interleaving.ts'
import { KEY_STAGES } from './key-stages.ts'
import { SlowKv } from './slow-kv.ts'
import { AFTER, BEFORE, NAME, type Seen, SUBJECT, type System } from './system.ts'
import type { World } from './world.ts'

interface Data {
  log: string[]
}

export function sealed(world: World, conditions: Conditions): System {
  const { now } = world
  const { seed, recheckAfter, staleness, latency } = conditions
  const kv = new SlowKv(world, { seed, staleness: staleness * 1000, latency: latency * 1000 })
  const reader = createSessionManager<Data>({
    keys: [...new Set(KEY_STAGES.flat())],
    revocationList: 'none',
    now,
  })
  return {
    isolate(place, stage) {
      const manager = createSessionManager<Data>({
        keys: KEY_STAGES[stage] ?? [],
        revocationList: kvRevocationList(kv.seenFrom(place)),
        recheckAfter,
        now,
      })
      const app = raceApp(world, manager)
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

function raceApp(world: World, manager: SessionManager<Data>): Hono<SessionEnv<Data>> {
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
  return app
    .get(
      '/',
      act(() => {}),
    )
    .post('/write', requireSignIn(), write)
    .post('/anonymous-write', write)
    .post(
      '/sign-in',
      act((session, _, { headers }) => session.signIn(headers.get(SUBJECT) ?? '')),
    )
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
})
