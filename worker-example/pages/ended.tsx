/**
 * Where the page goes when its session is over: which limit it was, and the way back.
 */

import type { EndReason } from 'sealed-session'
import type { Limits } from '../sessions.ts'
import { reasonInWords } from '../words.ts'
import { Layout } from './layout.tsx'

/** Why sessions end, and what only the script in the browser knows: that somebody signed out. */
export type Reason = EndReason | 'signed-out' | 'signed-out-here'

const TITLES: Record<Reason, string> = {
  idle: 'Signed out for inactivity',
  absolute: 'Time to sign in again',
  revoked: 'Your session was ended',
  data: 'Your session was ended',
  'unknown-key': 'Your session was ended',
  malformed: 'Your session was ended',
  invalid: 'Your session was ended',
  'signed-out': 'You are signed out',
  'signed-out-here': 'You are signed out here',
}

export const isReason = (text: string | undefined): text is Reason =>
  text !== undefined && Object.hasOwn(TITLES, text)

interface EndedProps {
  reason: Reason | undefined
  limits: Limits
  remembered: Limits
  returnTo: string | undefined
}

export const EndedPage = ({ reason, limits, remembered, returnTo }: EndedProps) => {
  const title = reason === undefined ? 'Your session is over' : TITLES[reason]
  const signIn = returnTo === undefined ? '/' : `/?return=${encodeURIComponent(returnTo)}`
  return (
    <Layout title={title}>
      <div class="narrow">
        <h1>{title}</h1>
        <div class="card">
          {reason && <p>{whatHappened(reason, limits, remembered)}</p>}
          <Why reason={reason} />
          <a class="button main" href={signIn}>
            Sign in again
          </a>
          {returnTo !== undefined && returnTo !== '/' && (
            <p class="hint">
              Then you return to <code>{returnTo}</code>.
            </p>
          )}
        </div>
      </div>
    </Layout>
  )
}

function whatHappened(reason: Reason, limits: Limits, remembered: Limits): string {
  switch (reason) {
    case 'signed-out':
      return 'In every tab of this browser. Your other browsers are as they were.'
    case 'signed-out-here':
      return 'But it could not be recorded: a copy of your cookies would still work.'
    default:
      return reasonInWords(reason, limits, remembered)
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
