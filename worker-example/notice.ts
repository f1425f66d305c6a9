/**
 * What an answer has to tell the page after it: a plain cookie that lasts ten seconds. It holds one
 * of a few known words and decides nothing, so it needs no seal.
 */

import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

/**
 * `signed-in` is left over plain http only, and without `Secure`: if it comes back and no session
 * does, the browser has refused the session's `Secure` cookies, as Safari does on http://localhost.
 */
const NOTICES = ['signed-in', 'others-signed-out', 'subject-signed-out', 'session-ended'] as const
export type Notice = (typeof NOTICES)[number]

const NAME = 'notice'

export function leaveNotice(c: Context, notice: Notice): void {
  setCookie(c, NAME, notice, {
    maxAge: 10,
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: !isPlainHttp(c),
  })
}

export function noticeFor(c: Context): Notice | undefined {
  const value = getCookie(c, NAME)
  return NOTICES.find((notice) => notice === value)
}

export function dropNotice(c: Context): void {
  if (getCookie(c, NAME) !== undefined) deleteCookie(c, NAME, { path: '/' })
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
