/** Empty projects with the tarball in them, and the tools that run in them. */

import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { inject } from 'vitest'

export const ROOT: string = join(import.meta.dirname, '../..')

/** The package.json of the repository. */
export const manifest: {
  readonly devDependencies: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>
  readonly bin: Readonly<Record<string, string>>
} = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

/** The names under which an app imports the package. */
export const entryPoints: readonly string[] = Object.keys(manifest.exports).map((name) =>
  name.replace('.', 'sealed-session'),
)

/** A tool of the repository. */
export const tool = (name: string): string => join(ROOT, 'node_modules/.bin', name)

/** A tool of these tests alone. */
export const ownTool = (name: string): string =>
  join(import.meta.dirname, 'node_modules/.bin', name)

/** Runs a program. Rejects with all that it wrote if it fails. */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ stdout: string }> {
  const env = { ...process.env, CI: 'true', NO_COLOR: '1', WRANGLER_SEND_METRICS: 'false' }
  try {
    return await promisify(execFile)(command, args, { cwd, env, maxBuffer: 10_000_000 })
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string }
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout ?? message}${stderr ?? ''}`)
  }
}

/** A project with these files, into which the tarball was installed. */
export function makeProject(name: string, files: Readonly<Record<string, string>>): string {
  const project = join(inject('folder'), name)
  cpSync(inject('installed'), project, { recursive: true, verbatimSymlinks: true })
  write(project, files)
  return project
}

/** A folder with nothing but these files. */
export function makeEmptyProject(name: string, files: Readonly<Record<string, string>>): string {
  const project = join(inject('folder'), name)
  write(project, files)
  return project
}

function write(project: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true })
    writeFileSync(join(project, name), text)
  }
}

/** A program of these tests. */
export const program = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'programs', name), 'utf8')
