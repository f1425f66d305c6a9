/** The contract of the stores of a session index as tests of this project's runner. */

import type { SessionIndexStore } from '../../src/index.ts'
import { sessionIndexContract } from '../../src/testing.ts'
import { itHolds } from './it-holds.ts'

export const holdsToTheIndexContract = (
  make: () => SessionIndexStore | Promise<SessionIndexStore>,
): void => itHolds(sessionIndexContract(make))
