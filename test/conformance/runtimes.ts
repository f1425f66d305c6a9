/** The runtimes of this machine, each as something that can be asked in JSON. */

import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { launch } from '../browser/browser.ts'
import type { Question } from './entry.ts'

export interface Runtime {
  readonly name: string
  ask(question: Question): Promise<unknown>
  stop(): Promise<void>
}

/** A runtime that this machine does not have. */
export interface Missing {
  readonly name: string
  readonly why: string
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const installed = (name: string) => here(`../../node_modules/.bin/${name}`)
const run = promisify(execFile)

/** Node, Bun or Deno: a process for each question. */
function processRuntime(name: string, command: string, args: string[], bundle: string): Runtime {
  let count = 0
  return {
    name,
    async ask(question) {
      const file = `${bundle}.${name.replaceAll(' ', '-')}.${count++}`
      const [asked, answered] = [`${file}.question.json`, `${file}.answer.json`]
      writeFileSync(asked, JSON.stringify(question))
      await run(command, [...args, here('host-process.mjs'), bundle, asked, answered])
      return JSON.parse(readFileSync(answered, 'utf8'))
    },
    async stop() {},
  }
}

export const node24 = (bundle: string): Runtime =>
  processRuntime('Node 24', installed('node'), [], bundle)

export const bun = (bundle: string): Runtime =>
  processRuntime('Bun', installed('bun'), ['run'], bundle)

export const deno = (bundle: string): Runtime => {
  const rights = ['--allow-read', '--allow-write', '--no-prompt', '--no-config', '--cached-only']
  return processRuntime('Deno', installed('deno'), ['run', ...rights], bundle)
}

/** The oldest Node that we support, where the machine's path has one. npm scripts put 24 before it. */
export function node20(bundle: string): Runtime | Missing {
  const command = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .find((command) => existsSync(command) && versionOf(command).startsWith('v20.'))
  if (command === undefined) return { name: 'Node 20', why: 'no node on the PATH is version 20' }
  return processRuntime('Node 20', command, [], bundle)
}

function versionOf(command: string): string {
  try {
    return execFileSync(command, ['--version'], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

/** Node's modules and globals come by default, so a Worker without them has to say so. */
const WITHOUT_NODE = ['no_nodejs_compat', 'no_nodejs_compat_v2']

export const workerd = (bundle: string): Promise<Runtime> =>
  startWorkerd('workerd', bundle, WITHOUT_NODE)

export const workerdWithNode = (bundle: string): Promise<Runtime> =>
  startWorkerd('workerd with nodejs_compat', bundle, ['nodejs_compat'])

async function startWorkerd(name: string, bundle: string, flags: string[]): Promise<Runtime> {
  const modules = [
    {
      type: 'ESModule' as const,
      path: 'host.mjs',
      contents: readFileSync(here('host-worker.mjs'), 'utf8'),
    },
    { type: 'ESModule' as const, path: 'bundle.mjs', contents: readFileSync(bundle, 'utf8') },
  ]
  const worker = {
    name: 'conformance',
    modules,
    compatibilityDate: '2026-10-23',
    compatibilityFlags: flags,
  }
  const miniflare = new Miniflare(convertV4MiniflareOptions({ workers: [worker] }))
  return {
    name,
    async ask(question) {
      const body = JSON.stringify(question)
      const response = await miniflare.dispatchFetch('http://localhost/', { method: 'POST', body })
      if (!response.ok) throw new Error(await response.text())
      return response.json()
    },
    stop: () => miniflare.dispose(),
  }
}

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** A page on localhost, because only a secure context has `crypto.subtle`. */
export async function browser(bundle: string): Promise<Runtime | Missing> {
  if (!existsSync(CHROMIUM)) return { name: 'Chromium', why: `there is no ${CHROMIUM}` }
  const server = createServer((request, response) => {
    const isBundle = request.url === '/bundle.mjs'
    response.setHeader('Content-Type', isBundle ? 'text/javascript' : 'text/html')
    response.end(isBundle ? readFileSync(bundle) : '<!doctype html><title>conformance</title>')
  })
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening))
  const launched = await launch()
  const page = await launched.newPage()
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
  return {
    name: 'Chromium',
    ask: (question) =>
      page.evaluate(
        `import('/bundle.mjs').then(({ answer }) => answer(${JSON.stringify(question)}))`,
      ),
    async stop() {
      await launched.close()
      server.close()
    },
  }
}
