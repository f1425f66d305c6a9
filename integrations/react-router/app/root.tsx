import { Outlet, Scripts } from 'react-router'
import type { Route } from './+types/root'
import { withSession } from './sessions.server'

export const middleware: Route.MiddlewareFunction[] = [withSession]

// A loader, so that the middleware also runs for pages without one.
export const loader = () => null

export default function Root() {
  return (
    <html lang="en">
      <body>
        <Outlet />
        <Scripts />
      </body>
    </html>
  )
}
