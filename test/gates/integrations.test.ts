/**
 * The folders of `integrations` install the package as npm packs it, and what they install is locked.
 * `npm ci` takes the dependencies of the package from their lock files, so those must be today's.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = new URL('../..', import.meta.url).pathname
const FOLDER = join(ROOT, 'integrations')

const read = (...path: string[]) => readFileSync(join(...path), 'utf8')
const names = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

describe.each(names)('integrations/%s', (name) => {
  const own = JSON.parse(read(FOLDER, name, 'package.json'))

  it('has a lock file with the dependencies that the package has', () => {
    const { packages } = JSON.parse(read(FOLDER, name, 'package-lock.json'))
    const { dependencies } = JSON.parse(read(ROOT, 'package.json'))
    expect(packages['node_modules/sealed-session'].dependencies).toEqual(dependencies)
    for (const [dependency, version] of Object.entries<string>(dependencies)) {
      expect(packages[`node_modules/${dependency}`].version).toBe(version)
    }
    expect(packages[''].dependencies).toEqual(own.dependencies)
    expect(packages[''].devDependencies).toEqual(own.devDependencies)
  })

  it('installs a copy of the package, and exact versions of all else', () => {
    expect(read(FOLDER, name, '.npmrc')).toMatch(/^install-links=true$/m)
    const { 'sealed-session': ours, ...others } = { ...own.dependencies, ...own.devDependencies }
    expect(ours).toBe('file:../..')
    for (const version of Object.values(others)) expect(version).toMatch(/^\d+\.\d+\.\d+(-\w+)?$/)
  })
})
