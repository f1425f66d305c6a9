/** The requests of a provider, and the answers to them. */

import { SessionError } from '../lib/errors.ts'
import { RefusedToken } from './verify.ts'

/** Names the members of the body of an answer to a bad token. */
type DescribeRefusal = (message: string) => object

/**
 * Answers a request whose token `work` verifies and acts on. A bad token is 400. If the list or the
 * keys are unavailable it is 503, so that the sender sends the token again. Other errors are thrown.
 */
export async function answerTo(
  work: () => Promise<void>,
  success: 200 | 202,
  describe: DescribeRefusal,
): Promise<Response> {
  const headers = { 'Cache-Control': 'no-store' }
  try {
    await work()
    return new Response(null, { status: success, headers })
  } catch (error) {
    if (error instanceof RefusedToken) {
      return Response.json(describe(error.message), { status: 400, headers })
    }
    if (!(error instanceof SessionError)) throw error
    return new Response(null, { status: 503, headers: { ...headers, 'Retry-After': '5' } })
  }
}

// A token has a few kilobytes at most.
const LONGEST_BODY = 64_000

/** The body of a POST of one content type, as text. Rejects with `RefusedToken`. */
export async function bodyOf(request: Request, contentType: string): Promise<string> {
  if (request.method !== 'POST') throw new RefusedToken('the method must be POST')
  const type = request.headers.get('Content-Type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== contentType) throw new RefusedToken(`the content type must be ${contentType}`)
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of chunksOf(request)) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > LONGEST_BODY) throw new RefusedToken('the body is too long')
  }
  return text
}

async function* chunksOf({ body }: Request): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  while (reader !== undefined) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}
