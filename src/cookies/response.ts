/**
 * Puts the session's cookies and the cache headers on a response. Knows nothing of the cookies'
 * content.
 */

/** What a session adds to a response. */
export interface Outcome {
  /** The `Set-Cookie` value of each cookie. */
  readonly session: string | undefined
  readonly activity: string | undefined
  readonly flash?: string | undefined
  /** Of a device binding: a `Set-Cookie` value, and the offer to the browser. */
  readonly binding?: { readonly cookie?: string; readonly offer?: string } | undefined
  /** Whether a session lives on after this response. */
  readonly isLive: boolean
}

const PRIVATE = 'private, no-store'

/**
 * Header fields for certain caches, which obey them instead of Cache-Control (RFC 9213 section
 * 2.1).
 */
const TARGETED = /-cache-control$|^surrogate-control$|^edge-control$|^x-accel-expires$/

/**
 * The response with cookies and cache headers (RFC 9111; OWASP ASVS 14.3.2). It is a copy if
 * anything is added: a handler can answer many requests with one response object, and a cookie must
 * reach only one of them. `name` is that of the session cookie; `varies` says whether the handler has
 * used the session.
 */
export function withSession(
  response: Response,
  outcome: Outcome,
  { name, varies }: { readonly name: string; readonly varies: boolean },
): Response {
  // A WebSocket upgrade cannot be copied, so it stays as it is.
  if (response.status < 200) return response
  const { session, flash, binding, isLive } = outcome
  const others = outcome.activity ?? binding?.cookie
  // Messages are added and taken by those who look at the session.
  if (session === undefined && others === undefined && !isLive && !varies) return response
  // Copied first, so that only one `Headers` object is read: each costs a microsecond.
  const answer = new Response(response.body, response)
  const { headers } = answer
  const own = readOwnHeaders(headers)
  const earlier = own.setsCookies ? headers.getSetCookie() : []
  // If one of these must be set, the handler's cache headers give way.
  const mustSet = session ?? flash
  const isShareable = mustSet === undefined && shareable(own)
  // An inner handler set the session cookie. Keep it, and do not add an activity cookie from
  // before.
  const isWritten = session === undefined && earlier.some((line) => isFor(line, name))
  const activity = isShareable || isWritten ? undefined : outcome.activity
  const bound = isShareable ? undefined : binding?.cookie
  const setCookies = [session, activity, flash, bound].filter((cookie) => cookie !== undefined)
  if (setCookies.length > 0) addCookies(headers, earlier, setCookies)
  if (mustSet !== undefined) for (const name of own.targeted.keys()) headers.delete(name)
  const isPrivate = setCookies.length > 0 || (isLive && !isShareable)
  const keepsOwn = mustSet === undefined && own.cacheControl.has('private')
  if (isPrivate && !keepsOwn) headers.set('Cache-Control', PRIVATE)
  if (varies) vary(headers, own.vary)
  if (binding?.offer !== undefined) headers.set('Secure-Session-Registration', binding.offer)
  return answer
}

/** The handler's own headers that matter here. */
interface OwnHeaders {
  readonly cacheControl: ReadonlySet<string>
  /** Directives of the header fields for certain caches, by field name. */
  readonly targeted: ReadonlyMap<string, ReadonlySet<string>>
  readonly vary: string
  readonly setsCookies: boolean
}

/** In one pass, because each call on the platform's `Headers` costs as much as another header. */
function readOwnHeaders(headers: Headers): OwnHeaders {
  const targeted = new Map<string, ReadonlySet<string>>()
  const own = { cacheControl: NONE, targeted, vary: '', setsCookies: false }
  headers.forEach((value, name) => {
    if (name === 'cache-control') own.cacheControl = directives(value)
    else if (name === 'vary') own.vary = value
    else if (name === 'set-cookie') own.setsCookies = true
    else if (TARGETED.test(name)) targeted.set(name, directives(value))
  })
  return own
}

/** Whether the handler marked the response for shared caches. */
function shareable({ cacheControl, targeted }: OwnHeaders): boolean {
  for (const field of targeted.values()) {
    if (field.size > 0 && !STORES_NOTHING.some((directive) => field.has(directive))) return true
  }
  if (cacheControl.has('no-store')) return false
  if (cacheControl.has('public') || cacheControl.has('s-maxage')) return true
  return cacheControl.has('max-age') && !cacheControl.has('private')
}

const NONE: ReadonlySet<string> = new Set()

// The last three are Akamai's `Edge-Control` and nginx's `X-Accel-Expires`.
const STORES_NOTHING = ['private', 'no-store', 'bypass-cache', 'off', '0']

function directives(field: string): ReadonlySet<string> {
  // A number is dropped, because only the directive matters. `private="set-cookie"` is not
  // `private` (RFC 9111 section 5.2.2.7).
  const names = field.split(',').map((part) =>
    part
      .trim()
      .toLowerCase()
      .replace(/="?\d*"?$/, ''),
  )
  return new Set(names.filter((name) => name !== ''))
}

/**
 * Sets one `Set-Cookie` per name. If there are two, it depends on the browser which one it keeps.
 */
function addCookies(
  headers: Headers,
  earlier: readonly string[],
  setCookies: readonly string[],
): void {
  const names = setCookies.map((cookie) => cookie.slice(0, cookie.indexOf('=')))
  const others = earlier.filter((cookie) => !names.some((name) => isFor(cookie, name)))
  if (others.length < earlier.length) {
    headers.delete('Set-Cookie')
    for (const cookie of others) headers.append('Set-Cookie', cookie)
  }
  for (const cookie of setCookies) headers.append('Set-Cookie', cookie)
}

const isFor = (setCookie: string, name: string) => setCookie.startsWith(`${name}=`)

function vary(headers: Headers, earlier: string): void {
  const fields = earlier.split(',').map((field) => field.trim().toLowerCase())
  if (!fields.includes('cookie') && !fields.includes('*')) headers.append('Vary', 'Cookie')
}
