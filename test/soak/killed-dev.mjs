/** `wrangler dev` in a process group of its own, so that it can be killed with all that it started. */

import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../outside/programs.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const WRANGLER = join(ROOT, 'node_modules/wrangler/bin/wrangler.js')
const PATIENCE = 120_000

export class KilledDev {
  /** Its KV and its secrets, kept from one start to the next. */
  #folder = mkdtempSync(join(tmpdir(), 'sealed-session-soak-'))
  #vars
  #child
  #output = ''
  origin = ''

  constructor(keys, vars) {
    this.#vars = vars
    writeFileSync(join(this.#folder, 'secrets'), `SESSION_KEYS=${keys}\n`)
  }

  async start() {
    await this.#gone()
    const [port, inspector] = [await freePort(), await freePort()]
    this.origin = `http://localhost:${port}`
    this.#output = ''
    const child = spawn(
      process.execPath,
      [
        ...[WRANGLER, 'dev', '--show-interactive-dev-session=false'],
        ...['--port', String(port), '--inspector-port', String(inspector)],
        ...['--persist-to', this.#folder, '--env-file', join(this.#folder, 'secrets')],
        ...Object.entries(this.#vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
      ],
      {
        cwd: ROOT,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          WRANGLER_SEND_METRICS: 'false',
          WRANGLER_HIDE_BANNER: 'true',
          CLOUDFLARE_CF_FETCH_ENABLED: 'false',
          SESSION_KEYS: undefined,
        },
      },
    )
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        this.#output += chunk
      })
    }
    const until = Date.now() + PATIENCE
    while (!this.#output.includes('Ready on')) {
      if (child.exitCode !== null || Date.now() > until) {
        throw new Error(`wrangler did not start:\n${this.#output}`)
      }
      await sleep(50)
    }
  }

  /** SIGKILL to all of it at once; how many processes that were. */
  kill() {
    const count = this.#members().length
    process.kill(-this.#child.pid, 'SIGKILL')
    return count
  }

  end() {
    if (this.#members().length > 0) this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #gone() {
    while (this.#members().length > 0) await sleep(20)
  }

  /** The processes of its group that still run. */
  #members() {
    if (this.#child === undefined) return []
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((id) => this.#isMember(id))
  }

  #isMember(id) {
    try {
      // After the name, which may hold anything: state, parent, process group.
      const [state, , group] = readFileSync(`/proc/${id}/stat`, 'utf8')
        .split(') ')
        .at(-1)
        .split(' ')
      return state !== 'Z' && Number(group) === this.#child.pid
    } catch {
      return false
    }
  }
}
