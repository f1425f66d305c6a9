/**
 * How a response carries the session's cookies, and what caches may do with it. Knows nothing of
 * what the cookies hold.
 */

/** What the session adds to a response. */
export interface Additions {
  /** `Set-Cookie` values, by cookie name. */
  readonly session: string | undefined
  readonly activity: string | undefined
  /** Of the session cookie and of the activity cookie. */
  readonly names: readonly [string, string]
  /** Whether the request's session lives on. */
  readonly isLive: boolean
  /** Whether the handler looked at the session. */
  readonly varies: boolean
}

const PRIVATE = 'private, no-store'

/** Fields that tell certain caches what to do, and overrule Cache-Control there (RFC 9213 section 2.1). */
const TARGETED = /-cache-control$|^surrogate-control$|^edge-control$|^x-accel-expires$/

/**
 * The response with cookies and cache headers (RFC 9111; OWASP ASVS 14.3.2). Never the same object
 * when anything is added: a handler may answer many requests with one response, and a cookie must
 * reach one of them.
 */
export function withSession(response: Response, additions: Additions): Response {
  // A WebSocket upgrade is not ours, and cannot be rebuilt.
  if (response.status < 200) return response
  const { session, names, isLive, varies } = additions
  if (session === undefined && additions.activity === undefined && !isLive && !varies) {
    return response
  }
  // Copied first, because each of the platform's `Headers` that is looked at costs a microsecond.
  const answer = new Response(response.body, response)
  const { headers } = answer
  const marks = readMarks(headers)
  const earlier = marks.setsCookies ? headers.getSetCookie() : []
  // When the session cookie must be set, the marks for caches give way to it.
  const isShareable = session === undefined && shareable(marks)
  // Whoever is behind the handler has written a session: what was read before must not go over it.
  const isWritten = session === undefined && earlier.some((line) => isFor(line, names[0]))
  const activity = isShareable || isWritten ? undefined : additions.activity
  const setCookies = [session, activity].filter((cookie) => cookie !== undefined)
  if (setCookies.length > 0) addCookies(headers, earlier, setCookies, names)
  if (session !== undefined) for (const name of marks.targeted.keys()) headers.delete(name)
  const isPrivate = setCookies.length > 0 || (isLive && !isShareable)
  const keepsOwn = session === undefined && marks.cacheControl.has('private')
  if (isPrivate && !keepsOwn) headers.set('Cache-Control', PRIVATE)
  if (varies) vary(headers, marks.vary)
  return answer
}

/** What the handler said that matters here. */
interface Marks {
  readonly cacheControl: ReadonlySet<string>
  /** Directives of the fields for certain caches, by name. */
  readonly targeted: ReadonlyMap<string, ReadonlySet<string>>
  readonly vary: string
  readonly setsCookies: boolean
}

/** In one pass, because each call of the platform's `Headers` costs as much as one more header. */
function readMarks(headers: Headers): Marks {
  const targeted = new Map<string, ReadonlySet<string>>()
  const marks = { cacheControl: NONE, targeted, vary: '', setsCookies: false }
  headers.forEach((value, name) => {
    if (name === 'cache-control') marks.cacheControl = directives(value)
    else if (name === 'vary') marks.vary = value
    else if (name === 'set-cookie') marks.setsCookies = true
    else if (TARGETED.test(name)) targeted.set(name, directives(value))
  })
  return marks
}

/** Whether the handler marked the response for caches that serve many visitors. */
function shareable({ cacheControl: own, targeted }: Marks): boolean {
  for (const field of targeted.values()) {
    if (field.size > 0 && !STORES_NOTHING.some((directive) => field.has(directive))) return true
  }
  if (own.has('no-store')) return false
  return own.has('public') || own.has('s-maxage') || (own.has('max-age') && !own.has('private'))
}

const NONE: ReadonlySet<string> = new Set()

// The last three are Akamai's `Edge-Control` and nginx's `X-Accel-Expires`.
const STORES_NOTHING = ['private', 'no-store', 'bypass-cache', 'off', '0']

function directives(field: string): ReadonlySet<string> {
  // A number says how long; `private="set-cookie"` is not `private` (RFC 9111 section 5.2.2.7).
  const names = field.split(',').map((part) =>
    part
      .trim()
      .toLowerCase()
      .replace(/="?\d*"?$/, ''),
  )
  return new Set(names.filter((name) => name !== ''))
}

/** One `Set-Cookie` per name: which of two a browser keeps depends on the browser. */
function addCookies(
  headers: Headers,
  earlier: readonly string[],
  setCookies: readonly string[],
  names: readonly string[],
): void {
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
