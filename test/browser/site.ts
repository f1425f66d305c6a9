/**
 * A small site for the browser tests: the real session core and the real `sessionRoutes()` on
 * Node's http, with a clock that stands still until a test moves it, and with the faults that a
 * server can have.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import { Hono } from 'hono'
import { html, raw } from 'hono/html'
import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { WatchOptions } from '../../src/client.ts'
import { type SessionEnv, sameSubject, session, sessionRoutes } from '../../src/hono.ts'
import { createSessionManager, generateKey, memoryRevocationList } from '../../src/index.ts'

export const IDLE = 120
export const ABSOLUTE = 600
export const STARTED = Date.parse('2026-06-01T08:00:00.000Z')

/** What the site's session routes do instead of answering. */
type Fault = 'down' | 'unavailable' | 'html' | 'foreign' | 'silent' | 'no sign-out' | 'guarded'

export interface Site {
  readonly origin: string
  /** The requests to the session routes since the last look: `GET`, `POST /touch`. */
  requests(): string[]
  fault: Fault | undefined
  /** Milliseconds. */
  now: number
  /** Answers what it was silent on. */
  speak(): void
  /** Resolves when no request is being answered: how many were since the last look, pings aside. */
  idle(): Promise<number>
  /** Makes the revocation list refuse to record. */
  listIsDown: boolean
  revokeAll(): Promise<void>
  /** Changes the keys of the ring, newest first. */
  rotate(...keys: string[]): void
  close(): Promise<void>
}

interface SiteOptions {
  idleTimeout?: number
  absoluteTimeout?: number
}

/** The same for every site. */
let script: Promise<string> | undefined

