import { headers } from 'next/headers'
import { cache } from 'react'
import { sessions } from './sessions'

/**
 * The session of a page. A server component cannot set a cookie, so the session is committed to a
 * response that nobody gets: changing it throws, instead of getting lost.
 */
export const readSession = cache(async () => {
  const request = new Request('http://page.invalid', { headers: await headers() })
  const session = await sessions.load(request)
  session.skipTouch()
  await sessions.commit(session, new Response())
  return session
})
