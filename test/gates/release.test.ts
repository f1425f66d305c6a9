/** The gates of a release, on small repositories that are right, and on ones with one fault each. */

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const ROOT = new URL('../..', import.meta.url).pathname

const RIGHT = {
  'package.json': JSON.stringify({ version: '0.2.0' }),
  'package-lock.json': JSON.stringify({
    version: '0.2.0',
    packages: { '': { version: '0.2.0' } },
  }),
  'CHANGELOG.md': '# Changelog\n\n## Unreleased\n\n## 0.2.0\n\n- New.\n\n## 0.1.0\n\n- First.\n',
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sealed-session-release-'))
  write(RIGHT)
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

function check(script: string, ...args: string[]): { code: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'tools', script), ...args],
    { cwd: folder, encoding: 'utf8' },
  )
  return { code: status, out: stdout + stderr }
}

function git(...args: string[]): void {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com']
  execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'ignore' })
}

describe('tools/release.mjs', () => {
  it('prints the changelog of the version', () => {
    expect(check('release.mjs', 'v0.2.0')).toEqual({ code: 0, out: '- New.\n' })
  })

  const changelog = RIGHT['CHANGELOG.md']
  it.each([
    ['v0.2.1', {}, 'package.json says 0.2.0: npm version --no-git-tag-version 0.2.1'],
    ['0.2.0', {}, '"0.2.0" is no tag of a version, like v1.2.3'],
    ['', {}, '"" is no tag of a version, like v1.2.3'],
    [
      'v0.2.0',
      { 'package-lock.json': RIGHT['package-lock.json'].replace('0.2.0', '0.1.0') },
      'package-lock.json says 0.1.0',
    ],
    [
      'v0.2.0',
      { 'CHANGELOG.md': changelog.replace('- New.', '') },
      'CHANGELOG.md has no entries under "## 0.2.0"',
    ],
    [
      'v0.2.0',
      { 'CHANGELOG.md': changelog.replace('## 0.2.0', '## 0.3.0') },
      'CHANGELOG.md has no entries under "## 0.2.0"',
    ],
    [
      'v0.2.0',
      { 'CHANGELOG.md': changelog.replace('## Unreleased\n\n', '') },
      'CHANGELOG.md begins with "## Unreleased"',
    ],
    [
      'v0.2.0',
      { 'CHANGELOG.md': changelog.replace('## Unreleased\n', '## Unreleased\n\n- Left.\n') },
      'CHANGELOG.md has entries under "## Unreleased" that belong to this version',
    ],
    [
      'v0.2.0',
      {
        'CHANGELOG.md': `${changelog.replace('## 0.2.0\n\n- New.\n\n', '')}\n## 0.2.0\n\n- New.\n`,
      },
      'CHANGELOG.md has "## 0.2.0" first of all versions',
    ],
  ])('refuses %s with %j', (tag, files, problem) => {
    write(files as Record<string, string>)
    const { code, out } = check('release.mjs', tag)
    expect(out).toContain(problem)
    expect(code).toBe(1)
  })
})

describe('tools/vectors.mjs', () => {
  beforeEach(() => {
    git('init', '--quiet')
    write({ 'test/vectors/v2.json': '{"token":"a"}\n' })
    git('add', '.')
    git('commit', '--quiet', '-m', 'first')
    git('tag', 'v0.1.0')
  })

  it('takes what is as it was, and files that are new', () => {
    write({ 'test/vectors/v3.json': '{"token":"b"}\n' })
    expect(check('vectors.mjs')).toEqual({
      code: 0,
      out: 'the golden seals of 1 published versions are as they were\n',
    })
  })

  it('refuses a seal that was changed, in the work tree or in a commit', () => {
    write({ 'test/vectors/v2.json': '{"token":"c"}\n' })
    const refusal = {
      code: 1,
      out: 'test/vectors/v2.json is not what it was in v0.1.0: put it back, and add a file\n',
    }
    expect(check('vectors.mjs')).toEqual(refusal)
    git('commit', '--quiet', '-a', '-m', 'second')
    expect(check('vectors.mjs')).toEqual(refusal)
  })

  it('refuses a seal that was removed', () => {
    rmSync(join(folder, 'test/vectors/v2.json'))
    expect(check('vectors.mjs').out).toContain('test/vectors/v2.json is not what it was in v0.1.0')
  })

  it('refuses a clone without the tags of published versions', () => {
    git('tag', '--delete', 'v0.1.0')
    expect(check('vectors.mjs')).toEqual({
      code: 1,
      out: 'the tag v0.1.0 is missing: git fetch --tags\n',
    })
  })
})

it('finds the golden seals of this repository as they were published', () => {
  const out = execFileSync(process.execPath, [join(ROOT, 'tools/vectors.mjs')], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(out).toMatch(/^the golden seals of \d+ published versions are as they were$/m)
})

it('has a changelog with a heading for what comes next, and the versions from new to old', () => {
  const text = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')
  const [first, ...versions] = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
  expect(first).toBe('Unreleased')
  const numbers = versions.map((version) => {
    const [, major, minor, patch] = /^(\d+)\.(\d+)\.(\d+)$/.exec(version ?? '') ?? []
    expect(major, `"${version}" is no version`).toBeDefined()
    return Number(major) * 1e6 + Number(minor) * 1e3 + Number(patch)
  })
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a))
})
