/** The contract of data stores as tests of this project's runner. */

import type { DataStore } from '../../src/index.ts'
import { dataStoreContract } from '../../src/testing.ts'
import { itHolds } from './it-holds.ts'

export { bareDataStore as connect } from '../../src/testing/data-store-contract.ts'

export const holdsToTheContract = (
  open: () => (() => DataStore) | Promise<() => DataStore>,
  now: () => number = Date.now,
): void => itHolds(dataStoreContract(open, { now }))
