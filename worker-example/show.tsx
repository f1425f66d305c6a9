/**
 * Answers that are pages: takes from the request's session what each page shows.
 */

import { SessionError } from 'sealed-session'
import type { AppContext } from './app.ts'
import { demoUsers } from './demo-users.ts'
import { noticeFor } from './notice.ts'
import { AdminPage } from './pages/admin.tsx'
import { EndedPage, isReason } from './pages/ended.tsx'
import { HomePage } from './pages/home.tsx'
import { LetterPage } from './pages/letter.tsx'
import { MessagePage } from './pages/message.tsx'
import { CookieRefused, SignInPage } from './pages/sign-in.tsx'
import { pathOfThisSite } from './return-path.ts'
import { limitsOf, REMEMBERED, warnBefore } from './sessions.ts'
import { inWords, reasonInWords } from './words.ts'

/** How recent a sign-in the administration needs, in seconds. */
export const RECENT = 300

interface FailedSignIn {
  error: string
  username: string
  remember: boolean
  returnTo: string | undefined
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
      returnTo={failed === undefined ? wanted(c) : failed.returnTo}
      subject={subject}
    />,
    status,
  )
}

/** Where to go after the sign-in, if not to the start. */
function wanted(c: AppContext): string | undefined {
  if (c.req.method === 'GET' && c.req.path !== '/') return pathOfThisSite(c.req.path)
  return pathOfThisSite(c.req.query('return'))
}

function whySignIn(c: AppContext) {
  const { subject, ended } = c.var.session
  if (subject !== undefined && c.req.query('again') === 'soon') {
    return 'Your session ends soon, whatever you do. Signing in starts a new one.'
  }
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
      warnBefore={warnBefore(c.env)}
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

/** Work that takes its time. `?seconds=…` offers a duration of the operation besides those listed. */
export function showLetter(c: AppContext) {
  const { subject = '' } = c.var.session
  const seconds = Number(c.req.query('seconds'))
  return c.html(
    <LetterPage
      subject={subject}
      warnBefore={warnBefore(c.env)}
      seconds={Number.isInteger(seconds) && seconds > 0 ? seconds : undefined}
    />,
  )
}

/**
 * Why the session is over. What its cookie says counts more than what the address says, which
 * anybody can write; without a cookie, as after a sign-out, the address is all there is.
 */
export function showEnded(c: AppContext) {
  const reason = c.var.session.ended ?? c.req.query('reason')
  return c.html(
    <EndedPage
      reason={isReason(reason) ? reason : undefined}
      limits={limitsOf(c.env)}
      remembered={REMEMBERED}
      returnTo={pathOfThisSite(c.req.query('return'))}
    />,
  )
}

/** The administration. An error makes it a 400. */
export function showAdmin(c: AppContext, error?: string) {
  const { subject = '' } = c.var.session
  return c.html(
    <AdminPage
      subject={subject}
      warnBefore={warnBefore(c.env)}
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
