/**
 * The example Worker: visitors sign in, keep a note and sign out, and an administrator can end
 * their sessions. Read it from top to bottom; what the pages look like is in `pages/`.
 */

import { Hono, type MiddlewareHandler } from 'hono'
import { csrf } from 'hono/csrf'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import { SessionError } from 'sealed-session'
import {
  requireRecentProof,
  requireRecentSignIn,
  requireSignIn,
  sameSubject,
  session,
  sessionRoutes,
} from 'sealed-session/hono'
import type { AppContext, AppEnv } from './app.ts'
import { DEMO_PASSWORD, demoUsers } from './demo-users.ts'
import { field } from './form.ts'
import { forgetSignIn, leaveNotice, noteRemembered, noteSignIn } from './notice.ts'
import { pathOfThisSite } from './return-path.ts'
import { makeSessions } from './sessions.ts'
import {
  isUnavailable,
  RECENT,
  showAdmin,
  showBadForm,
  showCrossSite,
  showEnded,
  showFault,
  showForbidden,
  showHome,
  showLetter,
  showNotFound,
  showOtherSubject,
  showSignIn,
  showUnavailable,
  wantsPage,
} from './show.tsx'
import {
  confirmPassword,
  endOwnSession,
  endSessionOf,
  mayEndSessions,
  showOwnSessions,
  showSessionsOf,
} from './signed-in.tsx'

const app = new Hono<AppEnv>()

app.use(
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      connectSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    // With 'no-referrer' a browser sends `Origin: null` with a form, and csrf() has to refuse it.
    referrerPolicy: 'same-origin',
  }),
)
app.use(csrf())

// From here on every handler has `c.var.session`, and its changes are on the response.
app.use(session(makeSessions))

/** A guard answers in JSON; who asked for a page gets one instead, with the same status. */
function guard(check: MiddlewareHandler): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const refusal = await check(c, next)
    if (!refusal || !wantsPage(c)) return refusal
    const { status } = refusal
    if (status === 409) return showOtherSubject(c)
    return status === 401 || status === 403 ? showSignIn(c, status) : refusal
  }
}

// A page that was made for somebody else changes nothing: every form and fetch says for whom it was.
app.use(guard(sameSubject()))

// What the script in the browser asks: client/page.ts.
app.post('/session/sign-out', async (c, next) => {
  forgetSignIn(c)
  await next()
})
app.route('/session', sessionRoutes())

// Signing in and out

app.get('/', (c) => {
  const isAsked = c.req.query('again') !== undefined
  return c.var.session.subject === undefined || isAsked ? showSignIn(c, 200) : showHome(c)
})

app.post('/sign-in', async (c) => {
  const username = await field(c, 'username')
  const remember = (await field(c, 'remember')) === 'on'
  const returnTo = pathOfThisSite(await field(c, 'return'))
  if (!demoUsers.has(username) || (await field(c, 'password')) !== DEMO_PASSWORD) {
    const error = 'Wrong username or password.'
    return showSignIn(c, 401, { error, username, remember, returnTo })
  }
  const { session } = c.var
  await session.signIn(username, { remember })
  noteRemembered(c, remember)
  noteSignIn(c)
  // A note that came when the session was over is saved now, if the same person has signed in.
  const note = await field(c, 'note')
  const isTheirs = (await session.subjectTags()).includes(await field(c, 'note-of'))
  return note !== '' && isTheirs ? saveNote(c, note) : c.redirect(returnTo ?? '/', 303)
})

app.post('/sign-out', async (c) => {
  forgetSignIn(c)
  try {
    await c.var.session.destroy()
  } catch (error) {
    if (!isUnavailable(error)) throw error
    // The cookies are cleared all the same. But a copy of them still works, and that must be said.
    return showUnavailable(
      c,
      error,
      'You are signed out here, but a copy of your cookies still works.',
    )
  }
  return c.redirect('/ended?reason=signed-out', 303)
})

app.get('/ended', async (c) => {
  const isOthers = c.req.query('reason') === 'other-subject'
  if (c.var.session.subject === undefined || isOthers) return showEnded(c)
  // Signed in again meanwhile, perhaps in another tab.
  return c.redirect(pathOfThisSite(c.req.query('return')) ?? '/', 303)
})

app.get('/me', (c) => {
  const { session } = c.var
  if (session.subject === undefined) return c.json({ ended: session.ended ?? null }, 401)
  const { subject, data, createdAt, lastActivityAt, idleExpiresAt, absoluteExpiresAt } = session
  return c.json({ subject, data, createdAt, lastActivityAt, idleExpiresAt, absoluteExpiresAt })
})

// Those who are signed in

