/**
 * What this room needs of Node's requests and responses, so that the package has no need of Node's
 * types. `IncomingMessage` and `ServerResponse` have these members, also those of `http2` and of
 * Express.
 */

/** A request as Node's `http` and `http2` give it. */
export interface NodeRequest {
  method?: string | undefined
  url?: string | undefined
  headers: Record<string, string | readonly string[] | undefined>
  /** `encrypted` on TLS. */
  socket: object
}

/** A response as Node's `http` and `http2` give it. */
export interface NodeResponse {
  statusCode: number
  statusMessage: string
  readonly headersSent: boolean
  readonly writableEnded: boolean
  readonly writableNeedDrain: boolean
  // biome-ignore-start lint/suspicious/noExplicitAny: the overloads of Node's methods.
  writeHead(...args: any[]): any
  write(...args: any[]): boolean
  end(...args: any[]): any
  flushHeaders(): void
  getHeaders(): Record<string, any>
  // biome-ignore-end lint/suspicious/noExplicitAny: as above.
  setHeader(name: string, value: string | readonly string[]): unknown
  removeHeader(name: string): void
  emit(event: string): boolean
  destroy(): unknown
}
