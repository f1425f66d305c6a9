/**
 * Rejects after `timeout` ms, unless `work` has settled by then. `onLate` is called first. Every
 * caller has a timer of its own, also for work that is shared.
 */
export function withTimeout<T>(work: Promise<T>, timeout: number, onLate?: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      onLate?.()
      reject(new Error(`no answer within ${timeout} ms`))
    }
    // Timers come before I/O when the event loop goes on after standing still: an answer that is
    // there already gets one more turn.
    let timer = setTimeout(() => {
      timer = setTimeout(giveUp, 0)
    }, timeout)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
