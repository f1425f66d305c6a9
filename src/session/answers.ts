/**
 * The responses to errors that the library answers itself: what could not be reached, and a session
 * that was found revoked during the request. Knows nothing of cookies.
 */

import { SessionError } from '../lib/errors.ts'

/**
 * The response to the error, with the headers of the response that it replaces. `undefined` for
 * errors that the app answers.
 */
export function answerTo(error: unknown, instead: Response): Response | undefined {
  if (!(error instanceof SessionError)) return undefined
  const { code } = error
  const headers = headersAround(instead)
  if (code === 'ended')
    return Response.json({ error: 'sign-in-required' }, { status: 401, headers })
  if (!code.endsWith('-unavailable')) return undefined
  // A list that did not answer is asked again after 5 s.
  headers.set('Retry-After', '5')
  return Response.json({ error: code }, { status: 503, headers })
}

const CONTENT_HEADERS =
  /^(content-.*|location|etag|last-modified|retry-after|expires|(.*-)?cache-control|surrogate-control|edge-control|x-accel-expires)$/

/**
 * The headers that do not describe the void response, such as those of CORS, which must not get
 * lost.
 */
export function headersAround({ headers }: Response): Headers {
  return new Headers([...headers].filter(([name]) => !CONTENT_HEADERS.test(name)))
}
