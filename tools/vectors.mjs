/**
 * Checks that no golden seal of a published version was changed or removed. A change of the code and of the
 * tokens that test it, in one commit, would pass every test and sign out the users of everybody who upgrades.
 * So what a release held is compared with the work tree: the tags `v*` are the record.
 *
 *   npm run vectors   checks test/vectors against every published version
 */

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const FOLDER = 'test/vectors'

// In the container of CI the checkout belongs to another user, which git refuses without this.
const own = ['-c', `safe.directory=${process.cwd()}`]
const git = (...args) => execFileSync('git', [...own, ...args], { encoding: 'utf8' }).trim()
const lines = (text) => text.split('\n').filter((line) => line !== '')

/** The published versions, by the headings of the changelog. */
const published = [...readFileSync('CHANGELOG.md', 'utf8').matchAll(/^## (\d+\.\d+\.\d+)$/gm)].map(
  ([, version]) => `v${version}`,
)
const tags = lines(git('tag', '--list', 'v*'))
const next = `v${JSON.parse(readFileSync('package.json', 'utf8')).version}`
const problems = []

// Without its tag, a version would go unchecked: a shallow clone has none. The next version has none yet.
for (const tag of published) {
  if (!tags.includes(tag) && tag !== next)
    problems.push(`the tag ${tag} is missing: git fetch --tags`)
}
for (const tag of tags) {
  for (const file of lines(git('ls-tree', '-r', '--name-only', tag, '--', FOLDER))) {
    const [was, is] = [
      git('rev-parse', `${tag}:${file}`),
      existsSync(file) && git('hash-object', file),
    ]
    if (was !== is)
      problems.push(`${file} is not what it was in ${tag}: put it back, and add a file`)
  }
}
for (const problem of problems) console.error(problem)
if (problems.length === 0) {
  console.log(`the golden seals of ${tags.length} published versions are as they were`)
}
process.exitCode = problems.length === 0 ? 0 : 1
