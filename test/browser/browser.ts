/**
 * A real Chromium for the tests. Where there is none they are skipped with a printed reason, but
 * never in CI, where a missing browser must not look like a passed test.
 */

import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type LaunchOptions } from 'playwright-core'
import { describe } from 'vitest'

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function launch(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGS, ...options })
}

/** With a profile on disk, as people have one: what the browser keeps when it closes is there again. */
export function launchWithProfile(
  folder: string,
  args: readonly string[] = [],
): Promise<BrowserContext> {
  const options = { executablePath: EXECUTABLE, args: [...ARGS, ...args] }
  return chromium.launchPersistentContext(folder, options)
}

/** `describe` for tests that need the browser. */
export function describeInBrowser(name: string, tests: () => void): void {
  const isThere = existsSync(EXECUTABLE)
  if (!isThere && process.env.CI) {
    throw new Error(`${EXECUTABLE} is missing; install Chromium or set CHROMIUM to its path`)
  }
  if (!isThere) {
    console.warn(`skipped: ${name}: no browser at ${EXECUTABLE}; set CHROMIUM to the path of one`)
  }
  describe.skipIf(!isThere)(name, tests)
}
