/** Work of others that must not hang ours: every waiter has a timer of its own, also for work that is shared. */
export function withTimeout<T>(work: Promise<T>, timeout: number, onLate?: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      onLate?.()
      reject(new Error(`no answer within ${timeout} ms`))
    }, timeout)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
