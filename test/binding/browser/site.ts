/**
 * A site over https whose sessions are bound, on Node: the real manager, middleware and routes, with a
 * log of what reached it. Time is real, so proofs live for seconds.
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import type { MiddlewareHandler } from 'hono'
import { bindingFrom } from '../../../src/binding/device-binding.ts'
import type { DeviceBindingOptions } from '../../../src/binding.ts'
import { session } from '../../../src/hono.ts'
import {
  createSessionManager,
  generateKey,
  memoryRevocationList,
  type RevocationList,
  type SessionEvent,
  type SessionManager,
} from '../../../src/index.ts'
import { appOf, SHORT } from './app.ts'
import { type Certificate, ELSEWHERE, SITE } from './certificate.ts'

/** A request that reached the site. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly status: number
  /** The names of its cookies. */
  readonly cookies: readonly string[]
  readonly body: string
  /** Who the session said that it was, or why it had ended. */
  readonly who: string
  /** `Secure-Session-Skipped`, if the browser says that it could not prove. */
  readonly skipped: string | undefined
}

export interface Site {
  readonly origin: string
  /** The same server under another site's name. */
  readonly elsewhere: string
  readonly log: Seen[]
  readonly events: SessionEvent[]
  readonly manager: SessionManager
  /** Another server with the same keys and list, which knows nothing of what this one remembers. */
  anotherManager(): SessionManager
  /** Whether the list fails. */
  listIsDown: boolean
  /** How many seconds the clock of the server is ahead of the browser's. */
  ahead: number
  /** What the refresh route answers instead, if anything. */
  refreshFault: number | undefined
  close(): Promise<void>
}

type SiteOptions = Partial<DeviceBindingOptions> & { certificate: Certificate }

export async function startSite({ certificate, ...options }: SiteOptions): Promise<Site> {
  const log: Seen[] = []
  const events: SessionEvent[] = []
  const state = { listIsDown: false, ahead: 0, refreshFault: undefined as number | undefined }
  const now = () => Date.now() + state.ahead * 1000
  const memory = memoryRevocationList({ now })
  const fails = () => {
    if (state.listIsDown) throw new Error('the list is down')
  }
  const list: RevocationList = {
    async read(targets) {
      fails()
      return memory.read(targets)
    },
    async write(...mark) {
      fails()
      return memory.write(...mark)
    },
  }
  const keys = generateKey()
  const make = () =>
    createSessionManager({
      keys,
      revocationList: list,
      recheckAfter: 1,
      staleIfError: 0,
      now,
      binding: bindingFrom({ policy: 'when-supported', lifetime: 3, ...options }, SHORT),
      onEvent: (event) => events.push(event),
    })
  const manager = make()
  const app = appOf(session(manager) as MiddlewareHandler, await elementScript())

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = await request.toArray()
    const body = Buffer.concat(chunks)
    const { method = 'GET', url: path = '/' } = request
    const headers = new Headers()
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value))
    const isFaulty = path === '/session/refresh' && state.refreshFault !== undefined
    const result = isFaulty
      ? new Response(null, { status: state.refreshFault ?? 0 })
      : await app.fetch(
          new Request(`https://${request.headers.host}${path}`, {
            method,
            headers,
            ...(body.length > 0 ? { body } : {}),
          }),
        )
    for (const [name, value] of result.headers) {
      if (name !== 'set-cookie') response.setHeader(name, value)
    }
    response.setHeader('Set-Cookie', result.headers.getSetCookie())
    response.removeHeader('X-Who')
    response.writeHead(result.status)
    log.push({
      method,
      path,
      status: result.status,
      cookies: (headers.get('cookie') ?? '')
        .split('; ')
        .filter((pair) => pair !== '')
        .map((pair) => pair.slice(0, pair.indexOf('='))),
      body: String(body),
      who: result.headers.get('X-Who') ?? '',
      skipped: headers.get('secure-session-skipped') ?? undefined,
    })
    for await (const chunk of result.body ?? []) response.write(chunk)
    response.end()
  }
  const server = createServer(certificate, (request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return Object.assign(state, {
    origin: `https://${SITE}:${port}`,
    elsewhere: `https://${ELSEWHERE}:${port}`,
    log,
    events,
    manager,
    anotherManager: make,
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  })
}

/** The dialog of `sealed-session/client/element`, for the browser. */
async function elementScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [new URL('../../../src/client-element.ts', import.meta.url).pathname],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}
