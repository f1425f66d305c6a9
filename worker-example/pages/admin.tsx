/**
 * What an administrator may do to the sessions of others.
 */

import { demoUsers } from '../demo-users.ts'
import type { Viewer } from '../viewer.ts'
import { inWords } from '../words.ts'
import { Form } from './form.tsx'
import { Layout } from './layout.tsx'
import { Notice } from './notice.tsx'

interface AdminProps {
  viewer: Viewer
  /** In seconds. */
  recheckAfter: number
  /** Whether a user was just signed out. */
  subjectEnded: boolean
  error?: string | undefined
}

export const AdminPage = (props: AdminProps) => (
  <Layout title="Administration" viewer={props.viewer}>
    <p>
      <a href="/">Back to your session</a>
    </p>
    <h1>Administration</h1>
    {props.subjectEnded && (
      <Notice kind="good">Done. Every session that this user had is over.</Notice>
    )}
    {props.error && <Notice kind="bad">{props.error}</Notice>}
    <section class="card">
      <h2>Sign a user out everywhere</h2>
      <p>
        Ends every session that the user has now: here at once, on other servers within{' '}
        {inWords(props.recheckAfter)}, plus the time that Workers KV takes. Signing in again works
        at once.
      </p>
      <ul class="rows">
        {[...demoUsers].map(([username, { name }]) => (
          <li>
            <span class="named">
              {name} <small>{username}</small>
              <a
                href={`/admin/sessions?subject=${encodeURIComponent(username)}`}
                aria-label={`Sessions of ${username}`}
              >
                Sessions
              </a>
            </span>
            <Form action="/admin/sign-out-subject" viewer={props.viewer}>
              <input type="hidden" name="subject" value={username} />
              <button type="submit" aria-label={`Sign out ${username}`}>
                Sign out
              </button>
            </Form>
          </li>
        ))}
      </ul>
      <Form action="/admin/sign-out-subject" class="row" viewer={props.viewer}>
        <div>
          <label for="subject">Another user</label>
          <input
            id="subject"
            name="subject"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            required
          />
        </div>
        <button type="submit">Sign out</button>
      </Form>
    </section>
    <section class="card">
      <h2>Sign everybody out</h2>
      <p>Ends every session of every user, yours too.</p>
      <Form action="/admin/sign-out-all" viewer={props.viewer}>
        <button type="submit" class="danger">
          Sign everybody out
        </button>
      </Form>
    </section>
  </Layout>
)
