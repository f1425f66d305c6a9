/**
 * The sign-in form, and why it is there.
 */

import type { Child } from 'hono/jsx'
import { DEMO_PASSWORD, demoUsers } from '../demo-users.ts'
import type { Limits } from '../sessions.ts'
import type { Viewer } from '../viewer.ts'
import { inWords } from '../words.ts'
import { Layout } from './layout.tsx'
import { Notice } from './notice.tsx'

interface SignInProps {
  /** Why the form is shown, above it. */
  reason?: Child | undefined
  /** What was wrong with the last try. */
  error?: string | undefined
  username?: string | undefined
  remember: boolean
  /** How long a remembered session lasts. */
  limits: Limits
  /** Where to go afterwards. */
  returnTo?: string | undefined
  /** Who is signed in already, and is asked to do it again. */
  viewer?: Viewer | undefined
  /** A note that came when the session was over, and the tag of whose it is. */
  unsaved?: { note: string; tag: string } | undefined
}

export const SignInPage = (props: SignInProps) => (
  <Layout title={props.error ? 'Sign-in failed' : 'Sign in'} viewer={props.viewer}>
    <div class="narrow">
      <h1>{props.viewer === undefined ? 'Sign in' : 'Sign in again'}</h1>
      {props.reason && <Notice kind="info">{props.reason}</Notice>}
      {props.error && (
        <Notice kind="bad">
          <span id="error">{props.error}</span>
        </Notice>
      )}
      <form method="post" action="/sign-in" class="card">
        {props.returnTo && <input type="hidden" name="return" value={props.returnTo} />}
        {props.unsaved && <Unsaved {...props.unsaved} />}
        <label for="username">Username</label>
        <input
          id="username"
          name="username"
          value={props.username}
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          {...(props.error ? { 'aria-invalid': 'true', 'aria-describedby': 'error' } : {})}
        />
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          {...(props.error
            ? { 'aria-invalid': 'true', 'aria-describedby': 'error', autofocus: true }
            : {})}
        />
        <label class="choice">
          <input
            type="checkbox"
            name="remember"
            value="on"
            checked={props.remember}
            aria-describedby="remember-hint"
          />
          Stay signed in
        </label>
        <p id="remember-hint" class="hint">
          Also when the browser closes: {inWords(props.limits.idleTimeout)} without a visit,{' '}
          {inWords(props.limits.absoluteTimeout)} at most.
        </p>
        <button type="submit" class="main">
          Sign in
        </button>
      </form>
      <p class="hint">
        Demo users: <DemoUsers />. The password is <code>{DEMO_PASSWORD}</code>.
      </p>
    </div>
  </Layout>
)

const Unsaved = ({ note, tag }: { note: string; tag: string }) => (
  <>
    <label for="unsaved-note">Your note, not saved yet</label>
    <textarea id="unsaved-note" name="note" rows={4} readonly aria-describedby="unsaved-hint">
      {`\n${note}`}
    </textarea>
    <p id="unsaved-hint" class="hint">
      It is saved when you have signed in again.
    </p>
    <input type="hidden" name="note-of" value={tag} />
  </>
)

const DemoUsers = () => (
  <>
    {[...demoUsers].map(([username, { isAdministrator }], index) => (
      <>
        {index > 0 && ' and '}
        <code>{username}</code>
        {isAdministrator && ' (administrator)'}
      </>
    ))}
  </>
)

/** What to do where the browser has refused the session's cookies. */
export const CookieRefused = () => (
  <>
    <strong>You signed in, but your browser did not keep the session.</strong> It refuses secure
    cookies on plain <code>http://localhost</code>, as Safari does. Open this page in Chrome, Edge
    or Firefox, or start the example with <code>npm start -- --local-protocol https</code>.
  </>
)
