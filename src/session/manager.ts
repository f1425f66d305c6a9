/**
 * A request's whole life: `load` finds its session, the app uses it, `commit` seals what changed and
 * writes the response.
 */

import { withSession } from '../cookies/response.ts'
import { kindOf, onlyMembers } from '../lib/check.ts'
import { assertRequest, assertResponse, notOwnSession } from './assert-arguments.ts'
import { assertSubject, isSid } from './claims.ts'
import { externalName } from './external.ts'
import { findSession } from './load.ts'
import { resolveOptions, type SessionOptions } from './options.ts'
import { Requests } from './requests.ts'
import { RequestSession } from './session.ts'
import type { RevokeOptions, Session, SessionManager } from './types.ts'

/**
 * Makes the manager of an app's sessions. Call it once per isolate, not once per request.
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
  const { cookies, index, now, revocation } = config
  const requests = new Requests<Promise<RequestSession<Data>>>()

  async function find(request: Request): Promise<RequestSession<Data>> {
    return new RequestSession<Data>(await findSession(request, config), config, request)
  }

  return Object.freeze({
    async load(request: Request) {
      assertRequest(request)
      const known = requests.get(request)
      if (known !== undefined) return known
      const loading = find(request)
      requests.set(request, loading)
      return loading
    },

    async commit(session: Session<Data>, response: Response) {
      if (!(session instanceof RequestSession && session.isOf(config))) {
        throw notOwnSession(session)
      }
      assertResponse(response)
      const outcome = await session.settle()
      requests.delete(session.request)
      return withSession(response, {
        ...outcome,
        name: cookies.session.name,
        varies: session.used,
      })
    },

    async revokeSession(sid: string) {
      if (!isSid(sid)) {
        throw new TypeError(`a sid is 22 characters of base64url; got ${kindOf(sid)}`)
      }
      await revocation.record({ scope: 'session', sid })
    },

    async revokeSubject(subject: string, options: RevokeOptions = {}) {
      assertSubject(subject)
      const mark = instantOf(options, now())
      // A mark that an operator wrote stays as it is: it can bar the subject until later.
      await revocation.record(
        { scope: mark === undefined ? 'subject' : 'since', subject },
        { mark },
      )
    },

    async revokeExternal(external: readonly [string, string], options: RevokeOptions = {}) {
      const session = await externalName(external)
      await revocation.record({ scope: 'external', session }, { mark: instantOf(options, now()) })
    },

    revokeAll: () => revocation.record({ scope: 'all' }),

    async listSessions(subject: string) {
      assertSubject(subject)
      if (index !== undefined) return index.list(subject)
      throw new TypeError('listSessions() needs the option "sessionIndex"')
    },
  })
}

/** The time of an event in another system. If its clock is ahead, no later sign-in ends. */
function instantOf(options: RevokeOptions, now: number): number | undefined {
  onlyMembers('the options of a revocation', options, ['before'])
  const { before } = options
  if (before === undefined) return undefined
  const instant = before instanceof Date ? before.getTime() : Number.NaN
  if (instant >= 0) return Math.min(instant, now)
  throw new TypeError('"before" must be a valid Date')
}
