/**
 * A request's whole life, from top to bottom: `load` finds the cookies, opens them, decides which
 * counts and whether it is over; `commit` seals what changed and writes the response.
 */

import type { Cookie } from '../cookies/attributes.ts'
import { withSession } from '../cookies/response.ts'
import { kindOf } from '../lib/check.ts'
import { SessionError } from '../lib/errors.ts'
import { biggestMembers, utf8Length } from '../lib/json.ts'
import { hoursUntil, identify, open, sealJson } from '../seal/seal.ts'
import { chooseSession } from './candidates.ts'
import {
  assertSubject,
  isSid,
  readActivity,
  readSession,
  type SessionClaims,
  writeActivity,
  writeSession,
} from './claims.ts'
import { resolveOptions, type SessionOptions } from './options.ts'
import { RequestSession } from './session.ts'
import type { Found, Outcome, SessionTools } from './state.ts'
import { deadlines } from './timeouts.ts'
import type { EndReason, LoadOptions, Session, SessionManager } from './types.ts'

// Of requests that were loaded and never committed, how many are known again.
const MOST_UNDER_WAY = 100

// Of several cookies of one name, how many are opened: it bounds what a request can cost.
const MOST_CANDIDATES = 8

const none = (ended?: EndReason, family?: string): Found => ({ status: 'none', ended, family })

/**
 * Makes the manager of an app's sessions: once per isolate, not per request.
 *
 * A mistake in the options is a `TypeError` that names the option and what it should be.
 *
 * @example
 * const sessions = createSessionManager<{ theme: string }>({
 *   keys: env.SESSION_KEYS,
 *   revocationList: kvRevocationList(env.REVOCATIONS),
 * })
 */
