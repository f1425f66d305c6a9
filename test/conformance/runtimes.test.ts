/**
 * One suite, bundled once, run byte for byte the same in every runtime; and what any of them sealed
 * opens in all the others.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleGraph } from '../kit/module-graph.ts'
import type { Question, RunAnswer } from './entry.ts'
import type { Made } from './exchange.ts'
import {
  browser,
  bun,
  deno,
  type Missing,
  node20,
  node24,
  type Runtime,
  workerd,
  workerdWithNode,
} from './runtimes.ts'

const LONG = 120_000
const NAMES = [
  'workerd',
  'workerd with nodejs_compat',
  'Node 24',
  'Bun',
  'Deno',
  'Node 20',
  'Chromium',
] as const

const folder = mkdtempSync(join(tmpdir(), 'sealed-session-'))
const bundle = join(folder, 'bundle.mjs')
const runtimes = new Map<string, Runtime>()
const missing: Missing[] = []
const made: Made[] = []
const figures = { cases: 0, inBrowser: 0, golden: 0, exchanged: 0, decryptions: 0 }

beforeAll(async () => {
  // A function, because not every runtime lets a module be imported twice or text be evaluated.
  const graph = await bundleGraph(`export * from './src/index.ts'`)
  await build({
    stdin: {
      contents:
        `import { answerWith } from './entry.ts'\n` +
        `function graph() {\n${graph}\n}\n` +
        `export const answer = (question) => answerWith(graph, question)\n`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    outfile: bundle,
    bundle: true,
    format: 'esm',
    target: 'es2023',
    platform: 'neutral',
    mainFields: ['module', 'main'],
  })
  const started = [
    await workerd(bundle),
    await workerdWithNode(bundle),
    node24(bundle),
    bun(bundle),
    deno(bundle),
    node20(bundle),
    await browser(bundle),
  ]
  for (const runtime of started) {
    if ('why' in runtime) missing.push(runtime)
    else runtimes.set(runtime.name, runtime)
  }
}, LONG)

afterAll(async () => {
  for (const runtime of runtimes.values()) await runtime.stop()
  rmSync(folder, { recursive: true })
  const names = [...runtimes.keys()].join(', ')
  const leftOut = missing.map(({ name, why }) => `, ${name} left out: ${why}`).join('')
  process.stdout.write(
    `conformance: ${runtimes.size} runtimes (${names}${leftOut}), ${figures.cases} cases each ` +
      `(${figures.inBrowser} in a browser), in one module graph and each manager in its own ` +
      `(${figures.decryptions} decryptions), ${figures.golden} golden seals, ` +
      `${figures.exchanged} seals exchanged\n`,
  )
}, LONG)

/** The runtime's answer, or that it is missing. */
async function ask<Answer>(name: string, question: Question): Promise<Answer | Missing> {
  const runtime = runtimes.get(name)
  if (runtime !== undefined) return (await runtime.ask(question)) as Answer
  const [why] = missing.filter((runtime) => runtime.name === name)
  return why ?? { name, why: 'it was not started' }
}

describe.each(NAMES)('%s', (name) => {
  it('passes every case', { timeout: LONG }, async ({ skip }) => {
    const answer = await ask<RunAnswer>(name, { ask: 'run', name })
    if ('why' in answer) {
      // Not every machine has an old Node; every machine that guards the library has a browser.
      expect(name === 'Node 20' || !process.env.CI, answer.why).toBe(true)
      return skip(answer.why)
    }
    expect(answer.failures).toEqual([])
    expect(answer.leftOut > 0).toBe(name === 'Chromium')
    expect(answer.ran.length).toBeGreaterThan(15)
    expect(answer.hasNode).toBe(name !== 'workerd' && name !== 'Chromium')
    made.push(answer.made)
    figures.cases = Math.max(figures.cases, answer.ran.length)
    if (answer.leftOut > 0) figures.inBrowser = answer.ran.length
    figures.golden = answer.goldenSeals
    expect(answer.decryptions).toBeGreaterThan(answer.ran.length)
    figures.decryptions += answer.decryptions
  })
})

describe('what any runtime sealed', () => {
  it.each(NAMES)('opens in %s', { timeout: LONG }, async (name) => {
    expect(made.map(({ by }) => by)).toEqual([...runtimes.keys()])
    const opened = await ask<number>(name, { ask: 'open', made })
    if (typeof opened !== 'number') return
    const tokens = made.map(({ seals, session }) => seals.length + (session === undefined ? 0 : 2))
    expect(opened).toBe(tokens.reduce((sum, count) => sum + count, 0))
    figures.exchanged += opened
  })
})
