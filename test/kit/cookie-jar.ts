/**
 * A browser's cookie store, as far as sessions can tell (RFC 6265bis section 5): it obeys
 * attributes, prefixes and the byte limit, and applies `Set-Cookie` in the order of arrival.
 */

interface StoredCookie {
  readonly name: string
  readonly value: string
  readonly path: string
  readonly secure: boolean
  /** `undefined` goes when the browser closes. */
  readonly expires: number | undefined
}

export class CookieJar {
  readonly #now: () => number
  readonly #cookies = new Map<string, StoredCookie>()

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** The `Cookie` header for a request to this address. */
  headerFor(url: string | URL): string {
    const { pathname, protocol, hostname } = new URL(url)
    const isSecure = protocol === 'https:' || isLoopback(hostname)
    return this.#alive()
      .filter(({ path, secure }) => isWithin(pathname, path) && (isSecure || !secure))
      .sort((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
  }

  /** Takes what a response sets. */
  store(response: Response, url: string | URL): void {
    for (const line of response.headers.getSetCookie()) this.set(line, url)
  }

  /** Takes one `Set-Cookie` value. */
  set(line: string, url: string | URL): void {
    const [pair = '', ...rest] = line.split(';')
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim()
    const value = pair.slice(at + 1).trim()
    const attributes = new Map(
      rest.map((attribute) => {
        const [key = '', content = ''] = attribute.split('=', 2)
        return [key.trim().toLowerCase(), content.trim()]
      }),
    )
    const path = attributes.get('path') || '/'
    const secure = attributes.has('secure')
    const { protocol, hostname } = new URL(url)
    if (name.length + value.length > 4096) return
    if (secure && protocol !== 'https:' && !isLoopback(hostname)) return
    if (/^__(secure|host)-/i.test(name) && !secure) return
    if (/^__host-/i.test(name) && (path !== '/' || attributes.has('domain'))) return
    if (/^__host-http-/i.test(name) && !attributes.has('httponly')) return
    const maxAge = attributes.get('max-age')
    const expires = maxAge === undefined ? undefined : this.#now() + Number(maxAge) * 1000
    this.#cookies.set(`${name};${path}`, { name, value, path, secure, expires })
  }

  /** Closes the browser: what has no `Max-Age` goes. */
  close(): void {
    for (const [key, { expires }] of this.#cookies) {
      if (expires === undefined) this.#cookies.delete(key)
    }
  }

  names(): string[] {
    return this.#alive().map(({ name }) => name)
  }

  get(name: string): string | undefined {
    return this.#alive().find((cookie) => cookie.name === name)?.value
  }

  clear(): void {
    this.#cookies.clear()
  }

  /** Forgets its cookies and takes those of another jar. */
  replaceBy(other: CookieJar): void {
    this.clear()
    for (const [key, cookie] of other.#cookies) this.#cookies.set(key, cookie)
  }

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

const isLoopback = (hostname: string) => hostname === 'localhost' || hostname === '127.0.0.1'

const isWithin = (pathname: string, path: string) =>
  path === '/' || pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
