/**
 * Starts real programs (`npm start`, `wrangler dev`) on a free port of this machine, and ends them
 * by their own id.
 */

import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const WRANGLER = join(ROOT, 'node_modules/wrangler/bin/wrangler.js')
const PATIENCE = 60_000

export interface Program {
  /** What it printed until now, on both streams. */
  readonly output: string
  /** Its exit code, once it ended. */
  readonly ended: Promise<number | null>
  /** Resolves when this was printed. Rejects when it ended before. */
  printed(text: string): Promise<void>
  /** Asks it to end, and waits. */
  stop(): Promise<void>
}

export function start(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string | undefined> },
): Program {
  const env = { ...process.env, ...options.env }
  const child = spawn(command, args, { cwd: options.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let isOver = false
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      isOver = true
      resolve(code)
    })
  })
  return {
    get output() {
      return output
    },
    ended,
    async printed(text) {
      const until = Date.now() + PATIENCE
      while (!output.includes(text)) {
        if (isOver || Date.now() > until) throw new Error(`"${text}" was not printed:\n${output}`)
        await sleep(50)
      }
    },
    async stop() {
      if (!isOver) child.kill('SIGTERM')
      await ended
    },
  }
}

/** `wrangler dev` with a key ring, state and vars of its own. */
export class WranglerDev {
  /** Its KV and its secrets, kept from one start to the next. */
  readonly #folder = mkdtempSync(join(tmpdir(), 'sealed-session-'))
  #program: Program | undefined
  #port = 0

  get origin(): string {
    return `http://localhost:${this.#port}`
  }

  get output(): string {
    return this.#program?.output ?? ''
  }

  async printed(text: string): Promise<void> {
    await this.#program?.printed(text)
  }

  /** Starts it, or starts it anew. */
  async start(
    keys: string,
    vars: Record<string, string> = {},
    options: readonly string[] = [],
  ): Promise<void> {
    await this.#program?.stop()
    const secrets = join(this.#folder, 'secrets')
    writeFileSync(secrets, `SESSION_KEYS=${keys}\n`)
    const [inspector, port] = [await freePort(), await freePort()]
    this.#port = port
    this.#program = start(
      process.execPath,
      [
        ...[WRANGLER, 'dev', '--show-interactive-dev-session=false'],
        ...['--port', String(port), '--inspector-port', String(inspector)],
        ...['--persist-to', this.#folder, '--env-file', secrets],
        ...options,
        ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
      ],
      { cwd: ROOT, env: QUIET },
    )
    await this.#program.printed('Ready on')
  }

  /** Ends it and forgets its state. */
  async end(): Promise<void> {
    await this.#program?.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

const QUIET = {
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  SESSION_KEYS: undefined,
}

/** A fresh clone after `npm ci`, without the wait: its own files, and the modules of this one. */
export class Clone {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'sealed-session-clone-'))

  constructor() {
    for (const name of [
      'src',
      'worker-example',
      'wrangler.toml',
      'wrangler.durable.toml',
      'tsconfig.json',
      'package.json',
    ]) {
      cpSync(join(ROOT, name), join(this.folder, name), { recursive: true })
    }
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'))
  }

  npmStart(env: Record<string, string>, ...args: string[]): Program {
    return this.npmRun('start', env, ...args)
  }

  npmRun(script: string, env: Record<string, string>, ...args: string[]): Program {
    const options = { cwd: this.folder, env: { SESSION_KEYS: undefined, ...env } }
    return start('npm', ['run', script, '--', ...args], options)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
