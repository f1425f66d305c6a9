/**
 * An identity provider that others wrote (`oidc-provider`) ends the sessions of one of its users: a
 * whole sign-in over HTTP with a browser's cookies, then a logout at the provider, which sends its
 * logout token to the app.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Hono } from 'hono'
import { decodeJwt } from 'jose'
import Provider from 'oidc-provider'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { session } from '../../src/hono.ts'
import {
  createSessionManager,
  generateKey,
  memoryRevocationList,
  memorySessionIndex,
} from '../../src/index.ts'
import { backChannelLogout } from '../../src/logout.ts'

const CLIENT = { id: 'the-app', secret: 'the secret of the app in this test' }
const servers: Server[] = []
let issuer = ''
let origin = ''

/** A server on a free port. */
async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer((request, response) => handler(request, response))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A handler of the Web's requests behind Node's server. */
function toNode(handle: (request: Request) => Response | Promise<Response>) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const { method = 'GET', url = '/', headers } = incoming
    const request = new Request(new URL(url, origin), {
      method,
      headers: headers as Record<string, string>,
      body: chunks.length === 0 ? null : Buffer.concat(chunks),
    })
    const response = await handle(request)
    outgoing.statusCode = response.status
    for (const [name, value] of response.headers) outgoing.appendHeader(name, value)
    outgoing.end(Buffer.from(await response.arrayBuffer()))
  }
}

/** A browser: a cookie jar for each origin, and redirects followed. */
class Browser {
  readonly #cookies = new Map<string, string>()

  async open(url: string, form?: Record<string, string>): Promise<{ url: string; html: string }> {
    let address = new URL(url)
    let body = form && new URLSearchParams(form)
    for (let hops = 0; hops < 20; hops++) {
      const cookie = [...this.#cookies]
        .filter(([name]) => name.startsWith(`${address.origin} `))
        .map(([name, value]) => `${name.slice(address.origin.length + 1)}=${value}`)
        .join('; ')
      const response = await fetch(address, {
        method: body === undefined ? 'GET' : 'POST',
        redirect: 'manual',
        headers: { cookie, accept: 'text/html' },
        ...(body === undefined ? {} : { body }),
      })
      this.#store(address.origin, response.headers.getSetCookie())
      const location = response.headers.get('location')
      if (location === null) return { url: address.href, html: await response.text() }
      address = new URL(location, address)
      body = undefined
    }
    throw new Error('too many redirects')
  }

  #store(at: string, lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = ''] = line.split(';', 1)
      const name = `${at} ${pair.slice(0, pair.indexOf('='))}`
      const value = pair.slice(pair.indexOf('=') + 1)
      if (value === '' || /expires=Thu, 01 Jan 1970|max-age=0/i.test(line))
        this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
  }
}

const attribute = (html: string, pattern: RegExp) => pattern.exec(html)?.[1] ?? ''

/** Signs in at the app through the provider's own pages, and gives the ID token. */
async function signIn(browser: Browser, login: string): Promise<string> {
  let page = await browser.open(`${origin}/sign-in`)
  while (page.url.startsWith(`${issuer}/interaction/`)) {
    const action = attribute(page.html, /<form[^>]* action="([^"]+)"/)
    const prompt = attribute(page.html, /name="prompt" value="([^"]+)"/)
    const fields = prompt === 'login' ? { login, password: 'any' } : {}
    page = await browser.open(new URL(action, page.url).href, { prompt, ...fields })
  }
  expect(page.url).toMatch(/\/callback\?/)
  return page.html
}

/** Logs out at the provider, on its own page. */
async function logOut(browser: Browser, idToken: string): Promise<void> {
  const page = await browser.open(`${issuer}/session/end?id_token_hint=${idToken}`)
  const action = attribute(page.html, /<form[^>]* action="([^"]+)"/)
  const xsrf = attribute(page.html, /name="xsrf" value="([^"]+)"/)
  await browser.open(new URL(action, page.url).href, { xsrf, logout: 'yes' })
}

const subject = async (browser: Browser) => (await browser.open(`${origin}/me`)).html
const received: { status: number; typ: unknown }[] = []

const manager = createSessionManager({
  keys: generateKey(),
  revocationList: memoryRevocationList({ now: Date.now }),
  sessionIndex: memorySessionIndex(),
  cookie: { secure: false },
})

function routes() {
  const logout = backChannelLogout({ issuer, audience: CLIENT.id, jwks: `${issuer}/jwks` })
  const callback = () => `${origin}/callback`
  return new Hono()
    .use(session(manager))
    .get('/sign-in', (c) => {
      const query = new URLSearchParams({
        client_id: CLIENT.id,
        redirect_uri: callback(),
        response_type: 'code',
        scope: 'openid',
      })
      return c.redirect(`${issuer}/auth?${query}`)
    })
    .get('/callback', async (c) => {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${btoa(`${CLIENT.id}:${encodeURIComponent(CLIENT.secret).replaceAll('%20', '+')}`)}`,
        },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code: c.req.query('code') ?? '',
          redirect_uri: callback(),
        }),
      })
      const { id_token } = (await response.json()) as { id_token: string }
      const { iss = '', sub = '', sid } = decodeJwt(id_token)
      await c.var.session.signIn(sub, { external: [iss, String(sid)] })
      return c.text(id_token)
    })
    .get('/me', (c) => c.text(`${c.var.session.subject} ${c.var.session.ended}`))
    .post('/backchannel-logout', async (c) => {
      const token = new URLSearchParams(await c.req.raw.clone().text()).get('logout_token') ?? ''
      const [header = ''] = token.split('.', 1)
      const response = await logout(c.req.raw, c.var.sessionManager)
      const { typ } = JSON.parse(atob(header.replaceAll('-', '+').replaceAll('_', '/')))
      received.push({ status: response.status, typ })
      return response
    })
}

beforeAll(async () => {
  let handleApp: (request: Request) => Response | Promise<Response> = () => new Response()
  origin = await serve(toNode((request) => handleApp(request)))
  let handleProvider: (request: IncomingMessage, response: ServerResponse) => void = () => {}
  issuer = await serve((request, response) => handleProvider(request, response))
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${origin}/callback`],
        backchannel_logout_uri: `${origin}/backchannel-logout`,
        backchannel_logout_session_required: true,
      },
    ],
    features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
    pkce: { required: () => false },
    cookies: { keys: ['a key of the provider in this test'] },
    // Without its dispatcher, which connects to no address of this machine.
    fetch: (url: string, { dispatcher: _, ...options }: RequestInit & { dispatcher?: unknown }) =>
      fetch(url, options),
  })
  handleProvider = provider.callback()
  handleApp = routes().fetch
})

afterAll(() => {
  for (const server of servers) server.close()
})

it('a logout at the provider ends the session that came out of it, and leaves the others', {
  timeout: 60_000,
}, async () => {
  const [phone, laptop, other] = [new Browser(), new Browser(), new Browser()] as const
  const idToken = await signIn(phone, 'ada')
  await signIn(laptop, 'ada')
  await signIn(other, 'grace')
  expect(await subject(phone)).toBe('ada undefined')
  expect(await manager.listSessions('ada')).toHaveLength(2)

  await logOut(phone, idToken)
  expect(received).toEqual([{ status: 200, typ: 'logout+jwt' }])
  expect(await subject(phone)).toBe('undefined revoked')
  expect(await subject(laptop)).toBe('ada undefined')
  expect(await subject(other)).toBe('grace undefined')
  expect(await manager.listSessions('ada')).toHaveLength(1)

  await signIn(phone, 'ada')
  expect(await subject(phone)).toBe('ada undefined')
})
