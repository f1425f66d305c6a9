/**
 * Somebody with a cookie jar at the example's printed address.
 */

import { CookieJar } from '../kit/cookie-jar.ts'

export class Visitor {
  readonly jar: CookieJar
  readonly #originOf: () => string

  /** `originOf` is asked each time, because a restart moves the example to another port. */
  constructor(originOf: () => string, jar: CookieJar = new CookieJar()) {
    this.#originOf = originOf
    this.jar = jar
  }

  get(path: string): Promise<Response> {
    return this.#send(path, {})
  }

  post(path: string, fields: Record<string, string> = {}): Promise<Response> {
    return this.#send(path, { method: 'POST', body: new URLSearchParams(fields) })
  }

  async signIn(username: string): Promise<this> {
    const { status } = await this.post('/sign-in', { username, password: 'demo' })
    if (status !== 303) throw new Error(`signing in answered ${status}`)
    return this
  }

  /** The status and the JSON of `/me`. */
  async me(): Promise<readonly [number, Record<string, unknown>]> {
    const response = await this.get('/me')
    return [response.status, (await response.json()) as Record<string, unknown>]
  }

  /** The same cookies in other hands. */
  copy(): Visitor {
    return new Visitor(this.#originOf, this.jar.clone())
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const origin = this.#originOf()
    const headers: Record<string, string> = { cookie: this.jar.headerFor(origin + path) }
    if (init.method === 'POST') headers.origin = origin
    const response = await fetch(origin + path, { ...init, headers, redirect: 'manual' })
    this.jar.store(response, origin + path)
    return response
  }
}
