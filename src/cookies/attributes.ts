/**
 * Names and attributes of the cookies, and the combinations that browsers drop. Knows nothing
 * of the sealed content.
 */

import { assertOptional, kindOf, onlyMembers } from '../lib/check.ts'

/** Attributes of the two cookies. A combination that a browser would drop is a `TypeError`. */
export interface CookieOptions {
  /**
   * Name of the session cookie. The activity cookie has the same name with `-activity` appended, the
   * cookie of messages with `-flash`.
   * Default `__Host-Http-session`, or `session` with `secure: false`.
   */
  name?: string
  /** Default `'lax'`. `'none'` needs `secure`. */
  sameSite?: 'lax' | 'strict' | 'none'
  /**
   * Default: no `Domain`, so that the cookie goes to this host only. Needs a name without
   * `__Host-`.
   */
  domain?: string
  /** Default `/`. Another path needs a name without `__Host-`. */
  path?: string
  /** Keyed to the top-level site (CHIPS). Default `false`. Needs `secure`. */
  partitioned?: boolean
  /**
   * Default `true`. `false` is for development over plain http and needs a name without a prefix.
   */
  secure?: boolean
}

/** What the cookies have in common. */
export interface CookieForm {
  /** Of the session cookie. The names of the others begin with it. */
  readonly name: string
  /** As a `Set-Cookie` has them. */
  readonly attributes: string
}

const NAME = /^[\w!#$%&'*.^`|~+-]{1,100}$/

/** Validates and defaults the cookie options. */
export function resolveCookies(options: CookieOptions = {}): CookieForm {
  onlyMembers('"cookie"', options, ['name', 'sameSite', 'domain', 'path', 'partitioned', 'secure'])
  const { sameSite = 'lax', domain, path = '/', partitioned = false, secure = true } = options
  assertOptional('cookie.name', options.name, 'string')
  assertOptional('cookie.domain', domain, 'string')
  assertOptional('cookie.path', path, 'string')
  assertOptional('cookie.partitioned', partitioned, 'boolean')
  assertOptional('cookie.secure', secure, 'boolean')
  const name = options.name ?? (secure ? '__Host-Http-session' : 'session')

  if (!NAME.test(name)) {
    throw new TypeError(
      '"cookie.name" must be 1 to 100 characters of a token (RFC 6265 section 4.1.1)',
    )
  }
  if (!['lax', 'strict', 'none'].includes(sameSite)) {
    throw new TypeError(
      `"cookie.sameSite" must be 'lax', 'strict' or 'none'; got ${kindOf(sameSite)}`,
    )
  }
  // Browsers silently drop these combinations (RFC 6265bis sections 4.1.3 and 5.7; CHIPS).
  const refuse = (condition: boolean, problem: string) => {
    if (condition) throw new TypeError(`browsers drop such a cookie: ${problem}`)
  }
  refuse(!secure && sameSite === 'none', '"cookie.sameSite" \'none\' needs "cookie.secure"')
  refuse(!secure && partitioned, '"cookie.partitioned" needs "cookie.secure"')
  refuse(
    !secure && /^__(secure|host|http)-/i.test(name),
    `"cookie.secure" false needs a "cookie.name" without a prefix, such as "session"`,
  )
  refuse(
    /^__host-/i.test(name) && (domain !== undefined || path !== '/'),
    `"cookie.domain" and "cookie.path" need a "cookie.name" without "__Host-", such as "__Secure-session"`,
  )

  // RFC 6265 section 4.1.1: no control character, and no character that ends the attribute.
  refuse(!/^\/[ -:<-~]*$/.test(path), '"cookie.path" must begin with "/", in ASCII and without ";"')
  refuse(
    domain !== undefined && !/^\.?[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(domain),
    '"cookie.domain" must be a host name',
  )
  const attributes = [
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    `Path=${path}`,
    'HttpOnly',
    ...(secure ? ['Secure'] : []),
    `SameSite=${sameSite[0]?.toUpperCase()}${sameSite.slice(1)}`,
    ...(partitioned ? ['Partitioned'] : []),
  ].join('; ')
  return { name, attributes }
}

/** The name of the activity cookie. */
export const activityName = (name: string): string => `${name}-activity`
