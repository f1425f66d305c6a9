/**
 * The sessions of one subject: the visitor's own, or another's for an administrator.
 */

import type { ListedSession } from 'sealed-session'
import type { Viewer } from '../viewer.ts'
import { dayAndTime, inWords } from '../words.ts'
import { Form } from './form.tsx'
import { Layout } from './layout.tsx'
import { Notice } from './notice.tsx'

interface SessionsProps {
  viewer: Viewer
  /** Whose sessions they are. */
  subject: string
  sessions: readonly ListedSession[]
  now: number
  /** The family of the viewer's own session. */
  current: string | undefined
  /** Where the form that ends a session goes; without one the password is asked for first. */
  action: string | undefined
  /** Why the password was not taken. */
  error?: string | undefined
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
          {isOwn && 'A session that you do not know? End it, and change your password. '}A new one
          can take a minute to appear here.
        </p>
        {sessions.length > 0 && (
          <ul class="rows sessions">
            {currentFirst(sessions, props.current).map((session) => (
              <Row {...props} session={session} isCurrent={session.family === props.current} />
            ))}
          </ul>
        )}
        {isOwn && sessions.length > 1 && (
          <p>
            <a href="/#other-browsers">End all but this one</a>
          </p>
        )}
      </section>
      {!props.action && <Confirm {...props} />}
    </Layout>
  )
}

/** Several sessions can have the same name, so the button says also when its session began. */
const Row = (props: SessionsProps & { session: ListedSession; isCurrent: boolean }) => {
  const { session, isCurrent, now } = props
  const id = `signed-in-${session.family}`
  return (
    <li>
      <div class="named">
        {nameOf(session)}
        {isCurrent && <span class="badge">this one</span>}
      </div>
      <div class="about">
        <small class="below" id={id}>
          Signed in <Time at={session.createdAt} />
        </small>
        <small class="below">
          {isCurrent ? 'Active now' : `Last seen ${ago(session.lastSeenAt, now)}`}
        </small>
        <small class="below">{placeOf(session)}</small>
      </div>
      {props.action && !isCurrent && (
        <Form action={props.action} viewer={props.viewer}>
          <input type="hidden" name="subject" value={props.subject} />
          <input type="hidden" name="family" value={session.family} />
          <button
            type="submit"
            aria-label={`End the session of ${nameOf(session)}`}
            aria-describedby={id}
          >
            End
          </button>
        </Form>
      )}
    </li>
  )
}

const Confirm = ({ viewer, error }: SessionsProps) => (
  <section class="card">
    <h2>End a session</h2>
    <p>You signed in a while ago. Please give your password first.</p>
    {error && (
      <Notice kind="bad">
        <span id="confirm-error">{error}</span>
      </Notice>
    )}
    <Form action="/sessions/confirm" viewer={viewer} class="row">
      <div>
        <label for="confirm-password">Your password</label>
        <input
          id="confirm-password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          {...(error
            ? { 'aria-invalid': 'true', 'aria-describedby': 'confirm-error', autofocus: true }
            : {})}
        />
      </div>
      <button type="submit" class="main">
        Confirm
      </button>
    </Form>
  </section>
)

const count = (sessions: number): string =>
  sessions === 1 ? 'One session' : `${sessions || 'No'} sessions`

const currentFirst = (sessions: readonly ListedSession[], current: string | undefined) =>
  sessions.toSorted((a, b) => Number(b.family === current) - Number(a.family === current))

const REGIONS = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })

function nameOf({ description = {} }: ListedSession): string {
  const { browser = 'A browser', system } = description
  return system ? `${browser} on ${system}` : browser
}

function placeOf({ description = {} }: ListedSession): string | undefined {
  const { country } = description
  return country && REGIONS.of(country)
}

function ago(at: Date, now: number): string {
  const seconds = (now - at.getTime()) / 1000
  return seconds < 60 ? 'just now' : `${inWords(seconds, 1)} ago`
}

const Time = ({ at }: { at: Date }) => <time datetime={at.toISOString()}>{dayAndTime(at)}</time>
