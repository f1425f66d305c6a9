/**
 * Holds a response of Node back between the moment when its handler begins to send it and the moment
 * when its cookies are sealed. Sealing is asynchronous and Node's response is not, so the calls that
 * send something wait in a queue. Knows nothing of sessions.
 */

import { headersAround } from '../session/answers.ts'
import type { NodeResponse } from './types.ts'

/** The calls that send something. */
const SENDING = ['writeHead', 'write', 'end', 'flushHeaders'] as const

/** More calls that Node refuses once the headers are sent. */
const CHANGING = ['setHeader', 'setHeaders', 'appendHeader', 'removeHeader'] as const

type Call = { readonly name: (typeof SENDING)[number]; readonly args: readonly unknown[] }

type Methods = Pick<NodeResponse, (typeof SENDING)[number]>

export class HeldResponse {
  /** The status and headers that the handler has chosen, once it begins to send. */
  readonly begun: Promise<Response>
  readonly #response: NodeResponse
  readonly #own: Methods
  readonly #queue: Call[] = []
  /** What becomes of calls. Middleware mounted later may have put its own methods around ours. */
  #now: 'hold' | 'pass' | 'discard' = 'hold'
  readonly #hidden = new Map<string, PropertyDescriptor | undefined>()
  #begin: (response: Response) => void = () => {}
  #statusCode = 200

  constructor(response: NodeResponse) {
    this.#response = response
    this.begun = new Promise((resolve) => {
      this.#begin = resolve
    })
    // Middleware such as `compression` may have put methods of its own there.
    const { writeHead, write, end, flushHeaders } = response
    this.#own = { writeHead, write, end, flushHeaders }
    this.#standBefore()
  }

  /** Sends what was held, with these headers instead of those that the handler chose. */
  release({ headers }: Response): void {
    const response = this.#unhidden()
    response.statusCode = this.#statusCode
    replaceHeaders(response, headers)
    this.#now = 'pass'
    for (const { name, args } of this.#queue) {
      // Its headers are in place.
      this.#pass({ name, args: name === 'writeHead' ? [this.#statusCode] : args })
    }
    // A stream waits for it, because `write` told it to.
    if (!response.writableNeedDrain) response.emit('drain')
  }

  /** Sends another response instead. */
  async replace(other: Response): Promise<void> {
    const body = new Uint8Array(await other.arrayBuffer())
    const response = this.#restored()
    response.statusCode = other.status
    replaceHeaders(response, other.headers)
    response.end(body)
    this.#discardTheRest()
  }

  /**
   * Drops what was held, so that `next(error)` can answer. If the handler had not finished, it goes
   * on sending. Then the response counts as begun, and `cut` ends the connection.
   */
  drop(): { cut(): void } {
    const response = this.#restored()
    const hasBegun = this.#queue.length > 0
    const isFinished = !hasBegun || this.#queue.some(({ name }) => name === 'end')
    if (response.headersSent || !isFinished) {
      this.#discardTheRest()
      define(response, 'headersSent', { get: () => true })
      return { cut: () => response.destroy() }
    }
    if (hasBegun) {
      response.statusCode = 500
      replaceHeaders(response, headersAround(asResponse(response)))
    }
    return { cut: () => {} }
  }

  #take(call: Call): unknown {
    if (this.#now === 'pass') return this.#pass(call)
    if (this.#now === 'discard') return call.name === 'write' ? true : this.#response
    return this.#hold(call)
  }

  #pass({ name, args }: Call): unknown {
    return this.#own[name].apply(this.#response, args as unknown[])
  }

