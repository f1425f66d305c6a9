import { type NextRequest, NextResponse } from 'next/server'
import { sessions } from './sessions'

/** Pages only read, so it is here that the idle timeout of their visitors slides. */
export const proxy = (request: NextRequest) => sessions.handle(request, () => NextResponse.next())

export const config = {
  matcher: [
    {
      // Not for route handlers, which slide by themselves.
      source: '/((?!_next/|sign-in|sign-out|theme|force-out).*)',
      // A link that comes into view is no activity.
      missing: [{ type: 'header', key: 'next-router-prefetch' }],
    },
  ],
}
