/**
 * A request's whole life: `load` finds its session, the app uses it, `commit` seals what changed and
 * writes the response.
 */

import { withSession } from '../cookies/response.ts'
import { assertRequest, assertResponse, notOwnSession } from './assert-arguments.ts'
import { handle } from './handle.ts'
import { findSession } from './load.ts'
import type { SessionManager } from './manager-types.ts'
import type { SessionOptions } from './options.ts'
import { Requests } from './requests.ts'
import { resolveOptions } from './resolve-options.ts'
import { revocationCalls } from './revoke.ts'
import { RequestSession } from './session.ts'
import type { Session } from './types.ts'

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
  const { cookies } = config
  const requests = new Requests<Promise<RequestSession<Data>>>()

  async function find(request: Request): Promise<RequestSession<Data>> {
    return new RequestSession<Data>(await findSession(request, config), config, request)
  }

  async function load(request: Request): Promise<RequestSession<Data>> {
    assertRequest(request)
    const known = requests.get(request)
    if (known !== undefined) return known
    const loading = find(request)
    requests.set(request, loading)
    return loading
  }

  async function commit(session: Session<Data>, response: Response): Promise<Response> {
    if (!(session instanceof RequestSession && session.isOf(config))) {
      throw notOwnSession(session)
    }
    assertResponse(response)
    const outcome = await session.settle()
    requests.delete(session.request)
    return withSession(response, outcome, { name: cookies.session.name, varies: session.used })
  }

  async function answerBinding(request: Request): Promise<Response | undefined> {
    assertRequest(request)
    return config.binding?.answer(request)
  }

  return Object.freeze<SessionManager<Data>>({
    load,
    commit,
    handle: async (request, respond) =>
      (await answerBinding(request)) ?? handle({ load, commit }, request, respond),
    answerBinding,
    ...revocationCalls(config),
  })
}
