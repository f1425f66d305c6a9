/**
 * The workflows, which hold the rights to publish: what they may do is little and written down, and
 * nothing runs in them that could change under its name.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = new URL('../..', import.meta.url).pathname
const FOLDER = join(ROOT, '.github/workflows')
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8')

/** Everything that is indented under a line, without the line. */
function under(text: string, line: string): string {
  const lines = text.split('\n')
  const at = lines.indexOf(line)
  if (at === -1) throw new Error(`there is no line "${line}"`)
  const indent = line.search(/\S/)
  const rest = lines.slice(at + 1)
  const end = rest.findIndex((one) => one.trim() !== '' && one.search(/\S/) <= indent)
  return rest.slice(0, end === -1 ? undefined : end).join('\n')
}

/** The jobs of a workflow, by name. */
function jobsOf(text: string): [string, string][] {
  const jobs = under(text, 'jobs:')
  return [...jobs.matchAll(/^ {2}([\w-]+):$/gm)].map(([line, name = '']) => [
    name,
    under(jobs, line),
  ])
}

const names = readdirSync(FOLDER)

it.each(names)('%s gives no right that a job does not ask for', (name) => {
  const text = read(name)
  expect(text).toMatch(/^permissions: \{\}$/m)
  const jobs = jobsOf(text)
  expect(jobs).not.toEqual([])
  for (const [, job] of jobs) expect(job).toMatch(/^ {4}permissions:$/m)
})

it.each(names)('%s pins every action to a commit, and says which version that is', (name) => {
  const used = [...read(name).matchAll(/\buses: *(.*)$/gm)].map(([, action]) => action ?? '')
  expect(used).not.toEqual([])
  for (const action of used) {
    if (action.startsWith('./')) continue
    expect(action).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  }
})

it.each(names)('%s leaves no token in the checkout', (name) => {
  const text = read(name)
  const checkouts = text.match(/actions\/checkout@/g) ?? []
  const kept = text.match(/actions\/checkout@.*\n +with:\n +persist-credentials: false$/gm) ?? []
  expect(kept.length).toBe(checkouts.length)
})

it.each(names)('%s runs nothing that a stranger could write', (name) => {
  const text = read(name)
  expect(text).not.toMatch(/pull_request_target|workflow_run/)
  expect(text).not.toContain('secrets.')
  // An expression in a script is replaced before the shell reads it.
  const scripts = [...text.matchAll(/^( *)(?:- )?run: (?:\|\n((?:\1 +.*\n|\n)*)|(.*))/gm)]
  for (const [, , block, line] of scripts) expect(block ?? line).not.toContain('${' + '{')
})

describe('ci.yml', () => {
  it('runs .ci/run for main and for pull requests, with the right to read only', () => {
    const text = read('ci.yml')
    const triggers = under(text, 'on:')
    expect(triggers).toMatch(/^ {2}push:\n {4}branches: \[main\]$/m)
    expect(triggers).toMatch(/^ {2}pull_request:$/m)
    const [[, job] = ['', '']] = jobsOf(text)
    expect(under(job, '    permissions:').trim()).toBe('contents: read')
    expect(job).toMatch(/^ {6}- run: \.ci\/run$/m)
    // Without its tags the golden seals of published versions could change.
    expect(job).toMatch(/fetch-depth: 0\n +fetch-tags: true$/m)
  })
})

describe('release.yml', () => {
  const text = read('release.yml')
  const jobs = Object.fromEntries(jobsOf(text))
  const publish = jobs.publish ?? ''

  it('begins with a tag only', () => {
    expect(under(text, 'on:').trim()).toBe("push:\n    tags: ['v*']")
  })

  it('publishes with provenance, after all checks and the approval of a maintainer', () => {
    expect(publish).toMatch(/^ {6}- run: npm publish --provenance --access public$/m)
    expect(publish).toMatch(/^ {4}needs: check$/m)
    expect(publish).toMatch(/^ {4}environment: npm$/m)
    expect(jobs.check).toMatch(/^ {4}uses: \.\/\.github\/workflows\/ci\.yml$/m)
  })

  it('publishes only what the tag says, with a changelog', () => {
    expect(publish).toMatch(
      /^ +TAG: \$\{\{ github\.ref_name \}\}\n +run: node tools\/release\.mjs "\$TAG"$/m,
    )
    expect(publish.indexOf('tools/release.mjs')).toBeLessThan(publish.indexOf('npm publish'))
  })

  it('gives the right to sign to the publishing job alone', () => {
    const rights = under(publish, '    permissions:').replace(/^ *#.*\n/gm, '')
    expect(rights.trim().split(/\s*\n\s*/)).toEqual(['contents: read', 'id-token: write'])
    expect(text.match(/\bwrite\b/g)).toHaveLength(1)
  })

  it('runs no install script of a dependency beside that right', () => {
    expect(publish).toMatch(/npm ci --ignore-scripts$/m)
    expect(publish).not.toMatch(/npm (ci|install)$/m)
  })

  it('is of the repository that package.json names, as provenance demands', () => {
    const { repository, homepage, bugs } = JSON.parse(
      readFileSync(join(ROOT, 'package.json'), 'utf8'),
    )
    const home = 'https://github.com/sealed-session/sealed-session'
    expect(repository).toEqual({ type: 'git', url: `git+${home}.git` })
    expect(homepage).toBe(`${home}#readme`)
    expect(bugs).toBe(`${home}/issues`)
  })
})
