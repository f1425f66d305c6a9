/**
 * What each file of this folder begins with: nothing that a client can put into its `Cookie` header
 * is honoured unless this library sealed it, here, for this, and in time; and nothing that it puts
 * there is an exception. Counts what was tried and prints it.
 *
 * `HOSTILE_SEED` repeats a run; `HOSTILE_INPUTS` says how many random inputs to try.
 */

import { afterAll, afterEach, vi } from 'vitest'
import { atRandom, countFromHere, fromTable } from './site.ts'

// Thousands of inputs in a test, on whatever machine.
vi.setConfig({ testTimeout: 300_000 })

afterEach(countFromHere)

afterAll(() => {
  const inputs = fromTable.inputs + atRandom.inputs
  if (inputs === 0) return
  const accepted = fromTable.accepted.length + atRandom.accepted.length
  const exceptions = fromTable.exceptions.length + atRandom.exceptions.length
  process.stdout.write(
    `hostile cookies: ${fromTable.inputs} inputs from the table, ${atRandom.inputs} random: ` +
      `accepted ${accepted}, exceptions ${exceptions}\n`,
  )
})
