/** The contracts of revocation lists as tests of this project's runner. */

import {
  type ContractOptions,
  type MakeRevocationList,
  revocationChangesContract,
  revocationClaimContract,
  revocationListContract,
} from '../../src/testing.ts'
import { itHolds } from './it-holds.ts'

export const holdsToTheContract = (make: MakeRevocationList): void =>
  itHolds(revocationListContract(make))

export const holdsToTheContractOfChanges = (make: MakeRevocationList): void =>
  itHolds(revocationChangesContract(make))

export const holdsToTheContractOfClaim = (
  make: MakeRevocationList,
  now: NonNullable<ContractOptions['now']> = Date.now,
): void => itHolds(revocationClaimContract(make, { now }))
