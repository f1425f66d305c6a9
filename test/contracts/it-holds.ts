import { it } from 'vitest'
import type { ContractCase } from '../../src/testing.ts'

/** A test for each case. */
export function itHolds(cases: readonly ContractCase[]): void {
  for (const { name, run, seconds } of cases) it(name, { timeout: seconds * 1_000 }, run)
}
