/**
 * A session library with one cookie, and a store that every isolate sees at once, which holds every
 * invariant; and the same with one fault each, which everybody has met somewhere. The races must
 * find it: a check that cannot fail shows nothing.
 */

import { Hono } from 'hono'
import {
  type Action,
  AFTER,
  BEFORE,
  NAME,
  routeOf,
  type Seen,
  SUBJECT,
  type System,
} from './system.ts'
import type { World } from './world.ts'

export type Fault =
  | 'has no fault'
  | 'slides by writing the whole session back'
  | 'keeps the data in a cookie of its own'
  | 'never records what ended'
  | 'counts a regenerated session as new'
  | 'ends only the sid that the browser holds'
  | 'ends the subject everywhere at a sign-out'
  | 'ends the session when a request of an old sid comes'

interface Held extends Seen {
  readonly iat: number
  /** The sid that it began with. */
  readonly family: string
}

/** A session in plain JSON: what it lacks in secrecy is nothing to a race. */
export function brokenSystem(world: World, fault: Fault): System {
  /** Sids that were left, and those that ended with all that came of them. */
  const left = new Set<string>()
  const ended = new Set<string>()
  const forcedOut = new Map<string, number>()
  let sids = 0
  const newSid = () => `sid-${sids++}`

  const hasTwo = fault === 'keeps the data in a cookie of its own'
  const read = (cookie: string): Held | undefined => {
    const session = part(cookie, 's')
    if (session === undefined) return undefined
    const log = (part(cookie, 'd') as { log: string[] } | undefined)?.log ?? []
    return { ...(session as unknown as Held), ...(hasTwo ? { log } : {}) }
  }
  const isOver = ({ sid = '', family, subject = '', iat }: Held) => {
    if (left.has(sid) && fault === 'ends the session when a request of an old sid comes') {
      ended.add(family)
    }
    const isOut = iat <= (forcedOut.get(subject) ?? Number.NEGATIVE_INFINITY)
    return left.has(sid) || ended.has(sid) || ended.has(family) || isOut
  }

  const act = (action: Action) => async (c: { req: { raw: Request } }) => {
    const { headers } = c.req.raw
    const came = read(headers.get('cookie') ?? '')
    const held = came === undefined || isOver(came) ? undefined : came
    const needsSubject = action === 'write' || action === 'regenerate'
    if (needsSubject && held?.subject === undefined) return new Response('sign in', { status: 401 })
    await world.sleep(Number(headers.get(BEFORE)))
    const now = world.now()
    const name = headers.get(NAME) ?? ''
    const after = change(action, came, held, headers.get(SUBJECT) ?? '', name, now)
    await world.sleep(Number(headers.get(AFTER)))
    const answer = Response.json({ before: seen(held), after: seen(after) })
    for (const line of cookiesFor(action, held, after)) answer.headers.append('Set-Cookie', line)
    return answer
  }

  function change(
    action: Action,
    came: Held | undefined,
    held: Held | undefined,
    subject: string,
    name: string,
    now: number,
  ): Held | undefined {
    const end = ({ sid = '', family }: Held) => {
      if (fault === 'never records what ended') return
      ended.add(fault === 'ends only the sid that the browser holds' ? sid : family)
      left.add(sid)
    }
    // Also of a session that is over: something of it may still be on its way.
    if (came !== undefined && (action === 'sign-out' || action === 'sign-in')) end(came)
    if (action === 'sign-out') {
      if (fault === 'ends the subject everywhere at a sign-out' && held?.subject !== undefined) {
        forcedOut.set(held.subject, now)
      }
      return undefined
    }
    if (action === 'sign-in') {
      const keeps = held?.subject === undefined || held.subject === subject
      const sid = newSid()
      return { sid, subject, log: keeps ? (held?.log ?? []) : [], iat: now, family: sid }
    }
    if (action === 'regenerate' && held !== undefined) {
      if (fault !== 'never records what ended') left.add(held.sid ?? '')
      const iat = fault === 'counts a regenerated session as new' ? now : held.iat
      return { ...held, sid: newSid(), iat }
    }
    if (action !== 'write' && action !== 'anonymous-write') return held
    const sid = newSid()
    const base = held ?? { sid, subject: undefined, log: [], iat: now, family: sid }
    return { ...base, log: [...base.log, name] }
  }

  function cookiesFor(action: Action, held: Held | undefined, after: Held | undefined): string[] {
    if (after === undefined) {
      return action === 'sign-out' ? ['s=; Max-Age=0', 'd=; Max-Age=0'] : []
    }
    const slides = fault === 'slides by writing the whole session back'
    if (after === held && !slides) return []
    const { log, ...session } = after
    if (!hasTwo) return [`s=${encode(after)}`]
    const changes = after.log !== held?.log
    return [`s=${encode(session)}`, ...(changes ? [`d=${encode({ log })}`] : [])]
  }

  return {
    lacks: ['sign-out-others'],
    isolate() {
      const app = new Hono()
      for (const [action, [method, path]] of Object.entries(routeOf)) {
        app.on(method, path, act(action as Action))
      }
      return {
        fetch: (request) => app.fetch(request),
        async forceOut(subject) {
          if (fault !== 'never records what ended') forcedOut.set(subject, world.now())
        },
      }
    },
    async peek(cookie) {
      const held = read(cookie)
      return held === undefined ? undefined : seen(held)
    },
  }
}

const seen = (held: Held | undefined): Seen => ({
  sid: held?.sid,
  subject: held?.subject,
  log: held?.log ?? [],
  createdAt: held?.iat,
})

const encode = (value: unknown) => encodeURIComponent(JSON.stringify(value))

function part(cookie: string, name: string): unknown {
  const value = cookie.split('; ').find((pair) => pair.startsWith(`${name}=`))
  return value === undefined ? undefined : JSON.parse(decodeURIComponent(value.slice(2)))
}
