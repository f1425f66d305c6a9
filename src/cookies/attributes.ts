/**
 * The two cookies on the wire: their names and attributes, reading, writing and clearing them, and
 * what fits in one. Knows nothing of what is sealed in them.
 */

import { serialize } from 'cookie-es'
import { assertOptional, kindOf, onlyMembers } from '../lib/check.ts'
import type { Use } from '../seal/key-ring.ts'

/** Attributes of the two cookies. A combination that a browser would drop is a `TypeError`. */
export interface CookieOptions {
  /**
   * Name of the session cookie; the activity cookie has the same name and `-activity`.
   * Default `__Host-Http-session`, or `session` with `secure: false`.
   */
  name?: string
  /** Default `'lax'`. `'none'` needs `secure`. */
  sameSite?: 'lax' | 'strict' | 'none'
  /** Left out by default: the cookie then goes to this host only. Needs a name without `__Host-`. */
  domain?: string
  /** Default `/`. Another path needs a name without `__Host-`. */
  path?: string
  /** Keyed to the top-level site (CHIPS). Default `false`. Needs `secure`. */
  partitioned?: boolean
  /** Default `true`. `false` is for development over plain http, with a name without prefix. */
  secure?: boolean
}

/** The cookies as configured. */
export interface Cookies {
  readonly session: Cookie
  readonly activity: Cookie
}

/** One cookie. */
export interface Cookie {
  readonly name: string
  /** The longest token that fits. */
  readonly maxTokenLength: number
  /** What its sub-keys are for. */
  readonly use: Use
  /** Every value that came under this name, in order and without repetition. */
  read(header: string): readonly string[]
  /** A `Set-Cookie` value. `maxAge` in whole seconds; without it the cookie goes when the browser closes. */
  write(token: string, maxAge?: number): string
  /** A `Set-Cookie` value that removes it. */
  clear(): string
}

// A browser drops a cookie whose name and value together pass this (RFC 6265bis section 5.6).
const MOST_BYTES = 4_096

const NAME = /^[\w!#$%&'*.^`|~+-]{1,100}$/

/** Validates and defaults the cookie options. */
export function resolveCookies(options: CookieOptions = {}): Cookies {
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
      '"cookie.name" must be 1 to 100 characters of those a cookie name may have (RFC 6265 section 4.1.1)',
    )
  }
  if (!['lax', 'strict', 'none'].includes(sameSite)) {
    throw new TypeError(
      `"cookie.sameSite" must be 'lax', 'strict' or 'none'; got ${kindOf(sameSite)}`,
    )
  }
  // Browsers drop what follows, without a word (RFC 6265bis sections 4.1.3 and 5.7; CHIPS).
  const refuse = (condition: boolean, problem: string) => {
    if (condition) throw new TypeError(`browsers drop such a cookie: ${problem}`)
  }
  refuse(!path.startsWith('/'), '"cookie.path" must begin with "/"')
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

  const attributes = {
    path,
    httpOnly: true,
    secure,
    sameSite,
    partitioned,
    ...(domain === undefined ? {} : { domain }),
  }
  const rest = serialize('x', '', attributes).slice('x='.length)
  const cookie = (name: string): Cookie => ({
    name,
    use: { kind: 'cookie', name },
    maxTokenLength: MOST_BYTES - name.length,
    read: (header) => readCookie(header, name),
    // A token needs no escaping, and the attributes never change.
    write: (token, maxAge) =>
      `${name}=${token}${maxAge === undefined ? '' : `; Max-Age=${maxAge}`}${rest}`,
    clear: () => serialize(name, '', { ...attributes, maxAge: 0 }),
  })
  const cookies = { session: cookie(name), activity: cookie(`${name}-activity`) }
  // The serializer refuses a domain or path that would not survive the header: now, not at a request.
  cookies.session.clear()
  return cookies
}

/**
 * Parsers of the platform keep one value of a name; ours must see all of them, because whoever can
 * plant a cookie would otherwise choose which one counts. Only what RFC 6265 section 4.2 lets stand
 * between cookies separates them here: a comma, or a space from elsewhere in Unicode, would let the
 * value or the name of another cookie pass for ours, and with it for its `__Host-` prefix.
 */
function readCookie(header: string, name: string): readonly string[] {
  if (!header.includes(`${name}=`)) return []
  const values = header
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+/, ''))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
  return [...new Set(values)]
}
