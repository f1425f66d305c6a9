/**
 * A request from its session to its response, for middleware of any framework: load, respond,
 * commit, and the answers to the library's own errors.
 */

import type { Awaitable } from '../seal/key-ring.ts'
import { answerTo } from './answers.ts'
import type { RequestSession } from './session.ts'

/** The two halves of a request, as the manager has them. */
interface Halves<Data extends object> {
  load(request: Request): Promise<RequestSession<Data>>
  commit(session: RequestSession<Data>, response: Response): Promise<Response>
}

export async function handle<Data extends object>(
  { load, commit }: Halves<Data>,
  request: Request,
  respond: (session: RequestSession<Data>) => Awaitable<Response>,
): Promise<Response> {
  const session = await load(request)
  const given = await responseOf(session, respond)
  // The framework has answered what the handler threw, without knowing what it was.
  // `commit` refuses a response that is missing, and says so.
  const own = given?.status === 500 ? answerTo(session.failure, given) : undefined
  const response = own ?? given
  try {
    return await commit(session, response)
  } catch (error) {
    // The response is void. The second commit writes the cookies that are still valid.
    const rest = answerTo(error, response)
    if (rest === undefined) throw error
    return commit(session, rest).catch(() => rest)
  }
}

async function responseOf<Data extends object>(
  session: RequestSession<Data>,
  respond: (session: RequestSession<Data>) => Awaitable<Response>,
): Promise<Response> {
  try {
    return await respond(session)
  } catch (error) {
    // Some frameworks throw redirects.
    const answer = error instanceof Response ? error : answerTo(error, new Response())
    if (answer === undefined) throw error
    return answer
  }
}
