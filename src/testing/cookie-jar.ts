/**
 * A browser's cookie store, as far as sessions can tell (RFC 6265bis section 5): it obeys
 * attributes, prefixes and the byte limit, and applies `Set-Cookie` in the order of arrival.
 */

import { LONGEST_LIFE } from '../lib/limits.ts'
import { systemClock } from '../lib/platform.ts'

interface StoredCookie {
  readonly name: string
  readonly value: string
  readonly domain: string
  /** Whether it goes to the host that set it and to no host below. */
  readonly isHostOnly: boolean
  readonly path: string
  readonly secure: boolean
  readonly sameSite: 'lax' | 'none' | 'strict'
  /** `undefined` goes when the browser closes. */
  readonly expires: number | undefined
}

/** How a page of another site causes a request. */
export interface CrossSite {
  /** `'link'`: a link that a person follows. `'request'`: a form, an image, a frame or a fetch. */
  from: 'link' | 'request'
}

/** The cookies of one browser. */
export class CookieJar {
  readonly #now: () => number
  readonly #cookies = new Map<string, StoredCookie>()

  /** `now` is the clock, in milliseconds like `Date.now`. */
  constructor(now: () => number = systemClock) {
    this.#now = now
  }

  /**
   * Sends a request with the browser's cookies to an app, stores the cookies of the answer and
   * returns it. Follows no redirect.
   *
   * @example
   * const response = await jar.send(new Request('https://site.example/'), app.fetch)
   */
  async send(
    request: Request,
    app: (request: Request) => Response | Promise<Response>,
  ): Promise<Response> {
    const headers = new Headers(request.headers)
    const cookie = this.headerFor(request.url)
    if (cookie !== '') headers.set('Cookie', cookie)
    const response = await app(new Request(request, { headers }))
    this.store(response, request.url)
    return response
  }

  /** The `Cookie` header for a request to this address, from the same site unless you say otherwise. */
  headerFor(url: string | URL, crossSite?: CrossSite): string {
    const { pathname, protocol, hostname } = new URL(url)
    const isSecure = protocol === 'https:' || isLoopback(hostname)
    return this.#alive()
      .filter(({ domain, isHostOnly }) =>
        isHostOnly ? hostname === domain : isHostWithin(hostname, domain),
      )
      .filter(({ path, secure }) => isPathWithin(pathname, path) && (isSecure || !secure))
      .filter(({ sameSite }) => isSent(sameSite, crossSite))
      .sort((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
  }

  /** Takes the cookies that a response sets. */
  store(response: Response, url: string | URL): void {
    for (const line of response.headers.getSetCookie()) this.set(line, url)
  }

  /** Takes one `Set-Cookie` value. A cookie that a browser would drop changes nothing. */
  set(line: string, url: string | URL): void {
    const { name, value, attributes } = parse(line)
    const { protocol, hostname, pathname } = new URL(url)
    const path = attributes.get('path')?.startsWith('/')
      ? (attributes.get('path') ?? '/')
      : defaultPath(pathname)
    const secure = attributes.has('secure')
    const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase() || undefined
    const sameSite = sameSiteOf(attributes.get('samesite'))
    if (name.length + value.length > 4096) return
    if (secure && protocol !== 'https:' && !isLoopback(hostname)) return
    if (sameSite === 'none' && !secure) return
    if (domain !== undefined && !isHostWithin(hostname, domain)) return
    if (/^__(secure|host|http)-/i.test(name) && !secure) return
    if (/^__host-/i.test(name) && (attributes.get('path') !== '/' || domain !== undefined)) return
    if (/^__(host-)?http-/i.test(name) && !attributes.has('httponly')) return
    const isHostOnly = domain === undefined
    const cookie = { name, value, path, secure, sameSite, isHostOnly, domain: domain ?? hostname }
    const expires = expiryOf(attributes, this.#now())
    const key = `${name};${cookie.domain};${path}`
    // A cookie that is cleared is gone for good, also from a copy of the jar with another clock.
    if (expires !== undefined && expires <= this.#now()) this.#cookies.delete(key)
    else this.#cookies.set(key, { ...cookie, expires })
  }

  /** Closes the browser: cookies with neither `Max-Age` nor `Expires` go. */
  close(): void {
    for (const [key, { expires }] of this.#cookies) {
      if (expires === undefined) this.#cookies.delete(key)
    }
  }

  /** The names of the cookies that have not expired. */
  names(): string[] {
    return this.#alive().map(({ name }) => name)
  }

  /** The value of a cookie. */
  get(name: string): string | undefined {
    return this.#alive().find((cookie) => cookie.name === name)?.value
  }

  /** Forgets all cookies. */
  clear(): void {
    this.#cookies.clear()
  }

  /** Forgets its cookies and takes those of another jar. */
  replaceBy(other: CookieJar): void {
    this.clear()
    for (const [key, cookie] of other.#cookies) this.#cookies.set(key, cookie)
  }

  /** The same cookies in another jar: a copy in the hands of a thief, say. */
  clone(): CookieJar {
    const copy = new CookieJar(this.#now)
    copy.replaceBy(this)
    return copy
  }

  #alive(): StoredCookie[] {
    const now = this.#now()
    return [...this.#cookies.values()].filter(
      ({ expires }) => expires === undefined || expires > now,
    )
  }
}

function parse(line: string) {
  const [pair = '', ...rest] = line.split(';')
  const at = pair.indexOf('=')
  const attributes = new Map(
    rest.map((attribute) => {
      const [key = '', content = ''] = attribute.split('=', 2)
      return [key.trim().toLowerCase(), content.trim()]
    }),
  )
  return { name: pair.slice(0, at).trim(), value: pair.slice(at + 1).trim(), attributes }
}

/** `Max-Age` counts before `Expires`; both end within 400 days. */
function expiryOf(attributes: ReadonlyMap<string, string>, now: number): number | undefined {
  const maxAge = attributes.get('max-age')
  const latest = now + LONGEST_LIFE * 1000
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) {
    return Math.min(now + Number(maxAge) * 1000, latest)
  }
  const expires = Date.parse(attributes.get('expires') ?? '')
  return Number.isNaN(expires) ? undefined : Math.min(expires, latest)
}

function sameSiteOf(value: string | undefined): StoredCookie['sameSite'] {
  const name = value?.toLowerCase()
  return name === 'strict' || name === 'none' ? name : 'lax'
}

function isSent(sameSite: StoredCookie['sameSite'], crossSite: CrossSite | undefined): boolean {
  if (crossSite === undefined || sameSite === 'none') return true
  return sameSite === 'lax' && crossSite.from === 'link'
}

/** The path of a cookie that names none: the folder of the address. */
const defaultPath = (pathname: string): string =>
  pathname.slice(0, pathname.lastIndexOf('/')) || '/'

const isLoopback = (hostname: string) => hostname === 'localhost' || hostname === '127.0.0.1'

const isHostWithin = (hostname: string, domain: string) =>
  hostname === domain || hostname.endsWith(`.${domain}`)

const isPathWithin = (pathname: string, path: string) =>
  path === '/' || pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
