/**
 * The time that is left, counted down by client/countdown.ts. It is written here as it stands, so that
 * the page does not move when the script begins; without the script it stays out of sight, because it
 * would soon be wrong. A `timer` is there for screen readers to read, but they do not announce each of
 * its seconds.
 */

import { asClock, ruleOf } from '../words.ts'

interface CountdownProps {
  now: number
  idleExpiresAt: Date | undefined
  absoluteExpiresAt: Date | undefined
}

export const Countdown = ({ now, idleExpiresAt, absoluteExpiresAt }: CountdownProps) => {
  const idle = idleExpiresAt?.getTime() ?? now
  const absolute = absoluteExpiresAt?.getTime() ?? now
  return (
    <p class="countdown" id="countdown">
      <span role="timer" aria-label="Time left">
        {asClock(Math.ceil((Math.min(idle, absolute) - now) / 1000))}
      </span>
      <small>{ruleOf(absolute <= idle ? 'absolute' : 'idle')}</small>
    </p>
  )
}
