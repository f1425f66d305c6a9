/**
 * Runs tests in a copy of the sources when it is told to: `tester.ts <folder>`, forked by run.ts. One
 * Vitest stays for all mutants, because starting it takes several times as long as a test file does.
 */

import { argv } from 'node:process'
import { createVitest } from 'vitest/node'

/** What to run. */
export interface Order {
  /** The file that is not as it was at the last order. */
  readonly changed: string | undefined
  readonly tests: readonly string[]
}

/** What became of it: of a test that failed, its file and name. */
export type Outcome =
  | { readonly status: 'passed' }
  | { readonly status: 'failed'; readonly file: string; readonly test: string }
  | { readonly status: 'broken'; readonly output: string }

const [, , root = ''] = argv
const vitest = await createVitest('test', {
  root,
  watch: false,
  bail: 1,
  maxWorkers: 1,
  // On a busy machine a test that is late has noticed nothing.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  project: ['node', 'workers'],
  reporters: [{}],
  onConsoleLog: () => false,
})

process.on('message', async ({ changed, tests }: Order) => {
  process.send?.(await run(changed, tests).catch((error: unknown) => broken(String(error))))
})
process.send?.({ status: 'passed' } satisfies Outcome)

async function run(changed: string | undefined, tests: readonly string[]): Promise<Outcome> {
  if (changed !== undefined) vitest.invalidateFile(changed)
  if (tests.length === 0) return { status: 'passed' }
  const specifications = await vitest.globTestSpecifications([...tests])
  if (specifications.length < tests.length) return broken('some of the test files are not there')
  const ids = new Set(specifications.map(({ moduleId }) => moduleId))
  vitest.state.clearErrors()
  const result = await vitest.runTestSpecifications(specifications)
  const { unhandledErrors } = result
  // It also has the files of earlier runs.
  const testModules = result.testModules.filter(({ moduleId }) => ids.has(moduleId))
  for (const module of testModules) {
    const [failed] = module.children.allTests('failed')
    if (failed !== undefined) {
      return { status: 'failed', file: module.relativeModuleId, test: failed.fullName }
    }
  }
  // A file that did not load has noticed nothing.
  const errors = [...testModules.flatMap((module) => module.errors()), ...unhandledErrors]
  if (errors.length > 0) return broken(errors.map(messageOf).join('\n'))
  return testModules.length === ids.size && testModules.every((module) => module.ok())
    ? { status: 'passed' }
    : broken('no result')
}

const broken = (output: string): Outcome => ({ status: 'broken', output })

// Errors come from another process, as plain objects.
const messageOf = (error: unknown): string => String((error as Error | undefined)?.message ?? error)
