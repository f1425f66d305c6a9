/** Promises that must not take for ever. */

import { systemClock } from './platform.ts'

/**
 * Rejects after `timeout` ms, unless `work` has settled by then. `onLate` is called first. Every
 * caller has a timer of its own, also for work that is shared.
 */
export function withTimeout<T>(work: Promise<T>, timeout: number, onLate?: () => void): Promise<T> {
  const due = systemClock() + timeout
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      onLate?.()
      reject(new Error(`no answer within ${timeout} ms`))
    }
    // While the event loop stood still no answer could come in, and timers go first when it goes on.
    let timer = setTimeout(() => {
      const stoodStill = Math.max(0, systemClock() - due)
      timer = setTimeout(giveUp, Math.min(stoodStill, timeout))
    }, timeout)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
