/** What the cases claim with. No test framework, because they run where there is none. */

import type { SessionErrorCode } from '../../src/index.ts'

/** Both have the same JSON; `undefined` and instants count too. */
export function equal(actual: unknown, expected: unknown, what = 'the value'): void {
  const [is, should] = [written(actual), written(expected)]
  if (is !== should) throw new Error(`${what} is ${is}, and should be ${should}`)
}

export function matches(text: unknown, pattern: RegExp, what = 'the text'): void {
  if (typeof text !== 'string' || !pattern.test(text)) {
    throw new Error(`${what} is ${written(text)}, and should match ${pattern}`)
  }
}

/** The promise rejects with this code of ours. */
export async function rejects(promise: Promise<unknown>, code: SessionErrorCode): Promise<Error> {
  const error = await failureOf(promise)
  if (error instanceof Error && error.name === 'SessionError' && 'code' in error) {
    if (error.code === code) return error
  }
  throw new Error(`it ended with ${written(error)}, and should reject with ${code}`)
}

/** The call throws a `TypeError`, or its promise rejects with one. */
export async function mistake(call: () => unknown): Promise<void> {
  const error = await failureOf((async () => call())())
  if (!(error instanceof TypeError)) {
    throw new Error(`it ended with ${written(error)}, and should be a TypeError`)
  }
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'success',
    (error: unknown) => error,
  )

const written = (value: unknown): string =>
  value instanceof Error ? String(value) : (JSON.stringify(value) ?? String(value))
