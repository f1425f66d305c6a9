/** The options of a manager as `resolve-options.ts` resolves them. */

import type { ConnectedDataStore } from '../contracts/data-store.ts'
import type { ConnectedBinding } from '../contracts/device-binding.ts'
import type { ConnectedIndex } from '../contracts/session-index.ts'
import type { SealedCookie } from '../cookies/sealed-cookie.ts'
import type { Revocation } from '../revocation/revocation.ts'
import type { KeyRing } from '../seal/key-ring.ts'
import type { ActivityClaims, SessionClaims } from './claims.ts'
import type { SessionEvent } from './events.ts'
import type { DataRules } from './schema.ts'
import type { Timeouts } from './timeouts.ts'

/** All durations are milliseconds. */
export interface Config {
  readonly now: () => number
  readonly ring: () => Promise<KeyRing>
  readonly cookies: {
    readonly session: SealedCookie<SessionClaims>
    readonly activity: SealedCookie<ActivityClaims>
    readonly flash: SealedCookie<SessionClaims>
  }
  readonly timeouts: Timeouts
  readonly revocation: Revocation
  readonly index: ConnectedIndex | undefined
  readonly dataStore: ConnectedDataStore | undefined
  readonly data: DataRules
  /** The audience that sessions of a request are bound to. */
  readonly audience: (request: Request) => string | undefined
  readonly isActivity: (request: Request) => boolean
  /** Reports an event. With a family, the event carries its pseudonym. Never rejects. */
  readonly report: (event: SessionEvent, family?: string) => Promise<void>
  readonly binding?: ConnectedBinding | undefined
}

/** What a device binding needs of a manager: the rest of its configuration. */
export interface BindingHost extends Omit<Config, 'binding'> {
  /** Milliseconds, like `staleIfError`. */
  readonly recheckAfter: number
  readonly staleIfError: number
  readonly hasList: boolean
  /** The attributes of the cookies, as a `Set-Cookie` has them. */
  readonly attributes: string
}
