/**
 * "Where you are signed in": lists the sessions of a subject and ends one of them. That takes a sign-in
 * or a password of the last minutes.
 */

import type { AppContext } from './app.ts'
import { DEMO_PASSWORD } from './demo-users.ts'
import { field } from './form.ts'
import { leaveNotice, takeNotices } from './notice.ts'
import { SessionsPage } from './pages/sessions.tsx'
import { RECENT, showNotFound, showSignIn } from './show.tsx'
import { viewerOf } from './viewer.ts'

/** Whether the visitor has shown lately that it is the owner of the account who sits there. */
export function mayEndSessions(c: AppContext): boolean {
  const { createdAt, data } = c.var.session
  const shownAt = Math.max(createdAt?.getTime() ?? 0, data.confirmedAt ?? 0)
  return Date.now() < shownAt + RECENT * 1000
}

/** With the password the session may do more than before, so it goes on under another sid. */
export async function confirmPassword(c: AppContext) {
  const { session } = c.var
  if ((await field(c, 'password')) !== DEMO_PASSWORD) {
    return showOwnSessions(c, 403, 'This is not your password.')
  }
  session.data.confirmedAt = Date.now()
  // What was copied from this session earlier must not get the right with it (OWASP ASVS 7.2.4).
  await session.regenerate()
  return c.redirect('/sessions', 303)
}

/** The visitor's own sessions. */
export const showOwnSessions = (c: AppContext, status: 200 | 403 = 200, error?: string) =>
  showSessions(c, {
    subject: c.var.session.subject ?? '',
    action: error === undefined && mayEndSessions(c) ? '/sessions/end' : undefined,
    error,
    status,
    back: { href: '/', text: 'Back to your session' },
  })

/** The sessions of a subject, for an administrator. */
export const showSessionsOf = (c: AppContext) =>
  showSessions(c, {
    subject: c.req.query('subject') ?? '',
    action: '/admin/end-session',
    back: { href: '/admin', text: 'Back to the administration' },
  })

export const endOwnSession = async (c: AppContext) =>
  endSession(c, c.var.session.subject ?? '', '/sessions')

export async function endSessionOf(c: AppContext) {
  const subject = await field(c, 'subject')
  return endSession(c, subject, `/admin/sessions?subject=${encodeURIComponent(subject)}`)
}

interface Shown {
  subject: string
  /** Where the form that ends a session goes, if one may be ended. */
  action: string | undefined
  back: { href: string; text: string }
  error?: string | undefined
  status?: 200 | 403
}

async function showSessions(c: AppContext, { status = 200, ...shown }: Shown) {
  const { subject } = shown
  const viewer = await viewerOf(c)
  if (viewer === undefined) return showSignIn(c, 401)
  if (subject === '') return showNotFound(c)
  const { session, sessionManager } = c.var
  return c.html(
    <SessionsPage
      {...shown}
      viewer={viewer}
      sessions={await sessionManager.listSessions(subject)}
      now={Date.now()}
      current={session.family}
      ended={(await takeNotices(c)).has('session-ended')}
    />,
    status,
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
