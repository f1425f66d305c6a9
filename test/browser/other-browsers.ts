/**
 * Firefox and WebKit for the tests, driven by what they bring themselves: Firefox by WebDriver BiDi,
 * WebKitGTK by its WebDriver. On a display of their own, because a headless window never has the focus.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../outside/programs.ts'

const PATIENCE = 30_000

export interface Tab {
  go(url: string): Promise<void>
  /** The value of an expression in the page, or of a promise of it. It must be JSON. */
  evaluate(expression: string): Promise<unknown>
  /** Presses keys, one after the other, as a keyboard does. */
  press(...keys: string[]): Promise<void>
  /** Brings it to the front. */
  show(): Promise<void>
  back(): Promise<void>
}

export interface OtherBrowser {
  open(): Promise<Tab>
  close(): Promise<void>
}

export interface Kind {
  readonly name: string
  /** What is missing on this machine. */
  readonly missing: readonly string[]
  launch(): Promise<OtherBrowser>
}

const XVFB = '/usr/bin/Xvfb'
const FIREFOX = '/usr/bin/firefox-esr'
const WEBKIT_DRIVER = '/usr/bin/WebKitWebDriver'
const [MINI_BROWSER = '/usr/lib/webkit2gtk-4.1/MiniBrowser'] = globSync(
  '/usr/lib/*/webkit2gtk-4.1/MiniBrowser',
)

const absent = (...files: string[]) => files.filter((file) => !existsSync(file))

export const FIREFOX_KIND: Kind = {
  name: 'Firefox',
  missing: absent(XVFB, FIREFOX),
  launch: launchFirefox,
}

export const WEBKIT_KIND: Kind = {
  name: 'WebKit',
  missing: absent(XVFB, WEBKIT_DRIVER, MINI_BROWSER),
  launch: launchWebKit,
}

/** Code points that WebDriver has for keys without a character. */
const KEYS: Record<string, string> = { Enter: '\uE007', Escape: '\uE00C', Tab: '\uE004' }

const asActions = (keys: readonly string[]) => [
  {
    type: 'key',
    id: 'keyboard',
    actions: keys.flatMap((key) => {
      const value = KEYS[key] ?? key
      return [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]
    }),
  },
]

/** A program that ends with the browser, by its own id. */
class Programs {
  readonly #children: ChildProcess[] = []
  readonly folder = mkdtempSync(join(tmpdir(), 'sealed-session-browser-'))

  /** Starts one and resolves with what `pattern` finds in what it prints. */
  async start(command: string, args: string[], pattern: RegExp, display?: string): Promise<string> {
    const env = { ...process.env, HOME: this.folder, ...(display ? { DISPLAY: display } : {}) }
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#children.push(child)
    let output = ''
    const read = (chunk: Buffer) => {
      output += chunk
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    for (const until = Date.now() + PATIENCE; Date.now() < until; await sleep(50)) {
      const found = pattern.exec(output)
      if (found) return found[1] ?? ''
    }
    throw new Error(`${command} did not start:\n${output}`)
  }

  async display(): Promise<string> {
    const size = ['-screen', '0', '1000x800x24', '-nolisten', 'tcp']
    return `:${await this.start(XVFB, ['-displayfd', '1', ...size], /^(\d+)$/m)}`
  }

  async end(): Promise<void> {
    for (const child of this.#children.reverse()) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      if (child.exitCode === null && child.kill('SIGTERM')) {
        await Promise.race([ended, sleep(5000).then(() => child.kill('SIGKILL'))])
      }
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function launchFirefox(): Promise<OtherBrowser> {
  const programs = new Programs()
  const display = await programs.display()
  const options = ['--new-instance', '--profile', programs.folder, '--remote-debugging-port', '0']
  const listening = /WebDriver BiDi listening on (ws:\S+)/
  const address = await programs.start(FIREFOX, [...options, 'about:blank'], listening, display)
  const socket = new WebSocket(`${address}/session`)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  const waiting = new Map<number, (answer: { result?: unknown; message?: string }) => void>()
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data))
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  let id = 0
  async function send<Result>(method: string, params: object = {}): Promise<Result> {
    id += 1
    const answering = new Promise<{ result?: unknown; message?: string }>((resolve) => {
      waiting.set(id, resolve)
    })
    socket.send(JSON.stringify({ id, method, params }))
    const { result, message } = await answering
    if (result === undefined) throw new Error(`${method}: ${message}`)
    return result as Result
  }
  await send('session.new', { capabilities: { alwaysMatch: { acceptInsecureCerts: true } } })

  return {
    async open() {
      const { context } = await send<{ context: string }>('browsingContext.create', { type: 'tab' })
      return {
        async go(url) {
          await send('browsingContext.navigate', { context, url, wait: 'complete' })
        },
        async evaluate(expression) {
          const { result } = await send<{ result?: { value?: string } }>('script.evaluate', {
            expression: `(async () => JSON.stringify(await (${expression})))()`,
            target: { context },
            awaitPromise: true,
          })
          return result?.value === undefined ? undefined : JSON.parse(result.value)
        },
        async press(...keys) {
          await send('input.performActions', { context, actions: asActions(keys) })
        },
        async show() {
          await send('browsingContext.activate', { context })
        },
        async back() {
          await send('browsingContext.traverseHistory', { context, delta: -1 })
        },
      }
    },
    async close() {
      await send('browser.close').catch(() => undefined)
      socket.close()
      await programs.end()
    },
  }
}

async function launchWebKit(): Promise<OtherBrowser> {
  const programs = new Programs()
  const display = await programs.display()
  const port = await freePort()
  // It prints nothing once it listens, so it is asked.
  await programs.start(WEBKIT_DRIVER, [`--port=${port}`], /(?:)/, display)
  async function send(method: string, path: string, body?: object): Promise<unknown> {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init)
    const { value } = (await response.json()) as { value: unknown }
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(value)}`)
    return value
  }
  for (const until = Date.now() + PATIENCE; Date.now() < until; await sleep(100)) {
    if (await send('GET', '/status').catch(() => undefined)) break
  }
  const options = { binary: MINI_BROWSER, args: ['--automation'] }
  const wanted = { acceptInsecureCerts: true, 'webkitgtk:browserOptions': options }
  const { sessionId } = (await send('POST', '/session', {
    capabilities: { alwaysMatch: wanted },
  })) as { sessionId: string }
  const session = `/session/${sessionId}`

  return {
    async open() {
      const made = (await send('POST', `${session}/window/new`, { type: 'tab' })) as {
        handle: string
      }
      // One tab at a time has the driver's attention.
      const post = async (path: string, body: object) => {
        await send('POST', `${session}/window`, { handle: made.handle })
        return send('POST', session + path, body)
      }
      return {
        async go(url) {
          await post('/url', { url })
        },
        async evaluate(expression) {
          const script =
            `const done = arguments[arguments.length - 1];` +
            `(async () => JSON.stringify(await (${expression})))().then(done, () => done(null))`
          const text = await post('/execute/async', { script, args: [] })
          return typeof text === 'string' ? JSON.parse(text) : undefined
        },
        async press(...keys) {
          await post('/actions', { actions: asActions(keys) })
        },
        async show() {
          await send('POST', `${session}/window`, { handle: made.handle })
        },
        async back() {
          await post('/back', {})
        },
      }
    },
    async close() {
      await send('DELETE', session).catch(() => undefined)
      await programs.end()
    },
  }
}
