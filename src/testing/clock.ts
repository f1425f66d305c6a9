/** A clock for tests. */

/** A clock that stands still until the test moves it. Give it as the option `now`. */
export interface TestClock {
  /** The instant in milliseconds, like `Date.now`. */
  (): number
  /** Lets seconds pass. */
  pass(seconds: number): void
}

/**
 * Makes a clock. It begins at a fixed instant with a fraction of a second; give `Date.now()` if
 * other parts of the app read the system's clock.
 *
 * @example
 * const now = testClock()
 * now.pass(1_800)
 */
export function testClock(start: number = Date.UTC(2026, 2, 1, 12, 0, 0, 123)): TestClock {
  let instant = start
  const clock = () => instant
  return Object.assign(clock, {
    pass(seconds: number) {
      instant += seconds * 1000
    },
  })
}
