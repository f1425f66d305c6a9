/** A timeout for promises. */

import { systemClock } from './platform.ts'

/**
 * Rejects after `timeout` ms, unless `work` has settled by then. `onLate` is called before it
 * rejects. Every caller has its own timer, even for shared work.
 */
export function withTimeout<T>(work: Promise<T>, timeout: number, onLate?: () => void): Promise<T> {
  const due = systemClock() + timeout
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      onLate?.()
      reject(new Error(`no answer within ${timeout} ms`))
    }
    // A blocked event loop receives no answer, and runs its timers first when it goes on. So wait
    // once more, as long as it was blocked.
    let timer = setTimeout(() => {
      const stoodStill = Math.max(0, systemClock() - due)
      timer = setTimeout(giveUp, Math.min(stoodStill, timeout))
    }, timeout)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
