/**
 * The sessions of one subject: the visitor's own, or another's for an administrator.
 */

import type { ListedSession } from 'sealed-session'
import type { Viewer } from '../viewer.ts'
import { dayAndTime } from '../words.ts'
import { Form } from './form.tsx'
import { Layout } from './layout.tsx'
import { Notice } from './notice.tsx'

interface SessionsProps {
  viewer: Viewer
  /** Whose sessions they are. */
  subject: string
  sessions: readonly ListedSession[]
  /** The family of the viewer's own session. */
  current: string | undefined
  /** Where the form that ends a session goes. */
  action: string
  back: { href: string; text: string }
  /** Whether a session was just ended. */
  ended: boolean
}

export const SessionsPage = (props: SessionsProps) => {
  const { viewer, subject, sessions } = props
  const isOwn = subject === viewer.subject
  const title = isOwn ? 'Where you are signed in' : `Where ${subject} is signed in`
  return (
    <Layout title={title} viewer={viewer}>
      <p>
        <a href={props.back.href}>{props.back.text}</a>
      </p>
      <h1>{title}</h1>
      {props.ended && <Notice kind="good">Done. That session is over.</Notice>}
      <section class="card">
        <h2>{count(sessions.length)}</h2>
        <p class="hint">
          A session that you do not know? End it, and change your password. A new one can take a
          minute to appear here.
        </p>
        <ul class="rows">
          {sessions.map((session) => (
            <li>
              <span>
                {nameOf(session)}
                {session.family === props.current && <span class="badge">this one</span>}
                <small class="below">
                  signed in <Time at={session.createdAt} />, last seen{' '}
                  <Time at={session.lastSeenAt} />
                </small>
              </span>
              {session.family !== props.current && (
                <Form action={props.action} viewer={viewer}>
                  <input type="hidden" name="subject" value={subject} />
                  <input type="hidden" name="family" value={session.family} />
                  <button type="submit" aria-label={`End the session of ${nameOf(session)}`}>
                    End
                  </button>
                </Form>
              )}
            </li>
          ))}
        </ul>
      </section>
    </Layout>
  )
}

const count = (sessions: number): string =>
  sessions === 1 ? 'One session' : `${sessions} sessions`

function nameOf({ description = {} }: ListedSession): string {
  const { browser = 'A browser', system, country } = description
  return [browser, system && `on ${system}`, country && `in ${country}`].filter(Boolean).join(' ')
}

const Time = ({ at }: { at: Date }) => <time datetime={at.toISOString()}>{dayAndTime(at)}</time>
