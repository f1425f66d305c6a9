/**
 * The frame around every page.
 */

import { raw } from 'hono/html'
import type { PropsWithChildren } from 'hono/jsx'
import type { Viewer } from '../viewer.ts'
import { Form } from './form.tsx'

interface LayoutProps {
  title: string
  /** Who is signed in. */
  viewer?: Viewer | undefined
  /** Has the page warn before the session ends, and leave when it has. Default for who is signed in. */
  isWatched?: boolean
}

export const Layout = ({
  title,
  viewer,
  isWatched = viewer !== undefined,
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
        <script type="module" src="/client.js" />
      </head>
      <body>
        <header class="top">
          <a class="brand" href="/">
            <img src="/icon.svg" alt="" width="28" height="28" />
            sealed-session
          </a>
          {viewer && (
            <Form action="/sign-out" id="sign-out" viewer={viewer}>
              <span class="who">{viewer.subject}</span>
              <button type="submit" class="quiet">
                Sign out
              </button>
            </Form>
          )}
        </header>
        <main>{children}</main>
        <footer>
          An example of sessions in encrypted cookies.
          {viewer && (
            <>
              {' '}
              <a href="/me">This session as JSON</a>
            </>
          )}
        </footer>
        {viewer && isWatched && (
          <session-warning
            status-url="/session"
            subject-tag={viewer.tag}
            warn-before={viewer.warnBefore}
            sign-in-url="/?again=soon&return={path}"
            keeps-drafts
          />
        )}
        {viewer && <UnsavedText />}
      </body>
    </html>
  </>
)

/** Opened by client/sign-out.ts. */
const UnsavedText = () => (
  <dialog id="unsaved" aria-labelledby="unsaved-title" aria-describedby="unsaved-text">
    <h2 id="unsaved-title">You have unsaved text</h2>
    <p id="unsaved-text">
      What you typed, here or in another tab, is not saved yet. Signing out throws it away.
    </p>
    <form method="dialog" class="row">
      <button type="submit" value="" class="main">
        Keep working
      </button>
      <button type="submit" value="sign-out" class="danger">
        Sign out all the same
      </button>
    </form>
  </dialog>
)
