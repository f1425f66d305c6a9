/**
 * "Where you are signed in": lists the sessions of a subject and ends one of them.
 */

import type { AppContext } from './app.ts'
import { field } from './form.ts'
import { leaveNotice, takeNotice } from './notice.ts'
import { SessionsPage } from './pages/sessions.tsx'
import { showNotFound, showSignIn } from './show.tsx'
import { viewerOf } from './viewer.ts'

/** The visitor's own sessions. */
export const showOwnSessions = (c: AppContext) =>
  showSessions(c, c.var.session.subject ?? '', '/sessions/end', {
    href: '/',
    text: 'Back to your session',
  })

/** The sessions of a subject, for an administrator. */
export const showSessionsOf = (c: AppContext) =>
  showSessions(c, c.req.query('subject') ?? '', '/admin/end-session', {
    href: '/admin',
    text: 'Back to the administration',
  })

export const endOwnSession = async (c: AppContext) =>
  endSession(c, c.var.session.subject ?? '', '/sessions')

export async function endSessionOf(c: AppContext) {
  const subject = await field(c, 'subject')
  return endSession(c, subject, `/admin/sessions?subject=${encodeURIComponent(subject)}`)
}

async function showSessions(
  c: AppContext,
  subject: string,
  action: string,
  back: { href: string; text: string },
) {
  const viewer = await viewerOf(c)
  if (viewer === undefined) return showSignIn(c, 401)
  if (subject === '') return showNotFound(c)
  const { session, sessionManager } = c.var
  return c.html(
    <SessionsPage
      viewer={viewer}
      subject={subject}
      sessions={await sessionManager.listSessions(subject)}
      current={session.family}
      action={action}
      back={back}
      ended={await takeNotice(c, 'session-ended')}
    />,
  )
}

/** Ends a session only if it is one of the subject's. */
async function endSession(c: AppContext, subject: string, path: string) {
  const family = await field(c, 'family')
  const { sessionManager } = c.var
  const sessions = subject === '' ? [] : await sessionManager.listSessions(subject)
  if (!sessions.some((one) => one.family === family)) return showNotFound(c)
  await sessionManager.revokeSession(family)
  leaveNotice(c, 'session-ended')
  return c.redirect(path, 303)
}
