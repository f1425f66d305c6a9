/** A list in memory that can say what has changed. */

import type { RevocationList } from '../../src/index.ts'
import { TestRevocationList } from '../../src/testing/revocation-list.ts'

export class ListWithChanges extends TestRevocationList {
  declare changes: NonNullable<RevocationList['changes']>

  constructor(now: () => number) {
    super({ now, changes: true })
  }
}
