/** What the parts of a binding share. */

import type { SealedCookie } from '../cookies/sealed-cookie.ts'
import type { BindingHost } from '../session/options.ts'
import type { BoundMarks } from './bound-marks.ts'
import type { BoundClaims } from './claims.ts'
import type { BindingRules } from './rules.ts'

/** What both the exchange with a browser and the requests of its pages work with. */
export interface SharedParts {
  readonly host: BindingHost
  readonly rules: BindingRules
  readonly marks: BoundMarks
  readonly cookie: SealedCookie<BoundClaims>
}
