/**
 * Who looks at a page, as far as the page may know.
 */

import { SessionError } from 'sealed-session'
import type { AppContext } from './app.ts'
import { demoUsers } from './demo-users.ts'
import { warnBefore } from './sessions.ts'

export interface Viewer {
  readonly subject: string
  readonly name: string
  readonly isAdministrator: boolean
  /** Says in a page for whom it was made: see `SubjectField`. */
  readonly tag: string
  /** How long before the end of the session the page warns, in seconds. */
  readonly warnBefore: number
}

/** `undefined` also when the session could not be loaded or verified. */
export async function viewerOf(c: AppContext): Promise<Viewer | undefined> {
  try {
    const { session } = c.var
    if (session?.subject === undefined) return undefined
    const { subject } = session
    const [tag = ''] = await session.subjectTags()
    const { name = subject, isAdministrator = false } = demoUsers.get(subject) ?? {}
    return { subject, name, isAdministrator, tag, warnBefore: warnBefore(c.env) }
  } catch (error) {
    if (error instanceof SessionError) return undefined
    throw error
  }
}
