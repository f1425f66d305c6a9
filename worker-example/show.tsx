/**
 * Answers that are pages: takes from the request's session what each page shows.
 */

import { SessionError } from 'sealed-session'
import type { AppContext } from './app.ts'
import { field } from './form.ts'
import { hasJustSignedIn, takeNotices, wasRemembered } from './notice.ts'
import { AdminPage } from './pages/admin.tsx'
import { EndedPage, isReason } from './pages/ended.tsx'
import { HomePage } from './pages/home.tsx'
import { LetterPage } from './pages/letter.tsx'
import { MessagePage } from './pages/message.tsx'
import { CookieRefused, SignInPage } from './pages/sign-in.tsx'
import { pathOfThisSite } from './return-path.ts'
import { limitsOf, MAX_DATA, REMEMBERED } from './sessions.ts'
import { viewerOf } from './viewer.ts'
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
export async function showSignIn(c: AppContext, status: 200 | 401 | 403, failed?: FailedSignIn) {
  const { subject, remembered } = c.var.session
  return c.html(
    <SignInPage
      reason={failed === undefined ? whySignIn(c) : undefined}
      error={failed?.error}
      username={failed?.username ?? subject}
      remember={failed?.remember ?? remembered}
      limits={REMEMBERED}
      returnTo={failed === undefined ? wanted(c) : failed.returnTo}
      viewer={await viewerOf(c)}
      unsaved={await unsavedNote(c)}
    />,
    status,
  )
}

/** The note of somebody whose session was over when it came, with the form or with a failed sign-in. */
async function unsavedNote(c: AppContext) {
  if (c.req.method !== 'POST' || c.var.session.subject !== undefined) return undefined
  const [note, tag] = [await field(c, 'note'), await field(c, 'note-of')]
  return note === '' ? undefined : { note, tag: tag || (await field(c, 'session-subject')) }
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
  if (subject !== undefined && c.req.query('again') === 'other') {
    return `${subject} is signed in here. Your sign-in takes its place.`
  }
  if (subject !== undefined) {
    return `What you asked for needs a sign-in of the last ${inWords(RECENT)}.`
  }
  if (ended !== undefined) return reasonInWords(ended, limitsThen(c))
  return hasJustSignedIn(c) ? <CookieRefused /> : undefined
}

/** The limits of the session that is over. */
const limitsThen = (c: AppContext) => (wasRemembered(c) ? REMEMBERED : limitsOf(c.env))

interface HomeProblem {
  /** A note that did not fit. */
  rejectedNote?: string
  /** Why the other sessions were not signed out. */
  othersError?: string
}

/** The visitor's session and note, and what did not work. */
export async function showHome(
  c: AppContext,
  status: 200 | 403 | 413 = 200,
  problem: HomeProblem = {},
) {
  const { createdAt, lastActivityAt, idleExpiresAt, absoluteExpiresAt } = c.var.session
  const { remembered, bound, data } = c.var.session
  const viewer = await viewerOf(c)
  if (viewer === undefined) return showSignIn(c, 401)
  const notices = status === 200 ? await takeNotices(c) : new Set()
  return c.html(
    <HomePage
      viewer={viewer}
      signedInAt={createdAt}
      idleExpiresAt={idleExpiresAt}
      absoluteExpiresAt={absoluteExpiresAt}
      // A sign-in that ends all others begins a second ahead. Its limits are whole ones all the same.
      now={Math.max(Date.now(), lastActivityAt?.getTime() ?? 0)}
      remembered={remembered}
      boundSince={bound}
      note={data.note ?? ''}
      rejectedNote={problem.rejectedNote}
      mostNote={MAX_DATA}
      othersError={problem.othersError}
      othersEnded={notices.has('others-signed-out')}
      noteSaved={notices.has('note-saved')}
    />,
    status,
  )
}

