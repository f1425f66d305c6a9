/**
 * The frame around every page.
 */

import { raw } from 'hono/html'
import type { PropsWithChildren } from 'hono/jsx'

interface LayoutProps {
  title: string
  /** Who is signed in. */
  subject?: string | undefined
  /** Has the page watch the session, and warn so many seconds before its end. */
  warnBefore?: number
}

export const Layout = ({
  title,
  subject,
  warnBefore,
  children,
}: PropsWithChildren<LayoutProps>) => (
  <>
    {raw('<!doctype html>')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title} · sealed-session</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/style.css" />
        {warnBefore && <script type="module" src="/client.js" />}
      </head>
      <body>
        <header class="top">
          <a class="brand" href="/">
            <img src="/icon.svg" alt="" width="28" height="28" />
            sealed-session
          </a>
          {subject === undefined ? undefined : (
            <form method="post" action="/sign-out" id="sign-out">
              <span class="who">{subject}</span>
              <button type="submit" class="quiet">
                Sign out
              </button>
            </form>
          )}
        </header>
        <main>{children}</main>
        <footer>
          An example of sessions in encrypted cookies. <a href="/me">This session as JSON</a>
        </footer>
        {warnBefore && (
          <session-warning
            status-url="/session"
            warn-before={warnBefore}
            sign-in-url="/?again=soon"
          />
        )}
      </body>
    </html>
  </>
)
