/** A server of Node's `http` with the middleware, as an app writes it, and a browser in front. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Http2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { Session, SessionManager } from '../../src/index.ts'
import { nodeSession } from '../../src/node.ts'
import { CookieJar } from '../kit/cookie-jar.ts'
import type { AnyData } from '../kit/visitor.ts'

type Incoming = IncomingMessage & { session: Session<AnyData> }
type Handler = (request: Incoming, response: ServerResponse) => unknown

export interface Site extends AsyncDisposable {
  readonly address: string
  readonly port: number
  readonly jar: CookieJar
  /** What `next` was called with. */
  readonly errors: unknown[]
  visit(handler: Handler, init?: RequestInit): Promise<Response>
  /** For requests that do not come through `visit`. */
  handler: Handler
}

/** Answers an error as Express does: 500 unless the response has begun. */
function answerError(response: ServerResponse): void {
  if (response.headersSent) return
  response.statusCode = 500
  response.end('an error page')
}

export async function serve(manager: SessionManager<AnyData>, now?: () => number): Promise<Site> {
  const middleware = nodeSession(manager)
  const site = {
    handler: ((_, response) => response.end('ok')) as Handler,
    errors: [] as unknown[],
  }
  const server = createServer((request, response) => {
    middleware(request as Incoming, response, (error) => {
      if (error !== undefined) {
        site.errors.push(error)
        return answerError(response)
      }
      // As Express 5 does with what a handler rejects.
      Promise.resolve(site.handler(request as Incoming, response)).catch(() =>
        answerError(response),
      )
    })
  })
  const port = await listen(server)
  const address = `http://localhost:${port}/`
  const jar = new CookieJar(now)
  return Object.assign(site, {
    address,
    port,
    jar,
    async visit(handler: Handler, { headers = {}, ...init }: RequestInit = {}) {
      site.handler = handler
      const cookie = jar.headerFor(address)
      const sent = { ...Object.fromEntries(new Headers(headers)), ...(cookie ? { cookie } : {}) }
      const response = await fetch(address, { redirect: 'manual', ...init, headers: sent })
      jar.store(response, address)
      return response
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

export async function listen(server: Server | Http2Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return (server.address() as AddressInfo).port
}
