/**
 * What the activity cookie records: the last activity and the last revocation check. Decides whether
 * a response has to set it.
 */

import type { SessionClaims } from './claims.ts'
import type { Config } from './config.ts'
import type { FoundSession } from './load.ts'

export class RecordedActivity {
  /**
   * Whether this request slides the idle timeout. If not, `passive` still lets a read record a
   * revocation check; `ignored` sets no cookie on a read.
   */
  mode: 'forced' | 'counted' | 'passive' | 'ignored' = 'counted'
  /** The last activity that the cookies of the request gave. */
  readonly before: number | undefined
  /** The last real revocation check. */
  chk: number | undefined
  readonly #config: Pick<Config, 'now' | 'timeouts'>
  #isStale = false

  constructor(found: FoundSession, config: Pick<Config, 'now' | 'timeouts'>) {
    this.#config = config
    if (found.status !== 'live') return
    this.before = found.claims.act
    this.chk = found.chk
    this.#isStale = found.activityIsStale
    if (!found.isActivity) this.mode = 'passive'
  }

  /** Last activity once this response has been delivered. */
  act(claims: SessionClaims | undefined): number {
    const now = this.#config.now()
    if (claims === undefined) return now
    return this.#slides(claims) ? Math.max(claims.act, now) : claims.act
  }

  /** A session begins. It needs no check: every mark that could end it is older. */
  begin(iat: number): void {
    this.chk = iat
    this.mode = 'counted'
  }

  /** The list was asked. */
  checked(checkedAt: number | undefined): void {
    if (checkedAt === undefined || checkedAt === this.chk) return
    this.#isStale = true
    this.chk = checkedAt
  }

  /** Whether the cookie has to be set for a session whose sid has not changed. */
  isDue(claims: SessionClaims): boolean {
    return this.#slides(claims) || (this.#isStale && this.mode !== 'ignored')
  }

  #slides({ act }: SessionClaims): boolean {
    const { now, timeouts } = this.#config
    const isOld = now() - act >= timeouts.touchAfter
    return this.mode === 'forced' || (this.mode === 'counted' && isOld)
  }
}
