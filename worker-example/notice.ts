/**
 * What an answer has to tell the page after it, and two plain cookies that say what a session cannot
 * say. They decide nothing, so they need no seal.
 */

import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { AppContext } from './app.ts'

/** What is told once, on the page after the redirect. */
export type Notice = 'note-saved' | 'others-signed-out' | 'subject-signed-out' | 'session-ended'

export const leaveNotice = (c: AppContext, notice: Notice): void => c.var.session.flash(notice)

/** The names of the notices that are there to be told; all are gone then. */
export async function takeNotices(c: AppContext): Promise<ReadonlySet<string>> {
  const messages = await c.var.session.takeFlash()
  return new Set(messages.map(({ name }) => name))
}

const SIGNED_IN = 'signed-in'

/**
 * Left at a sign-in over plain http, without `Secure` and for ten seconds. If it comes back and no
 * session does, the browser has refused the session's `Secure` cookies, as Safari does on
 * http://localhost.
 */
export function noteSignIn(c: Context): void {
  if (!isPlainHttp(c)) return
  setCookie(c, SIGNED_IN, 'yes', { maxAge: 10, path: '/', httpOnly: true, sameSite: 'Lax' })
}

export const hasJustSignedIn = (c: Context): boolean => getCookie(c, SIGNED_IN) !== undefined

export function forgetSignIn(c: Context): void {
  if (hasJustSignedIn(c)) deleteCookie(c, SIGNED_IN, { path: '/' })
}

const REMEMBERED = 'remembered'
const YEAR = 31_536_000

/**
 * A session that is over cannot say any more whether it was a remembered one, and so after which of two
 * limits it ended. This plain cookie can. It decides nothing.
 */
export function noteRemembered(c: Context, isRemembered: boolean): void {
  if (isRemembered) {
    const options = { httpOnly: true, sameSite: 'Lax', secure: !isPlainHttp(c) } as const
    setCookie(c, REMEMBERED, 'yes', { ...options, maxAge: YEAR, path: '/' })
  } else if (wasRemembered(c)) deleteCookie(c, REMEMBERED, { path: '/' })
}

export const wasRemembered = (c: Context): boolean => getCookie(c, REMEMBERED) !== undefined

export const isPlainHttp = (c: Context): boolean => new URL(c.req.url).protocol === 'http:'
