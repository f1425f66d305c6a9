/** Node's request as the `Request` that a session is loaded from: its headers, without its body. */

import type { NodeRequest } from './types.ts'

/** What Express adds, with regard to `trust proxy`, and the path before a router has cut it. */
interface ExpressRequest {
  protocol?: unknown
  host?: unknown
  originalUrl?: unknown
}

/** Never throws, because all of it comes from a client. */
export function toRequest(request: NodeRequest): Request {
  const { method = 'GET' } = request
  const converted = new Request(urlOf(request), { headers: headersOf(request) })
  // The constructor refuses CONNECT, TRACE and TRACK (Fetch section 5.4), and a server can get them.
  return Object.defineProperty(converted, 'method', { value: method })
}

function urlOf(request: NodeRequest & ExpressRequest): string {
  const { socket, headers } = request
  const scheme = request.protocol ?? ('encrypted' in socket && socket.encrypted ? 'https' : 'http')
  const origin = originOf(`${scheme}://${request.host ?? headers[':authority'] ?? headers.host}`)
  const path = String(request.originalUrl ?? request.url)
  // A request to a proxy has a whole address, OPTIONS can have `*`, and Node takes other forms.
  return `${origin}${path.startsWith('/') ? path : '/'}`
}

const UNKNOWN = 'http://unknown.invalid'

/** The origin if the text is one and nothing more. */
function originOf(text: string): string {
  if (!URL.canParse(text)) return UNKNOWN
  const { origin, href } = new URL(text)
  return href === `${origin}/` ? origin : UNKNOWN
}

function headersOf({ headers }: NodeRequest): Headers {
  const converted = new Headers()
  for (const [name, value] of Object.entries(headers)) {
    // Those of HTTP/2 that begin with a colon are no header fields.
    if (value === undefined || name.startsWith(':')) continue
    for (const one of typeof value === 'string' ? [value] : value) converted.append(name, one)
  }
  return converted
}
