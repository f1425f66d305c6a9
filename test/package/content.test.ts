/**
 * What the tarball contains: what an app can reach from the entry points and the command, the files about the
 * package, and nothing else. Every further file is downloaded by everybody, and can be imported by somebody.
 */

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, expect, inject, it } from 'vitest'
import { manifest, ownTool, run, tool } from './project.ts'

const packed = () => join(inject('installed'), 'node_modules/sealed-session')
const read = (file: string) => readFileSync(join(packed(), file), 'utf8')

let files: readonly string[]
beforeAll(() => {
  files = readdirSync(packed(), { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(packed(), name)).isFile())
    .sort()
})

/** What a file imports from the package: `.ts` in declarations stands for `.d.ts`. */
function importsOf(file: string): string[] {
  const specifiers = [...read(file).matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)]
  return specifiers.map(([, specifier = '']) => {
    const path = join(dirname(file), specifier)
    return file.endsWith('.d.ts') ? path.replace(/(\.d)?\.[jt]s$/, '.d.ts') : path
  })
}

function reachable(from: readonly string[]): Set<string> {
  const found = new Set<string>()
  const visit = (file: string) => {
    if (found.has(file)) return
    found.add(file)
    importsOf(file).forEach(visit)
  }
  from.forEach(visit)
  return found
}

it('is what can be reached, and what is about the package', () => {
  const targets = Object.values(manifest.exports).flatMap(({ types, default: code }) => [
    types,
    code,
  ])
  const starts = [...targets, ...Object.values(manifest.bin)].map((target) => join(target))
  const used = reachable(starts)
  const about = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']
  // tsc writes a module and its declaration. Either can be unused: where there are only types, or nothing public.
  const twinOf = (file: string) =>
    file.endsWith('.d.ts') ? file.replace(/d\.ts$/, 'js') : file.replace(/js$/, 'd.ts')
  expect([...used, ...about].filter((file) => !files.includes(file))).toEqual([])
  expect(
    files.filter((file) => !used.has(file) && !about.includes(file) && !used.has(twinOf(file))),
  ).toEqual([])
})

it('tells nothing of the machine that packed it', () => {
  for (const file of files) {
    const text = read(file)
    for (const path of [process.cwd(), `${homedir()}/`, 'file://', 'sourceMappingURL']) {
      expect(text.includes(path), `${file} has ${path}`).toBe(false)
    }
  }
})

it('has a README whose links and pictures work on the page of a registry', () => {
  const readme = read('README.md').replaceAll(/^```.*?^```/gms, '')
  const headings = [...readme.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  )
  const links = [
    ...readme.matchAll(/\]\(([^)\s]+)/g),
    ...readme.matchAll(/(?:src|srcset|href)="([^"\s]+)/g),
  ].map(([, link = '']) => link)
  expect(links.length).toBeGreaterThan(5)
  const isFound = (link: string) =>
    link.startsWith('https://') || (link.startsWith('#') && headings.includes(link.slice(1)))
  expect(links.filter((link) => !isFound(link))).toEqual([])
})

it('passes publint, without suggestions', async () => {
  await run(tool('node'), [ownTool('publint'), 'run', inject('tarball'), '--strict'], packed())
})

it('has types that every resolution of an ES module finds, by "Are the types wrong?"', async () => {
  // CommonJS is not among what the package is for; `require` of an ES module works on Node 22 and later.
  const args = [ownTool('attw'), inject('tarball'), '--profile', 'esm-only', '--format', 'ascii']
  const { stdout } = await run(tool('node'), args, packed())
  for (const name of Object.keys(manifest.exports)) {
    expect(stdout).toContain(`"${name.replace('.', 'sealed-session')}"`)
  }
})
