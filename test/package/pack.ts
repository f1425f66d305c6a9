/**
 * Packs the package as `npm publish` does, and installs the tarball with npm into an empty project, which the
 * tests copy: a package is what a stranger can install, not what lies in the work tree.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { manifest, ROOT, run } from './project.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A folder of this run, for empty projects. */
    folder: string
    tarball: string
    /** The project into which npm installed the tarball, and Hono. */
    installed: string
  }
}

export default async function pack({ provide }: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'sealed-session-package-'))
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], ROOT)
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('[\n')))
  const tarball = join(folder, filename)
  const installed = join(folder, 'installed')
  mkdirSync(installed)
  writeFileSync(join(installed, 'package.json'), '{ "private": true, "type": "module" }\n')
  const hono = `hono@${manifest.devDependencies.hono}`
  await run('npm', ['install', '--prefer-offline', '--ignore-scripts', tarball, hono], installed)
  provide('folder', folder)
  provide('tarball', tarball)
  provide('installed', installed)
  return () => rmSync(folder, { recursive: true })
}
