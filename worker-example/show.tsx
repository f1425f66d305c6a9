/**
 * Answers that are pages: takes from the request's session what each page shows.
 */

import { SessionError } from 'sealed-session'
import type { AppContext } from './app.ts'
import { demoUsers } from './demo-users.ts'
import { noticeFor } from './notice.ts'
import { AdminPage } from './pages/admin.tsx'
import { HomePage } from './pages/home.tsx'
import { MessagePage } from './pages/message.tsx'
import { CookieRefused, SignInPage } from './pages/sign-in.tsx'
import { limitsOf, REMEMBERED } from './sessions.ts'
import { inWords, reasonInWords } from './words.ts'

/** How recent a sign-in the administration needs, in seconds. */
export const RECENT = 300

interface FailedSignIn {
  error: string
  username: string
  remember: boolean
}

/** The form, and why it is there. */
export function showSignIn(c: AppContext, status: 200 | 401 | 403, failed?: FailedSignIn) {
  const { subject, remembered } = c.var.session
  return c.html(
    <SignInPage
      reason={failed === undefined ? whySignIn(c) : undefined}
      error={failed?.error}
      username={failed?.username ?? subject}
      remember={failed?.remember ?? remembered}
      limits={REMEMBERED}
      subject={subject}
    />,
    status,
  )
}

function whySignIn(c: AppContext) {
  const { subject, ended } = c.var.session
  if (subject !== undefined) {
    return `What you asked for needs a sign-in of the last ${inWords(RECENT)}.`
  }
  if (ended !== undefined) return reasonInWords(ended, limitsOf(c.env), REMEMBERED)
  return noticeFor(c) === 'signed-in' ? <CookieRefused /> : undefined
}

/** The visitor's session and note. A note that did not fit makes it a 413. */
export function showHome(c: AppContext, rejectedNote?: string) {
  const { session } = c.var
  const { subject = '', createdAt, idleExpiresAt, absoluteExpiresAt, remembered, data } = session
  const user = demoUsers.get(subject)
  return c.html(
    <HomePage
      subject={subject}
      name={user?.name ?? subject}
      isAdministrator={user?.isAdministrator ?? false}
      signedInAt={createdAt}
      idleExpiresAt={idleExpiresAt}
      absoluteExpiresAt={absoluteExpiresAt}
      now={Date.now()}
      remembered={remembered}
      note={data.note ?? ''}
      rejectedNote={rejectedNote}
      othersEnded={rejectedNote === undefined && noticeFor(c) === 'others-signed-out'}
    />,
    rejectedNote === undefined ? 200 : 413,
  )
}

/** The administration. An error makes it a 400. */
export function showAdmin(c: AppContext, error?: string) {
  const { subject = '' } = c.var.session
  return c.html(
    <AdminPage
      subject={subject}
      recheckAfter={limitsOf(c.env).recheckAfter}
      subjectEnded={error === undefined && noticeFor(c) === 'subject-signed-out'}
      error={error}
    />,
    error === undefined ? 200 : 400,
  )
}

export function showForbidden(c: AppContext) {
  const { subject } = c.var.session
  return c.html(
    <MessagePage title="For administrators only" subject={subject}>
      <p>You are signed in as {subject}, who is not one.</p>
    </MessagePage>,
    403,
  )
}

export function showNotFound(c: AppContext) {
  return c.html(
    <MessagePage title="Nothing here">
      <p>This address leads nowhere.</p>
    </MessagePage>,
    404,
  )
}

/** The revocation list could not be reached. */
export function showUnavailable(c: AppContext, consequence: string) {
  return c.html(
    <MessagePage title="Not now">
      <p>The list of ended sessions cannot be reached at the moment. {consequence}</p>
    </MessagePage>,
    503,
    { 'Retry-After': '5' },
  )
}

export function showFault(c: AppContext) {
  return c.html(
    <MessagePage title="Something went wrong">
      <p>It is not your fault, and the operator can read in the log what happened.</p>
    </MessagePage>,
    500,
  )
}

export const isUnavailable = (error: unknown): boolean =>
  error instanceof SessionError &&
  (error.code === 'revocation-unavailable' || error.code === 'keys-unavailable')

/** Browsers ask for pages, scripts and command lines for data. */
export const wantsPage = (c: AppContext): boolean =>
  c.req.header('Accept')?.includes('text/html') ?? false
