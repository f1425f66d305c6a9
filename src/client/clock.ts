/**
 * The server's time, as this device can tell it. It is counted with the monotonic clock, because
 * people and time servers set the other one while a page is open.
 */

import { systemClock } from '../lib/platform.ts'

/** How far the two clocks may go apart before the server is asked, in milliseconds. */
const TOLERANCE = 2000

/** How far the clock on the wall is ahead of the monotonic one. */
export const wallLead = (): number => systemClock() - performance.now()

export interface ServerClock {
  /** The server says that it is `now`. `lead` is what `wallLead()` was when it was asked. */
  set(now: number, lead?: number): void
  now(): number
  /**
   * How far the clocks went apart since the server was asked, if it is much: the device slept, which
   * stops the monotonic clock of many, or somebody set the other one.
   */
  doubt(): number
  /** Only the server can say which it was. Until it does, take it for sleep, which guards privacy. */
  assumeSleep(): void
}

export function serverClock(): ServerClock {
  let ahead = 0
  let known = wallLead()
  let slept = 0
  const doubt = () => {
    const apart = wallLead() - known
    return Math.abs(apart) > TOLERANCE ? apart : 0
  }
  return {
    set(now, lead = wallLead()) {
      ahead = now - performance.now()
      known = lead
      slept = 0
    },
    now: () => performance.now() + ahead + slept,
    doubt,
    assumeSleep() {
      slept = Math.max(0, doubt())
    },
  }
}
