/**
 * Where the page goes when its session is over: which limit it was, and the way back.
 */

import type { EndReason } from 'sealed-session'
import type { Limits } from '../sessions.ts'
import type { Viewer } from '../viewer.ts'
import { reasonInWords } from '../words.ts'
import { Layout } from './layout.tsx'

/** Why sessions end, and what only the script in the browser knows: that somebody signed out. */
export type Reason = EndReason | 'signed-out' | 'signed-out-here' | 'other-subject'

const TITLES: Record<Reason, string> = {
  idle: 'Signed out for inactivity',
  absolute: 'Time to sign in again',
  unbound: 'This device was not recognised',
  revoked: 'Your session was ended',
  data: 'Your session was ended',
  'unknown-key': 'Your session was ended',
  malformed: 'Your session was ended',
  invalid: 'Your session was ended',
  'signed-out': 'You are signed out',
  'signed-out-here': 'You are signed out here',
  'other-subject': 'Somebody else has signed in',
}

export const isReason = (text: string | undefined): text is Reason =>
  text !== undefined && Object.hasOwn(TITLES, text)

interface EndedProps {
  reason: Reason | undefined
  /** Those that the session had. */
  limits: Limits
  returnTo: string | undefined
  /** Whether it cut a long operation off. */
  isInterrupted: boolean
  /** Who is signed in now. */
  viewer: Viewer | undefined
}

export const EndedPage = ({ reason, limits, returnTo, isInterrupted, viewer }: EndedProps) => {
  const title = reason === undefined ? 'Your session is over' : TITLES[reason]
  const signIn = returnTo === undefined ? '/' : `/?return=${encodeURIComponent(returnTo)}`
  return (
    <Layout title={title} viewer={viewer} isWatched={false}>
      <div class="narrow">
        <h1>{title}</h1>
        <div class="card">
          {reason && <p>{whatHappened(reason, limits)}</p>}
          <Why reason={reason} />
          {reason !== 'signed-out' && reason !== 'signed-out-here' && (
            <p>
              Text that you had not saved is kept on this device, encrypted, and comes back when you
              have signed in again.
            </p>
          )}
          {isInterrupted && (
            <p>The long operation was cut off and left nothing behind. Please start it again.</p>
          )}
          {viewer ? (
            <>
              <a class="button main" href="/">
                Go on as {viewer.name}
              </a>
              <p class="hint">
                Not you?{' '}
                <a href={`/?again=other&return=${encodeURIComponent(returnTo ?? '/')}`}>Sign in</a>,
                which signs {viewer.name} out here.
              </p>
            </>
          ) : (
            <>
              <p id="signed-in-again" role="status" data-go-on={returnTo ?? '/'} />
              <a class="button main" id="sign-in-again" href={signIn}>
                Sign in again
              </a>
            </>
          )}
          {!viewer && returnTo !== undefined && returnTo !== '/' && (
            <p class="hint">
              Then you return to <code>{returnTo}</code>.
            </p>
          )}
        </div>
      </div>
    </Layout>
  )
}

function whatHappened(reason: Reason, limits: Limits): string {
  switch (reason) {
    case 'signed-out':
      return 'You are signed out in every tab of this browser. Other browsers stay signed in.'
    case 'signed-out-here':
      return 'But it could not be recorded: a copy of your cookies would still work.'
    case 'other-subject':
      return 'In another tab of this browser. The page that was here belonged to the one before.'
    default:
      return reasonInWords(reason, limits)
  }
}

const Why = ({ reason }: { reason: Reason | undefined }) => {
  if (reason === 'idle') {
    return (
      <p class="hint">
        This is the idle limit. It protects a screen that was left alone, so only what you do counts
        as activity, not what an open page does by itself.
      </p>
    )
  }
  if (reason === 'absolute') {
    return (
      <p class="hint">
        This is the absolute limit. It ends every session, however busy, so that a stolen one does
        not last.
      </p>
    )
  }
  return null
}
