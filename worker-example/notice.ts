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
const NOTICES = ['signed-in', 'others-signed-out', 'subject-signed-out'] as const
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

export const isPlainHttp = (c: Context): boolean => new URL(c.req.url).protocol === 'http:'