/** Work that takes its time. `?seconds=…` offers a duration of the operation besides those listed. */
export async function showLetter(c: AppContext) {
  const { idleExpiresAt, absoluteExpiresAt } = c.var.session
  const viewer = await viewerOf(c)
  if (viewer === undefined) return showSignIn(c, 401)
  const seconds = Number(c.req.query('seconds'))
  return c.html(
    <LetterPage
      viewer={viewer}
      now={Date.now()}
      idleExpiresAt={idleExpiresAt}
      absoluteExpiresAt={absoluteExpiresAt}
      seconds={Number.isInteger(seconds) && seconds > 0 ? seconds : undefined}
    />,
  )
}

/**
 * Why the session is over. What its cookie says counts more than what the address says, which
 * anybody can write; without a cookie, as after a sign-out, the address is all there is.
 */
export async function showEnded(c: AppContext) {
  const reason = c.var.session.ended ?? c.req.query('reason')
  return c.html(
    <EndedPage
      reason={isReason(reason) ? reason : undefined}
      limits={limitsThen(c)}
      returnTo={pathOfThisSite(c.req.query('return'))}
      isInterrupted={c.req.query('interrupted') !== undefined}
      viewer={await viewerOf(c)}
    />,
  )
}

/** The administration. An error makes it a 400. */
export async function showAdmin(c: AppContext, error?: string) {
  const viewer = await viewerOf(c)
  if (viewer === undefined) return showSignIn(c, 401)
  return c.html(
    <AdminPage
      viewer={viewer}
      recheckAfter={limitsOf(c.env).recheckAfter}
      subjectEnded={error === undefined && (await takeNotices(c)).has('subject-signed-out')}
      error={error}
    />,
    error === undefined ? 200 : 400,
  )
}

export async function showForbidden(c: AppContext) {
  const viewer = await viewerOf(c)
  return c.html(
    <MessagePage title="For administrators only" viewer={viewer}>
      <p>You are signed in as {viewer?.subject}, who is not one.</p>
    </MessagePage>,
    403,
  )
}

/** The form came from a page that was made for somebody else. */
export async function showOtherSubject(c: AppContext) {
  const viewer = await viewerOf(c)
  return c.html(
    <MessagePage title="Somebody else has signed in" viewer={viewer}>
      <p>
        The page that you used was made for somebody else. In another tab {viewer?.name} has signed
        in since, so nothing was done.
      </p>
      <p>What was typed there comes back when its writer signs in again.</p>
    </MessagePage>,
    409,
  )
}

/** The form came from another site, or from a page whose address it does not tell. */
export async function showCrossSite(c: AppContext) {
  return c.html(
    <MessagePage title="Not from here" viewer={await viewerOf(c)}>
      <p>
        This form did not come from this site, so nothing was done. If you typed it here, please go
        back and send it again.
      </p>
    </MessagePage>,
    403,
  )
}

export async function showBadForm(c: AppContext) {
  return c.html(
    <MessagePage title="Not understood" viewer={await viewerOf(c)}>
      <p>What your browser sent is not a form that can be read, so nothing was done.</p>
    </MessagePage>,
    400,
  )
}

export async function showNotFound(c: AppContext) {
  return c.html(
    <MessagePage title="Nothing here" viewer={await viewerOf(c)}>
      <p>This address leads nowhere.</p>
    </MessagePage>,
    404,
  )
}

/** The revocation list, the data store or the keys could not be reached. */
export function showUnavailable(c: AppContext, error: SessionError, consequence: string) {
  const what = error.code === 'data-unavailable' ? 'Your note' : 'The list of ended sessions'
  return c.html(
    <MessagePage title="Not now">
      <p>
        {what} cannot be reached at the moment. {consequence}
      </p>
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

export const isUnavailable = (error: unknown): error is SessionError =>
  error instanceof SessionError && error.code.endsWith('-unavailable')

/** Browsers ask for pages, scripts and command lines for data. */
export const wantsPage = (c: AppContext): boolean =>
  c.req.header('Accept')?.includes('text/html') ?? false
