/**
 * Nothing that a client can put into its `Cookie` header is honoured unless this library sealed it,
 * here, for this, and in time; and nothing that it puts there is an exception. First a table
 * generated from good seals, then random damage.
 *
 * `HOSTILE_SEED` repeats a run; `HOSTILE_INPUTS` says how many random inputs to try.
 */

import { afterAll, afterEach, vi } from 'vitest'
import './hostile/forged-cookies.ts'
import './hostile/forged-seals.ts'
import './hostile/many-cookies.ts'
import './hostile/cookie-header.ts'
import './hostile/reuse.ts'
import { SEED } from './hostile/random-damage.ts'
import { atRandom, countFromHere, fromTable } from './hostile/site.ts'

// Thousands of inputs in a test, on whatever machine.
vi.setConfig({ testTimeout: 300_000 })

afterEach(countFromHere)

afterAll(() => {
  const accepted = fromTable.accepted.length + atRandom.accepted.length
  const exceptions = fromTable.exceptions.length + atRandom.exceptions.length
  process.stdout.write(
    `hostile cookies: ${fromTable.inputs} inputs from the table, ${atRandom.inputs} random ` +
      `(seed ${SEED}): accepted ${accepted}, exceptions ${exceptions}\n`,
  )
})