app.post('/note', guard(requireSignIn()), async (c) => saveNote(c, await field(c, 'note')))

async function saveNote(c: AppContext, note: string): Promise<Response> {
  const { session } = c.var
  session.data.note = note
  try {
    // Without this the session would be sealed after the handler, too late for an answer of its own.
    await session.save()
  } catch (error) {
    if (!(error instanceof SessionError && error.code === 'too-large')) throw error
    return showHome(c, 413, { rejectedNote: note })
  }
  leaveNotice(c, 'note-saved')
  return c.redirect('/', 303)
}

app.get('/letter', guard(requireSignIn()), showLetter)

// The page asks this every few seconds with `Session-Activity: passive`, so it slides nothing.
app.get('/unread', requireSignIn(), (c) => {
  const { createdAt } = c.var.session
  const age = createdAt === undefined ? 0 : Date.now() - createdAt.getTime()
  return c.json({ unread: Math.floor(age / 10_000) })
})

app.post('/sign-out-others', guard(requireSignIn()), async (c) => {
  const { subject = '', remembered } = c.var.session
  // A thief who has the cookies does not have the password, and must not end the owner's sessions.
  if ((await field(c, 'password')) !== DEMO_PASSWORD) {
    return showHome(c, 403, { othersError: 'This is not your password. No session was ended.' })
  }
  // A sign-in of its own, because only that ends a thief's session whatever the thief does.
  await c.var.session.signIn(subject, { remember: remembered, endOthers: true })
  leaveNotice(c, 'others-signed-out')
  return c.redirect('/', 303)
})

// Where the visitor is signed in: a thief who has the cookies must not end the owner's sessions.

app.get('/sessions', guard(requireSignIn()), (c) => showOwnSessions(c))

app.post('/sessions/confirm', guard(requireSignIn()), confirmPassword)

app.post('/sessions/end', guard(requireSignIn()), (c) =>
  mayEndSessions(c) ? endOwnSession(c) : showOwnSessions(c, 403),
)

// The administrator

const onlyAdministrators: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { subject = '' } = c.var.session
  return demoUsers.get(subject)?.isAdministrator ? next() : showForbidden(c)
}

// `fresh`: somebody who was just signed out must not get in on the strength of the last check.
app.use('/admin/*', guard(requireSignIn({ fresh: true })), onlyAdministrators)

app.get('/admin', requireRecentSignIn(RECENT, { redirectTo: '/?again' }))
app.get('/admin', (c) => showAdmin(c))

// The browser of a session that is bound proves anew before such a form counts; others cannot.
app.post(
  '/admin/*',
  guard(requireRecentSignIn(RECENT)),
  guard(requireRecentProof(30, { unbound: 'pass' })),
)

app.get('/admin/sessions', guard(requireRecentSignIn(RECENT)), showSessionsOf)

app.post('/admin/end-session', endSessionOf)

app.post('/admin/sign-out-subject', async (c) => {
  const subject = await field(c, 'subject')
  if (subject === '') return showAdmin(c, 'Which user? The field was empty.')
  if (!demoUsers.has(subject)) return showAdmin(c, 'There is no user with this name.')
  await c.var.sessionManager.revokeSubject(subject)
  leaveNotice(c, 'subject-signed-out')
  return c.redirect('/admin', 303)
})

app.post('/admin/sign-out-all', async (c) => {
  await c.var.sessionManager.revokeAll()
  return c.redirect('/admin', 303)
})

// When something is wrong

// The answer to a form that was refused is a page at the form's own address, which people reload or
// open from the address bar.
const PAGES_WITH_FORMS = {
  '/sign-in': '/',
  '/sign-out': '/',
  '/note': '/',
  '/sign-out-others': '/',
  '/sessions/confirm': '/sessions',
  '/sessions/end': '/sessions',
  '/admin/sign-out-subject': '/admin',
}
for (const [form, page] of Object.entries(PAGES_WITH_FORMS)) {
  app.get(form, (c) => c.redirect(page, 303))
}

app.notFound(showNotFound)

app.onError((error, c) => {
  if (error instanceof HTTPException) {
    if (!wantsPage(c)) return error.getResponse()
    return error.status === 403 ? showCrossSite(c) : showBadForm(c)
  }
  const isEnded = error instanceof SessionError && error.code === 'ended'
  if (!isEnded && !isUnavailable(error)) console.error(error)
  if (isEnded && wantsPage(c)) return showSignIn(c, 401)
  if (isUnavailable(error) && wantsPage(c))
    return showUnavailable(c, error, 'Please try again soon.')
  // For the two above the session middleware turns a 500 into 401 or 503 with JSON.
  return showFault(c)
})

export default app
