/** The Worker of the outages in a real workerd, and the gate that its list stands behind. */

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { CookieJar } from '../kit/cookie-jar.ts'

/** A call that waits at the gate. */
export interface Waiting {
  open(): void
  /** The Worker has given the call up. */
  readonly left: Promise<void>
}

export class Workerd {
  readonly #miniflare: Miniflare
  readonly #gate: Gate
  readonly #folder: string
  readonly address: string

  private constructor(miniflare: Miniflare, gate: Gate, folder: string, address: string) {
    this.#miniflare = miniflare
    this.#gate = gate
    this.#folder = folder
    this.address = address
  }

  static async start(): Promise<Workerd> {
    const folder = mkdtempSync(join(tmpdir(), 'sealed-session-'))
    const outfile = join(folder, 'worker.mjs')
    await build({
      entryPoints: [fileURLToPath(new URL('worker.ts', import.meta.url))],
      outfile,
      bundle: true,
      format: 'esm',
      target: 'es2023',
      platform: 'neutral',
      mainFields: ['module', 'main'],
    })
    const gate = await Gate.open()
    const worker = {
      name: 'outages',
      modules: [{ type: 'ESModule' as const, path: outfile }],
      modulesRoot: folder,
      compatibilityDate: '2026-10-23',
      bindings: { GATE: gate.address },
    }
    const miniflare = new Miniflare(convertV4MiniflareOptions({ workers: [worker] }))
    const { origin } = await miniflare.ready
    return new Workerd(miniflare, gate, folder, origin)
  }

  browser(): Browser {
    return new Browser(this.address)
  }

  /** The next call at the gate for this path, which from now on waits there. */
  next(path: string): Promise<Waiting> {
    return this.#gate.next(path)
  }

  /** How many calls there were for a path. */
  calls(path: string): number {
    return this.#gate.calls(path)
  }

  async pass(seconds: number): Promise<void> {
    await fetch(`${this.address}/pass/${seconds}`, { method: 'POST' })
  }

  async end(): Promise<void> {
    await this.#miniflare.dispose()
    this.#gate.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

export class Browser {
  readonly #address: string
  readonly #jar = new CookieJar()

  constructor(address: string) {
    this.#address = address
  }

  /** Status and body. */
  async send(method: string, path: string): Promise<[number, string]> {
    const headers = { cookie: this.#jar.headerFor(this.#address) }
    const response = await fetch(this.#address + path, { method, headers })
    this.#jar.store(response, this.#address)
    return [response.status, await response.text()]
  }

  get(path: string): Promise<[number, string]> {
    return this.send('GET', path)
  }

  /** Sends a request for whose answer it will not wait; what it returns goes away. */
  ask(path: string): () => void {
    const { hostname, port, host } = new URL(this.#address)
    const cookie = this.#jar.headerFor(this.#address)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {})
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\n\r\n`)
    // A connection that is merely closed may still be read from, so the Worker would go on.
    return () => void socket.resetAndDestroy()
  }
}

/** Lets everything through but what a test waits for. */
class Gate {
  readonly address: string
  readonly #server: ReturnType<typeof createServer>
  readonly #counts = new Map<string, number>()
  readonly #awaited: { path: string; take: (waiting: Waiting) => void }[] = []

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server
    this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', ({ url = '' }, response) => this.#pass(url, response))
  }

  static async open(): Promise<Gate> {
    const server = createServer()
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    return new Gate(server)
  }

  next(path: string): Promise<Waiting> {
    return new Promise((take) => {
      this.#awaited.push({ path, take })
    })
  }

  calls(path: string): number {
    return this.#counts.get(path) ?? 0
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  #pass(path: string, response: ServerResponse): void {
    this.#counts.set(path, this.calls(path) + 1)
    const index = this.#awaited.findIndex((one) => one.path === path)
    const [awaited] = index < 0 ? [] : this.#awaited.splice(index, 1)
    if (awaited === undefined) {
      response.end('passed')
      return
    }
    const left = new Promise<void>((resolve) => response.once('close', resolve))
    awaited.take({ open: () => void response.end('passed'), left })
  }
}