export async function startSite(options: SiteOptions = {}): Promise<Site> {
  script ??= bundle()
  const page = await script
  const list = memoryRevocationList()
  const log: string[] = []
  const site = { fault: undefined as Fault | undefined, now: STARTED, listIsDown: false }

  const keyOf = new Map<string, string>()
  const ring = { keys: [] as string[] }
  const rotate = (...names: string[]) => {
    ring.keys = names.map((name) => {
      const key = keyOf.get(name) ?? generateKey()
      keyOf.set(name, key)
      return key
    })
  }
  rotate('first')

  const manager = createSessionManager({
    // What a function gives is trusted for a minute.
    keys: () => ring.keys,
    revocationList: {
      read: (targets) => list.read(targets),
      write: async (...mark) => {
        if (site.listIsDown) throw new Error('down')
        await list.write(...mark)
      },
    },
    idleTimeout: options.idleTimeout ?? IDLE,
    absoluteTimeout: options.absoluteTimeout ?? ABSOLUTE,
    remembered: { idleTimeout: 7 * 86_400, absoluteTimeout: 30 * 86_400 },
    recheckAfter: 0,
    now: () => site.now,
  })

  const app = new Hono<SessionEnv>()
  app.get('/page.js', (c) => c.body(page, 200, { 'Content-Type': 'text/javascript' }))
  app.get('/ping', (c) => c.text('pong'))
  app.get('/favicon.ico', (c) => c.body(null, 204))
  app.use(session(manager))
  app.get('/sign-in', async (c) => {
    const { subject = 'ada', remember } = c.req.query()
    await c.var.session.signIn(subject, { remember: remember !== undefined })
    return c.text('signed in')
  })
  app.get('/sign-out', async (c) => {
    await c.var.session.destroy()
    return c.text('signed out')
  })
  // In a frame, without a script of its own.
  app.get('/frame', (c) => c.html('<title>Frame</title><textarea></textarea>'))
  app.get('/data', (c) => c.json({}, c.var.session.subject === undefined ? 401 : 200))
  app.post('/post', sameSubject(), async (c) => c.text(`posted as ${c.var.session.subject}`))
  // What any page of the app does: it counts as activity.
  app.get('/visit', (c) => c.text(`hello ${c.var.session.subject}`))
  app.get('/page', async (c) => {
    // Strict on purpose: no inline style, no inline script, no HTML from strings.
    c.header(
      'Content-Security-Policy',
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; require-trusted-types-for 'script'",
    )
    const [tag = ''] = await c.var.session.subjectTags()
    return c.html(pageOf(c.req.query(), tag))
  })
  app.use('/session/*', async (c, next) => {
    log.push(`${c.req.method} ${c.req.path.slice('/session'.length)}`.trim())
    if (site.fault === 'unavailable') return c.json({ error: 'revocation-unavailable' }, 503)
    if (site.fault === 'no sign-out' && c.req.path.endsWith('/sign-out')) {
      return c.json({ error: 'revocation-unavailable' }, 503)
    }
    // An app that guards all its routes, as the example does.
    if (site.fault === 'guarded') return sameSubject()(c, next)
    if (site.fault === 'html') return c.html('<h1>Welcome to the Wi-Fi</h1>')
    if (site.fault === 'foreign') return c.json({ signedIn: 'no', error: 'sign in' }, 401)
    return next()
  })
  app.route('/session', sessionRoutes({ now: () => site.now }))

  const silent: (() => void)[] = []
  const underWay = new Set<Promise<void>>()
  let served = 0
  const server = createServer(async (request, response) => {
    const isSessionRoute = request.url?.startsWith('/session')
    if (isSessionRoute && site.fault === 'down') return request.socket.destroy()
    if (isSessionRoute && site.fault === 'silent') {
      log.push('silent')
      await new Promise<void>((resolve) => silent.push(resolve))
    }
    const answering = answer(app, request, response)
    if (request.url !== '/ping') served += 1
    underWay.add(answering)
    await answering
    underWay.delete(answering)
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const { port } = server.address() as AddressInfo

  return Object.assign(site, {
    origin: `http://localhost:${port}`,
    requests: () => log.splice(0),
    speak() {
      for (const resume of silent.splice(0)) resume()
    },
    async idle() {
      await Promise.all(underWay)
      const count = served
      served = 0
      return count
    },
    revokeAll: () => manager.revokeAll(),
    rotate,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [new URL('page.ts', import.meta.url).pathname],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    ignoreAnnotations: true,
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}

function pageOf(
  { watch, element, frame, drafts, scheme = 'light dark' }: Record<string, string>,
  tag: string,
) {
  return html`<!doctype html>
    <html lang="en" data-watch="${watch ?? ''}" data-tag="${tag}" data-drafts="${drafts ?? ''}">
      <head>
        <title>Test page</title>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <meta name="color-scheme" content="${scheme}">
      </head>
      <body>
        <main>
          <h1>Expenses</h1>
          <label>Note <textarea id="note" rows="3"></textarea></label>
          ${frame === undefined ? '' : raw('<iframe src="/frame" title="Frame"></iframe>')}
        </main>
        ${element === undefined ? '' : raw(`<session-warning ${element}></session-warning>`)}
        <script type="module" src="/page.js"></script>
      </body>
    </html>`
}

async function answer(
  app: Hono<SessionEnv>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value))
  const url = `http://${request.headers.host}${request.url}`
  const { method = 'GET' } = request
  const chunks: Buffer[] = await request.toArray()
  const body = chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}
  const answer = await app.fetch(new Request(url, { method, headers, ...body }))
  for (const [name, value] of answer.headers) {
    if (name !== 'set-cookie') response.setHeader(name, value)
  }
  response.setHeader('Set-Cookie', answer.headers.getSetCookie())
  response.writeHead(answer.status)
  response.end(Buffer.from(await answer.arrayBuffer()))
}

/** A browser on the site, whose clock moves with the site's. */
export class Visitor {
  readonly context: BrowserContext
  readonly #site: Site
  /** What the visitor's clock shows more than the site's, in milliseconds. */
  readonly #ahead: number

  private constructor(context: BrowserContext, site: Site, ahead: number) {
    this.context = context
    this.#site = site
    this.#ahead = ahead
  }

  static async signIn(context: BrowserContext, site: Site, ahead = 0): Promise<Visitor> {
    const visitor = new Visitor(context, site, ahead)
    context.setDefaultTimeout(5000)
    await context.request.get(`${site.origin}/sign-in`)
    await context.clock.install({ time: site.now + ahead - 1000 })
    await context.clock.pauseAt(site.now + ahead)
    return visitor
  }

  /** Opens a page that watches the session, and waits for its first answer. */
  async open(options: Partial<WatchOptions> = {}, query: Record<string, string> = {}) {
    const page = await this.context.newPage()
    const watch = JSON.stringify({ statusUrl: '/session', warnBefore: 20, ...options })
    await page.goto(`${this.#site.origin}/page?${new URLSearchParams({ watch, ...query })}`)
    await this.settle()
    return page
  }

  /** Time passes as it does for a page in use: in steps, with answers in between. */
  async pass(seconds: number): Promise<void> {
    for (let left = seconds; left > 0; ) {
      // What falls due in the middle of a step is answered as if it were its end: so none is long
      // before the moment that a test is about.
      const step = left > STEP ? Math.min(STEP, left - STEP) : Math.min(left, 1)
      left -= step
      this.#site.now += step * 1000
      await this.context.clock.runFor(step * 1000)
      await this.settle()
    }
  }

  /** Time passes while the device sleeps: no timer fires, not even afterwards by itself. */
  async sleep(seconds: number): Promise<void> {
    this.#site.now += seconds * 1000
    await this.context.clock.setSystemTime(this.#site.now + this.#ahead)
  }

  /** Waits until every page has got the answers to what it asked. */
  async settle(): Promise<void> {
    const ping = () => fetch('/ping').then((response) => response.text())
    const pingAll = () => Promise.all(this.context.pages().map((page) => page.evaluate(ping)))
    // What a page asked before this is at the server after it.
    await pingAll()
    const answered = await this.#site.idle()
    if (answered > 0) await pingAll()
  }
}

/** Seconds. Less than the client's patience, or time would run out for an answer under way. */
const STEP = 5

/** What the page's watcher has dispatched since the last look. */
export function heard(page: Page): Promise<unknown[]> {
  return page.evaluate(() => globalThis.test.events.splice(0))
}

export async function expectHeard(page: Page, ...events: object[]): Promise<void> {
  const all: unknown[] = []
  await expect
    .poll(async () => all.push(...(await heard(page))), { timeout: 3000 })
    .toBe(events.length)
  expect(all).toEqual(events)
}
