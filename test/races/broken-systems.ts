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
  type Isolate,
  NAME,
  routeOf,
  type Seen,
  type Setting,
  SUBJECT,
  type System,
  signsIn,
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
  | 'records nothing when a session that idled out is signed out'
  | 'lets a longer timeout revive sessions'
  | 'forgets what ended after the timeout that is configured'
  | 'lets an idle session go on'
  | 'lets a session escape endOthers by regenerating'
  | 'lets the clock of the server decide whom endOthers ends'

interface Held extends Seen {
  readonly iat: number
  /** The sid that it began with. */
  readonly family: string
  readonly act: number
  /** When it is over however much it is used. */
  readonly limit: number
  /** When it last changed its sid, for the fault that takes it for the beginning. */
  readonly moved: number
}

// A mark of `endOthers` covers what a server with a faster clock began.
const CLOCKS_DIFFER = 1_000
const MARKS_OUTLIVE_LIMIT = 60_000

/** A session in plain JSON: what it lacks in secrecy is nothing to a race. */
export function brokenSystem(world: World, fault: Fault): System {
  /** Sids that were left, and those that ended with all that came of them; until when. */
  const left = new Map<string, number>()
  const ended = new Map<string, number>()
  const forcedOut = new Map<string, number>()
  const since = new Map<string, number>()
  let sids = 0
  const newSid = () => `sid-${sids++}`

  const hasTwo = fault === 'keeps the data in a cookie of its own'
  const hasNoLimit =
    fault === 'lets a longer timeout revive sessions' ||
    fault === 'forgets what ended after the timeout that is configured'

  const read = (cookie: string): Held | undefined => {
    const session = part<Held>(cookie, 's')
    if (session === undefined) return undefined
    const log = part<Held>(cookie, 'd')?.log ?? []
    const activity = part<Held>(cookie, 'a')
    const act =
      activity?.sid === session.sid ? Math.max(session.act, activity?.act ?? 0) : session.act
    return { ...session, act, ...(hasTwo ? { log } : {}) }
  }

  function isolate({ now, idleTimeout, absoluteTimeout }: Setting): Isolate {
    const isTimedOut = ({ iat, act, limit }: Held) => {
      const isIdle = now() >= act + idleTimeout * 1000 && fault !== 'lets an idle session go on'
      return isIdle || now() >= (hasNoLimit ? iat + absoluteTimeout * 1000 : limit)
    }
    const has = (sids: ReadonlyMap<string, number>, sid: string) =>
      now() < (sids.get(sid) ?? Number.NEGATIVE_INFINITY)
    const isOver = ({ sid = '', family, subject = '', iat, moved }: Held) => {
      if (has(left, sid) && fault === 'ends the session when a request of an old sid comes') {
        ended.set(family, Number.POSITIVE_INFINITY)
      }
      const begun = fault === 'lets a session escape endOthers by regenerating' ? moved : iat
      return (
        has(left, sid) ||
        has(ended, sid) ||
        has(ended, family) ||
        iat <= (forcedOut.get(subject) ?? Number.NEGATIVE_INFINITY) ||
        begun <= (since.get(subject) ?? Number.NEGATIVE_INFINITY)
      )
    }
    const keepUntil = () =>
      fault === 'forgets what ended after the timeout that is configured'
        ? now() + absoluteTimeout * 1000 + MARKS_OUTLIVE_LIMIT
        : Number.POSITIVE_INFINITY
    const end = ({ sid = '', family }: Held) => {
      if (fault === 'never records what ended') return
      ended.set(fault === 'ends only the sid that the browser holds' ? sid : family, keepUntil())
      left.set(sid, keepUntil())
    }

    const act = (action: Action) => async (c: { req: { raw: Request } }) => {
      const { headers } = c.req.raw
      const came = read(headers.get('cookie') ?? '')
      const held = came === undefined || isTimedOut(came) || isOver(came) ? undefined : came
      const needsSubject = action === 'write' || action === 'regenerate'
      if (needsSubject && held?.subject === undefined) {
        return new Response('sign in', { status: 401 })
      }
      await world.sleep(Number(headers.get(BEFORE)))
      const name = headers.get(NAME) ?? ''
      const after = change(action, came, held, headers.get(SUBJECT) ?? '', name)
      await world.sleep(Number(headers.get(AFTER)))
      const answer = Response.json({ before: seen(held), after: seen(after) })
      const isPassive = headers.get('session-activity') === 'passive'
      for (const line of cookiesFor(action, held, after)) answer.headers.append('Set-Cookie', line)
      if (after !== undefined && !isPassive) {
        answer.headers.append('Set-Cookie', `a=${encode({ sid: after.sid, act: now() })}`)
      }
      return answer
    }

    function change(
      action: Action,
      came: Held | undefined,
      held: Held | undefined,
      subject: string,
      name: string,
    ): Held | undefined {
      const instant = now()
      const leaves = action === 'sign-out' || signsIn(action)
      const isForgotten =
        fault === 'records nothing when a session that idled out is signed out' &&
        came !== undefined &&
        isTimedOut(came)
      // Also of a session that is over: something of it may still be on its way.
      if (came !== undefined && leaves && !isForgotten) end(came)
      if (action === 'sign-out') {
        if (fault === 'ends the subject everywhere at a sign-out' && held?.subject !== undefined) {
          forcedOut.set(held.subject, instant)
        }
        return undefined
      }
      if (signsIn(action)) {
        const keeps = held?.subject === undefined || held.subject === subject
        const log = keeps ? (held?.log ?? []) : []
        return { ...fresh(beginning(action, subject)), subject, log }
      }
      if (action === 'regenerate' && held !== undefined) {
        if (fault !== 'never records what ended') left.set(held.sid ?? '', keepUntil())
        const iat = fault === 'counts a regenerated session as new' ? instant : held.iat
        return { ...held, sid: newSid(), iat, act: instant, moved: instant + CLOCKS_DIFFER }
      }
      if (action !== 'write' && action !== 'anonymous-write') return held
      const base = held ?? fresh(instant)
      return { ...base, act: instant, log: [...base.log, name] }
    }

    /** When a session of a subject begins that signs in now. */
    function beginning(action: Action, subject: string): number {
      const known = Math.max(forcedOut.get(subject) ?? 0, since.get(subject) ?? 0)
      if (action === 'sign-in') return Math.max(now(), known + 1)
      const covers =
        fault === 'lets the clock of the server decide whom endOthers ends' ? 0 : CLOCKS_DIFFER
      const mark = Math.max(now() + covers, known)
      since.set(subject, mark)
      return mark + 1
    }

    function fresh(iat: number): Held {
      const sid = newSid()
      const limit = iat + absoluteTimeout * 1000
      return { sid, family: sid, subject: undefined, log: [], iat, act: now(), limit, moved: iat }
    }

    const app = new Hono()
    for (const [action, [method, path]] of Object.entries(routeOf)) {
      app.on(method, path, act(action as Action))
    }
    return {
      fetch: (request) => app.fetch(request),
      async forceOut(subject) {
        if (fault !== 'never records what ended') forcedOut.set(subject, now())
      },
    }
  }

  function cookiesFor(action: Action, held: Held | undefined, after: Held | undefined): string[] {
    if (after === undefined) {
      return action === 'sign-out' ? ['s=; Max-Age=0', 'd=; Max-Age=0', 'a=; Max-Age=0'] : []
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
    isolate,
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
  activeAt: held?.act,
})

const encode = (value: unknown) => encodeURIComponent(JSON.stringify(value))

function part<T>(cookie: string, name: string): T | undefined {
  const value = cookie.split('; ').find((pair) => pair.startsWith(`${name}=`))
  return value === undefined ? undefined : JSON.parse(decodeURIComponent(value.slice(2)))
}