export function createSessionManager<Data extends object = Record<string, unknown>>(
  options: SessionOptions<Data>,
): SessionManager<Data> {
  const config = resolveOptions(options)
  const { now, ring, cookies, timeouts, revocation, accept, isActivity, report } = config

  // Loading

  /** Opens the cookies of one name. What this isolate sealed or opened before is not decrypted again. */
  async function openAll<Claims>(
    cookie: Cookie,
    header: string,
    read: (payload: unknown) => Claims | undefined,
  ): Promise<{ opened: Claims[]; refused: EndReason[] }> {
    const opened: Claims[] = []
    const refused: EndReason[] = []
    const keys = await ring()
    const hours = hoursUntil(now(), timeouts.longest)
    let tried = 0
    for (const token of cookie.read(header)) {
      const fits = token.length <= cookie.maxTokenLength
      const candidate = fits ? identify(token, cookie.use, keys, hours) : 'malformed'
      if (typeof candidate === 'string') {
        refused.push(candidate === 'expired' ? 'absolute' : candidate)
        continue
      }
      if (++tried > MOST_CANDIDATES) break
      const { remembered } = candidate.subKeys
      const known = remembered.get(token) as Claims | undefined
      const claims = known ?? read(await open(candidate))
      if (claims === undefined) {
        refused.push('invalid')
        continue
      }
      // Set again it would keep this request's whole Cookie header in memory.
      if (known === undefined) remembered.set(token, claims)
      opened.push(claims)
    }
    return { opened, refused }
  }

  async function find(request: Request): Promise<Found> {
    const header = request.headers.get('Cookie') ?? ''
    if (!header.includes(`${cookies.session.name}=`)) return none()
    const { opened, refused } = await openAll(cookies.session, header, readSession)
    const activities =
      opened.length > 0 ? await openAll(cookies.activity, header, readActivity) : undefined
    const chosen = chooseSession(opened, activities?.opened ?? [], refused, now(), timeouts)
    if (typeof chosen !== 'object') return none(chosen)

    const { claims, activity } = chosen
    const { family } = claims
    const verdict = await revocation.check(claims, activity?.chk)
    if (verdict.status === 'revoked') return none('revoked', family)
    if (verdict.status === 'unavailable') return { status: 'locked', error: verdict.error, family }

    const json = await accept(claims.json).catch(refusedBySchema)
    if (json === undefined) return none('data', family)
    return {
      status: 'live',
      claims: { ...claims, json },
      chk: verdict.checkedAt,
      activityIsStale: activity === undefined || activity.chk !== verdict.checkedAt,
      isActivity: isActivity(request),
    }
  }

  /** What a client sends is never an exception: a cookie that cannot be honoured is an anonymous session. */
  async function read(request: Request): Promise<RequestSession<Data>> {
    const found = await find(request).catch((error: unknown): Found => {
      if (!(error instanceof SessionError && error.code === 'keys-unavailable')) throw error
      return { status: 'locked', error, family: undefined }
    })
    if (found.status === 'none' && found.ended !== undefined) {
      report({ type: 'ended', reason: found.ended })
    }
    return new RequestSession<Data>(found, tools)
  }

  // Committing

  /** Seals under the newest key, and remembers what the seal holds. */
  async function sealCookie(cookie: Cookie, payload: string, claims: object): Promise<string> {
    const keys = await ring()
    const token = await sealJson(payload, cookie.use, keys, now())
    // What does not fit will not come back.
    if (token.length > cookie.maxTokenLength) return token
    keys[0].for(cookie.use).remembered.set(token, Object.freeze(claims))
    return token
  }

  const tools: SessionTools = {
    now,
    timeouts,
    revocation,
    report,
    accept,
    async sealSession(claims) {
      const token = await sealCookie(cookies.session, writeSession(claims), claims)
      if (token.length > cookies.session.maxTokenLength)
        throw tooLarge(token, cookies.session, claims)
      return token
    },
    sealActivity: (claims) => sealCookie(cookies.activity, writeActivity(claims), claims),
  }

  /** The `Set-Cookie` value for one of the cookies, if there is one. */
  function setCookie(cookie: Cookie, what: Outcome['session'], live: SessionClaims | undefined) {
    if (what === 'keep') return undefined
    if (what === 'clear') return cookie.clear()
    if (!live?.remembered) return cookie.write(what.token)
    const left = deadlines(live, timeouts).absolute - now()
    return cookie.write(what.token, Math.max(1, Math.ceil(left / 1000)))
  }

  // Not a WeakMap: as the key of one, a Request lives on until the engine's next full collection,
  // which costs a third of what a read does.
  const underWay: Loading<Data>[] = []

  return Object.freeze({
    async load(request: Request, { forMiddleware = false }: LoadOptions = {}) {
      let loading = underWay.find((one) => one.request === request)
      if (loading === undefined) {
        loading = { request, reading: read(request), session: undefined }
        underWay.push(loading)
        if (underWay.length > MOST_UNDER_WAY) underWay.shift()
      }
      const session = await loading.reading
      loading.session = session
      if (!forMiddleware) session.used = true
      return session
    },

    async commit(session: Session<Data>, response: Response) {
      if (!(session instanceof RequestSession && session.isOf(tools))) {
        throw new TypeError('commit() takes a session that this manager loaded')
      }
      const { session: sealed, activity, live } = await session.settle()
      const at = underWay.findIndex((one) => one.session === session)
      if (at !== -1) underWay.splice(at, 1)
      return withSession(response, {
        session: setCookie(cookies.session, sealed, live),
        activity: setCookie(cookies.activity, activity, live),
        names: [cookies.session.name, cookies.activity.name],
        isLive: live !== undefined,
        varies: session.used,
      })
    },

    async revokeSession(sid: string) {
      if (!isSid(sid)) {
        throw new TypeError(`a sid is 22 characters of base64url; got ${kindOf(sid)}`)
      }
      await revocation.revoke({ scope: 'session', sid })
    },

    async revokeSubject(subject: string) {
      assertSubject(subject)
      await revocation.revoke({ scope: 'subject', subject })
    },

    revokeAll: () => revocation.revoke({ scope: 'all' }),
  })
}

interface Loading<Data extends object> {
  readonly request: Request
  readonly reading: Promise<RequestSession<Data>>
  session: RequestSession<Data> | undefined
}

function refusedBySchema(error: unknown): undefined {
  if (!(error instanceof SessionError)) throw error
}

function tooLarge(token: string, cookie: Cookie, { json, subject = '' }: SessionClaims) {
  const { name, maxTokenLength } = cookie
  return new SessionError(
    'too-large',
    `the session takes ${token.length + name.length} bytes and browsers drop a cookie over ` +
      `${maxTokenLength + name.length}; the subject takes ${utf8Length(subject)}, and the biggest members ` +
      `of data are: ${biggestMembers(json)}`,
  )
}
