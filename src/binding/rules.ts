/** The options of a device binding, checked and given their defaults. */

import { kindOf, onlyMembers, wholeSeconds } from '../lib/check.ts'

/** Options of `deviceBinding`. All durations are whole seconds. */
export interface DeviceBindingOptions {
  /**
   * `'when-supported'` binds sessions whose browser can; the others go on as before. It needs a
   * revocation list. `'required'` ends every session of a subject that has not proved its key within
   * `grace` of its sign-in: also those of Firefox and Safari, and those that began before the option
   * was switched on. Required.
   */
  policy: 'when-supported' | 'required'
  /**
   * How long a proof counts, and so how long a copy of all cookies works. Default 600, from 300 to
   * 900. Browsers limit how often they prove, so shorter would leave people without a session.
   */
  lifetime?: number
  /** With `'required'`: how long a session that is not bound yet goes on after its sign-in. Default 60, from 10 to 600. */
  grace?: number
  /**
   * Where the browser registers and proves: at `/register` and `/refresh` below this path. The session
   * middleware answers there, so it has to stand before these two addresses too. Default `/session`.
   */
  path?: string
}

/** The options, resolved. Durations are milliseconds. */
export interface BindingRules {
  readonly policy: 'when-supported' | 'required'
  readonly lifetime: number
  readonly grace: number
  readonly path: string
}

/** The shortest durations that are accepted, in seconds. */
export interface LeastDurations {
  readonly lifetime: number
  readonly grace: number
}

// At 180 s Chromium's quota of six proofs is not enough.
export const LEAST: LeastDurations = { lifetime: 300, grace: 10 }
const MOST: LeastDurations = { lifetime: 900, grace: 600 }

// RFC 3986 section 3.3, without what would need escaping in a header field.
const PATH = /^(\/[\w.~!$&'()*+,;=:@-]+)+$/

/** Tests pass other lower limits, because they cannot wait for minutes. */
export function resolveRules(options: DeviceBindingOptions, least: LeastDurations): BindingRules {
  onlyMembers('the options of deviceBinding', options, ['policy', 'lifetime', 'grace', 'path'])
  const { policy, lifetime = 600, grace = 60, path = '/session' } = options
  if (policy !== 'when-supported' && policy !== 'required') {
    throw new TypeError(`"policy" must be 'when-supported' or 'required'; got ${kindOf(policy)}`)
  }
  if (typeof path !== 'string' || !PATH.test(path)) {
    throw new TypeError(
      '"path" must be a path of this site, such as "/session", without a slash at its end',
    )
  }
  return {
    policy,
    lifetime: wholeSeconds('lifetime', lifetime, least.lifetime, MOST.lifetime) * 1000,
    grace: wholeSeconds('grace', grace, least.grace, MOST.grace) * 1000,
    path,
  }
}