  #hold(call: Call): unknown {
    const response = this.#response
    const isFirst = this.#queue.length === 0
    if (!isFirst && call.name === 'writeHead') refuse()
    this.#queue.push(call)
    if (isFirst) {
      if (call.name === 'writeHead') writeHead(response, call.args)
      this.#statusCode = response.statusCode
      this.#begin(asResponse(response))
      this.#hide('headersSent', { get: () => true })
      // A handler that answers twice must learn it here, where it can be caught. When the rest of
      // its second answer is sent, Node emits an error that ends the process.
      for (const name of CHANGING) this.#hide(name, { value: refuse, writable: true })
    }
    if (call.name === 'end') this.#hide('writableEnded', { get: () => true })
    // `write` says false, so that a stream waits for `drain`.
    return call.name === 'write' ? false : response
  }

  #hide(name: string, descriptor: PropertyDescriptor): void {
    if (!this.#hidden.has(name)) {
      this.#hidden.set(name, Object.getOwnPropertyDescriptor(this.#response, name))
    }
    define(this.#response, name, descriptor)
  }

  /** The response without what stood in front of its own members. */
  #unhidden(): NodeResponse {
    for (const [name, own] of this.#hidden) {
      if (own === undefined) Reflect.deleteProperty(this.#response, name)
      else define(this.#response, name, own)
    }
    return this.#response
  }

  /** The response as it was before, for another answer. */
  #restored(): NodeResponse {
    this.#now = 'pass'
    for (const name of SENDING) {
      define(this.#response, name, { value: this.#own[name], writable: true })
    }
    return this.#unhidden()
  }

  #discardTheRest(): void {
    this.#now = 'discard'
    this.#standBefore()
  }

  #standBefore(): void {
    for (const name of SENDING) {
      const value = (...args: unknown[]) => this.#take({ name, args })
      define(this.#response, name, { value, writable: true })
    }
  }
}

/** As Node does it. */
function refuse(): never {
  const error = new Error('Cannot change headers after they are sent to the client')
  throw Object.assign(error, { code: 'ERR_HTTP_HEADERS_SENT' })
}

function define(response: NodeResponse, name: string, descriptor: PropertyDescriptor): void {
  Object.defineProperty(response, name, { configurable: true, ...descriptor })
}

/** `writeHead(status, message?, headers?)`, with an object or a flat list of names and values. */
function writeHead(response: NodeResponse, [status, ...rest]: readonly unknown[]): void {
  response.statusCode = Number(status)
  if (typeof rest[0] === 'string') response.statusMessage = String(rest.shift())
  for (const [name, values] of headersGiven(rest.at(-1))) response.setHeader(name, values)
}

function headersGiven(given: unknown): Iterable<[string, string | string[]]> {
  if (typeof given !== 'object' || given === null) return []
  if (!Array.isArray(given))
    return Object.entries(given).map(([name, value]) => [name, text(value)])
  const collected = new Map<string, string[]>()
  const flat: unknown[] = given.flat()
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const name = String(flat[at])
    collected.set(name, [...(collected.get(name) ?? []), String(flat[at + 1])])
  }
  return collected
}

const text = (value: unknown): string | string[] =>
  Array.isArray(value) ? value.map(String) : String(value)

/** The status and headers as a `Response` without a body. */
function asResponse(response: NodeResponse): Response {
  const headers = new Headers()
  for (const [name, value] of Object.entries(response.getHeaders())) {
    for (const one of [text(value)].flat()) headers.append(name, one)
  }
  // A status that `Response` refuses says nothing that matters to a session.
  const { statusCode } = response
  const isKnown = statusCode >= 200 && statusCode <= 599
  return new Response(null, { status: isKnown ? statusCode : 200, headers })
}

function replaceHeaders(response: NodeResponse, headers: Headers): void {
  const before = asResponse(response).headers
  for (const name of Object.keys(response.getHeaders())) {
    if (!headers.has(name)) response.removeHeader(name)
  }
  headers.forEach((value, name) => {
    if (name !== 'set-cookie' && before.get(name) !== value) response.setHeader(name, value)
  })
  const cookies = headers.getSetCookie()
  if (cookies.length > 0) response.setHeader('Set-Cookie', cookies)
}
