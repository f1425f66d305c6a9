/**
 * Refuses what comes from a page that was made for another subject than the session's: somebody else
 * has signed in since, in another tab, and must not act with what the first one typed.
 */

import type { Context, MiddlewareHandler } from 'hono'
import { SUBJECT_FIELD, SUBJECT_HEADER } from '../client/protocol.ts'
import { assertOptional, onlyMembers } from '../lib/check.ts'
import { SessionError } from '../lib/errors.ts'
import type { Session } from '../session/types.ts'
import { sessionOf } from './context.ts'

/** Options of `sameSubject`. */
export interface SameSubjectOptions {
  /**
   * Refuse also what does not say for whom its page was made, when somebody is signed in. Default
   * `false`, so that programs need not say it.
   */
  required?: boolean
}

const READING = ['GET', 'HEAD', 'OPTIONS']
const FORM = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i

/**
 * Answers 409 with `{"error": "other-subject"}` to a form or `fetch` whose page was made for another
 * subject than the session's. Reads (GET, HEAD, OPTIONS) pass.
 *
 * The page says it with one of the tags that it was made with: `(await session.subjectTags())[0]` in
 * the form field `session-subject`, or in the header `Session-Subject`, which `watcher.fetch()` sets.
 * A form is read with `c.req.parseBody()`, so that the handler can do that too.
 *
 * @example
 * app.use(session(manager), sameSubject())
 * // <input type="hidden" name="session-subject" value={tag}>
 */
export function sameSubject(options: SameSubjectOptions = {}): MiddlewareHandler {
  onlyMembers('the options of sameSubject', options, ['required'])
  assertOptional('required', options.required, 'boolean')
  const { required = false } = options
  return async (c, next) => {
    if (READING.includes(c.req.method)) return next()
    const session = sessionOf(c)
    // Without a sign-in the body stays unread, for receivers of what a server sends.
    if (!(await isForAnother(undefined, session))) return next()
    const tag = await tagOf(c)
    const isOther = tag === undefined ? required : await isForAnother(tag, session)
    if (!isOther) return next()
    session.skipTouch()
    return c.json({ error: 'other-subject' }, 409)
  }
}

/**
 * Without a sign-in there is no other subject. A session that could not be verified passes: it throws
 * when the handler uses it, and only `destroy()` works, so that people can sign out during an outage.
 */
export async function isForAnother(tag: string | undefined, session: Session): Promise<boolean> {
  try {
    const tags = await session.subjectTags()
    return tags.length > 0 && (tag === undefined || !tags.includes(tag))
  } catch (error) {
    if (error instanceof SessionError) return false
    throw error
  }
}

async function tagOf(c: Context): Promise<string | undefined> {
  // A page that has not heard yet who is signed in sends an empty one.
  const header = c.req.header(SUBJECT_HEADER)
  if (header) return header
  if (!FORM.test(c.req.header('Content-Type') ?? '')) return undefined
  // A body that is no form says nothing; the handler answers it.
  const form = await c.req.parseBody().catch(() => undefined)
  const field = form?.[SUBJECT_FIELD]
  return typeof field === 'string' ? field : undefined
}
