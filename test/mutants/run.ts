/**
 * Mutation tests: `npm run mutants`. Each mutant is one deliberate fault. It is put into a copy of the
 * sources, never into the work tree, and the tests that should notice run against the copy. A mutant
 * that no test notices survives, and then a test is missing.
 *
 * `--set ci` runs the small set, `--only <text>` those whose name or file holds the text. The exit
 * code is 1 if a mutant survives, or if its place in the source is not found any more.
 */

import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { groups } from './list.ts'
import type { Mutant } from './mutant.ts'

interface Job extends Mutant {
  readonly file: string
  readonly tests: readonly string[]
}

/** What became of the tests: of the first that failed, its name. */
type Outcome =
  | { readonly status: 'passed' }
  | { readonly status: 'failed'; readonly file: string; readonly test: string }
  | { readonly status: 'late' }
  | { readonly status: 'broken'; readonly output: string }

const root = fileURLToPath(new URL('../..', import.meta.url))
const COPIED = [
  'package.json',
  'src',
  'test',
  'tsconfig.json',
  'vitest.config.ts',
  'worker-example',
  'wrangler.toml',
]
// A mutant may loop for ever; the slowest of the test files takes some seconds.
const LATE = 120_000

const { values } = parseArgs({
  options: { set: { type: 'string' }, only: { type: 'string' } },
})
if (values.set !== undefined && values.set !== 'ci') {
  throw new TypeError(`there is no set "${values.set}"; there is "ci"`)
}

const all: readonly Job[] = groups.flatMap(({ file, tests, mutants }) =>
  mutants.map((mutant) => ({ file, tests, ...mutant })),
)
const jobs = all
  .filter(({ ci }) => values.set === undefined || ci)
  .filter(({ file, name }) => `${file} ${name}`.includes(values.only ?? ''))

/** A copy of what the tests need, for one of those that run side by side. */
class Copy {
  readonly folder = mkdtempSync(join(tmpdir(), 'sealed-session-mutants-'))

  constructor() {
    for (const name of COPIED) {
      cpSync(join(root, name), join(this.folder, name), { recursive: true })
    }
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'))
  }

  /** Runs tests with a fault in the sources. */
  async with({ file, find, replace, tests }: Job): Promise<Outcome> {
    const path = join(this.folder, file)
    const source = readFileSync(path, 'utf8')
    writeFileSync(
      path,
      source.replace(find, () => replace),
    )
    try {
      // Most are noticed by the first of the files, and starting all of them takes twice as long.
      const outcome = await this.run(tests.slice(0, 1))
      return outcome.status === 'passed' && tests.length > 1
        ? await this.run(tests.slice(1))
        : outcome
    } finally {
      writeFileSync(path, source)
    }
  }

  async run(tests: readonly string[]): Promise<Outcome> {
    const report = join(this.folder, 'report.json')
    rmSync(report, { force: true })
    const project = ['--project', 'node', '--project', 'workers']
    const reporters = ['--reporter', 'json', '--outputFile', report]
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const child = spawn(
      process.execPath,
      [vitest, 'run', '--bail', '1', ...project, ...reporters, ...tests],
      {
        cwd: this.folder,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, RACES: '200' },
      },
    )
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      // With all that it started.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }, LATE)
    await new Promise((resolve) => child.on('close', resolve))
    clearTimeout(timer)
    return isLate ? { status: 'late' } : outcomeIn(report, output)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true })
  }
}

interface Report {
  readonly numTotalTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** A test that failed has noticed; a file that did not load has noticed nothing. */
function outcomeIn(report: string, output: string): Outcome {
  let read: Report
  try {
    read = JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return { status: 'broken', output }
  }
  for (const { name, assertionResults } of read.testResults) {
    const failed = assertionResults.find(({ status }) => status === 'failed')
    if (failed !== undefined)
      return { status: 'failed', file: basename(name), test: failed.fullName }
  }
  const unloaded = read.testResults.find(({ status }) => status === 'failed')
  if (unloaded !== undefined) return { status: 'broken', output: unloaded.message }
  return read.numTotalTests > 0 ? { status: 'passed' } : { status: 'broken', output }
}

/** The places that are not there, or there more than once. */
function misplaced(): string[] {
  return all.flatMap(({ file, name, find }) => {
    const times = readFileSync(join(root, file), 'utf8').split(find).length - 1
    return times === 1 ? [] : [`${file}: "${name}" is to be put in ${times} places`]
  })
}

async function main(): Promise<number> {
  const lost = misplaced()
  for (const line of lost) console.log(line)
  if (lost.length > 0) return 1

  const copies = Array.from({ length: Math.min(2, availableParallelism()) }, () => new Copy())
  try {
    // Tests that fail anyway would notice everything.
    const files = [...new Set(jobs.flatMap(({ tests }) => tests))]
    const sound = await copies[0]?.run(files)
    if (sound?.status !== 'passed') {
      console.log('the tests do not pass without a mutant:', sound)
      return 1
    }
    return await tryAll(copies)
  } finally {
    for (const copy of copies) copy.remove()
  }
}

async function tryAll(copies: readonly Copy[]): Promise<number> {
  const count = { killed: 0, survived: 0, broken: 0 }
  const waiting = [...jobs]
  const work = async (copy: Copy) => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const outcome = await copy.with(job)
      const about = `${job.file}: ${job.name}`
      if (outcome.status === 'passed') {
        count.survived++
        console.log(`SURVIVED  ${about}`)
      } else if (outcome.status === 'broken') {
        count.broken++
        console.log(`BROKEN    ${about}\n${outcome.output}`)
      } else {
        count.killed++
        const by =
          outcome.status === 'late' ? 'the tests did not end' : `${outcome.file}: ${outcome.test}`
        console.log(`killed    ${about} (${by})`)
      }
    }
  }
  await Promise.all(copies.map(work))
  if (count.broken > 0) console.log(`${count.broken} mutants do not run`)
  console.log(`${count.killed} mutants killed, ${count.survived} survived`)
  return count.survived + count.broken > 0 ? 1 : 0
}

process.exitCode = await main()
