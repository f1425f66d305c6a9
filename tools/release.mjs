/**
 * Checks that the work tree is what a tag says, before it is published: a version cannot be published twice, so
 * a forgotten changelog or a wrong number would stay for ever. Prints the changelog of the version.
 *
 *   node tools/release.mjs v1.2.3
 */

import { readFileSync } from 'node:fs'

const [tag = ''] = process.argv.slice(2)
const version = tag.replace(/^v/, '')
const read = (file) => readFileSync(file, 'utf8')
const problems = []

if (!/^v\d+\.\d+\.\d+(-[\w.]+)?$/.test(tag))
  problems.push(`"${tag}" is no tag of a version, like v1.2.3`)

const lock = JSON.parse(read('package-lock.json'))
const versions = { 'package.json': JSON.parse(read('package.json')).version }
versions['package-lock.json'] = lock.version
versions['the package in package-lock.json'] = lock.packages[''].version
for (const [where, found] of Object.entries(versions)) {
  if (found !== version)
    problems.push(`${where} says ${found}: npm version --no-git-tag-version ${version}`)
}

const sections = new Map(
  read('CHANGELOG.md')
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')).trim(), section]),
)
const [first = '', second = ''] = sections.keys()
const entries = sections.get(version)?.split('\n').slice(1).join('\n').trim() ?? ''
if (entries === '') problems.push(`CHANGELOG.md has no entries under "## ${version}"`)
if (first !== 'Unreleased')
  problems.push('CHANGELOG.md begins with "## Unreleased", for what comes next')
if (second !== version) problems.push(`CHANGELOG.md has "## ${version}" first of all versions`)
const unreleased = sections.get('Unreleased')?.split('\n').slice(1).join('\n').trim() ?? ''
if (unreleased !== '')
  problems.push('CHANGELOG.md has entries under "## Unreleased" that belong to this version')

for (const problem of problems) console.error(problem)
if (problems.length === 0) console.log(entries)
process.exitCode = problems.length === 0 ? 0 : 1
