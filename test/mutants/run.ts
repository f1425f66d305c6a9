/**
 * Mutation tests: `npm run mutants`. Each mutant is one deliberate fault. It is put into a copy of the
 * sources, never into the work tree, and the tests that should notice run against the copy. A mutant
 * that no test notices survives, and then a test is missing.
 *
 * `--set ci` runs the small set. `--only <text>`, also several times, runs those whose name or file
 * holds the text. The exit code is 1 if a mutant survives, or if the place of any mutant is not found in
 * the sources, so that a change of the sources brings its mutants along.
 */

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { groups } from './list.ts'
import type { Mutant } from './mutant.ts'
import type { Order, Outcome } from './tester.ts'

interface Job extends Mutant {
  readonly file: string
  readonly tests: readonly string[]
}

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
// A mutant may loop for ever. The slowest of the test files takes some seconds.
const LATE = 180_000

const { values } = parseArgs({
  options: { set: { type: 'string' }, only: { type: 'string', multiple: true } },
})
if (values.set !== undefined && values.set !== 'ci') {
  throw new TypeError(`there is no set "${values.set}"; there is "ci"`)
}

const all: readonly Job[] = groups.flatMap(({ file, tests, mutants }) =>
  mutants.map((mutant) => ({ file, tests, ...mutant })),
)
const jobs = all
  .filter(({ ci }) => values.set === undefined || ci)
  .filter(({ file, name }) => values.only?.some((text) => `${file} ${name}`.includes(text)) ?? true)

/** A copy of what the tests need, for one of those that run side by side. */
class Copy {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sealed-session-mutants-'))
  #tester: ChildProcess | undefined

  constructor() {
    for (const name of COPIED) {
      cpSync(join(root, name), join(this.#folder, name), { recursive: true })
    }
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'))
  }

  /** Runs tests with a fault in the sources. */
  async with({ file, find, replace, tests }: Job): Promise<Outcome | 'late'> {
    const path = join(this.#folder, file)
    const source = readFileSync(path, 'utf8')
    writeFileSync(
      path,
      source.replace(find, () => replace),
    )
    try {
      // Most are noticed by the first of the files.
      const outcome = await this.run(tests.slice(0, 1), path)
      const isDone = outcome === 'late' || outcome.status !== 'passed' || tests.length === 1
      return isDone ? outcome : await this.run(tests.slice(1))
    } finally {
      writeFileSync(path, source)
      await this.run([], path)
    }
  }

  async run(tests: readonly string[], changed?: string): Promise<Outcome | 'late'> {
    const tester = this.#tester ?? (await this.#start())
    tester.send({ changed, tests } satisfies Order)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, LATE, 'late')
    })
    const outcome = await Promise.race([answerOf(tester), late])
    clearTimeout(timer)
    if (outcome === 'late') this.stop()
    return outcome
  }

  async #start(): Promise<ChildProcess> {
    const script = fileURLToPath(new URL('tester.ts', import.meta.url))
    // Detached, so that it can be ended with everything that it started.
    this.#tester = fork(script, [this.#folder], { cwd: this.#folder, detached: true, silent: true })
    await answerOf(this.#tester)
    return this.#tester
  }

  stop(): void {
    if (this.#tester?.pid !== undefined) process.kill(-this.#tester.pid, 'SIGKILL')
    this.#tester = undefined
  }

  remove(): void {
    this.stop()
    rmSync(this.#folder, { recursive: true })
  }
}

/** The next answer of a tester, also if it ends without one. */
async function answerOf(tester: ChildProcess): Promise<Outcome> {
  const waiting = new AbortController()
  const { signal } = waiting
  const ended = async (): Promise<Outcome> => {
    const [code] = await once(tester, 'exit', { signal })
    return { status: 'broken', output: `the tester ended with ${code}` }
  }
  const message = async (): Promise<Outcome> => {
    const [outcome] = await once(tester, 'message', { signal })
    return outcome
  }
  const answers = [message(), ended()]
  try {
    return await Promise.race(answers)
  } finally {
    // What is not waited for any more rejects.
    for (const answer of answers) answer.catch(() => {})
    waiting.abort()
  }
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
    const files = [...new Set(jobs.flatMap(({ tests }) => tests))]
    const passes = async (when: string) => {
      const outcomes = await Promise.all(copies.map((copy) => copy.run(files)))
      const failed = outcomes.find((outcome) => outcome === 'late' || outcome.status !== 'passed')
      if (failed !== undefined)
        console.log(`without a mutant the tests do not pass ${when}:`, failed)
      return failed === undefined
    }
    // Tests that fail anyway would notice everything, and so would a copy with a fault left in it.
    if (!(await passes('before'))) return 1
    const code = await tryAll(copies)
    return (await passes('afterwards')) ? code : 1
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
      if (outcome === 'late') {
        count.killed++
        console.log(`killed    ${about} (the tests did not end)`)
      } else if (outcome.status === 'failed') {
        count.killed++
        console.log(`killed    ${about} (${outcome.file}: ${outcome.test})`)
      } else if (outcome.status === 'passed') {
        count.survived++
        console.log(`SURVIVED  ${about}`)
      } else {
        count.broken++
        console.log(`BROKEN    ${about}\n${outcome.output}`)
      }
    }
  }
  await Promise.all(copies.map(work))
  if (count.broken > 0) console.log(`${count.broken} mutants do not run`)
  console.log(`${count.killed} mutants killed, ${count.survived} survived`)
  return count.survived + count.broken > 0 ? 1 : 0
}

process.exitCode = await main()
