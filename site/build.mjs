/**
 * Builds the documentation site: `npm run docs`.
 *
 * The pages are those of `docs/`, which people also read on GitHub, and a reference that typedoc makes of
 * the doc comments of the entry points. Both go to `.pages`, from where VitePress builds `dist`: static
 * files that any host can serve, a Worker by `wrangler.toml`. A link that leads nowhere fails the build.
 *
 * `npm run docs -- --serve` serves what was built, on http://localhost:4173.
 */

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deadLinks } from './links.mjs'

const SITE = fileURLToPath(new URL('.', import.meta.url))
const ROOT = join(SITE, '..')
const PAGES = join(SITE, '.pages')
const DIST = join(SITE, '.vitepress', 'dist')
const REPOSITORY = 'https://github.com/sealed-session/sealed-session'

/** Types that only the library uses, of members that only the library calls. */
const NOT_FOR_APPS = [
  'BindingHost',
  'ConnectedBinding',
  'ConnectedDataStore',
  'ConnectedIndex',
  'DataSealing',
  'IndexHost',
  'Journal',
  'JournalHost',
]
const NOT_EXPORTED = '--intentionallyNotExported'

const run = (program, ...args) =>
  execFileSync(join(SITE, 'node_modules', '.bin', program), args, { cwd: SITE, stdio: 'inherit' })

rmSync(PAGES, { recursive: true, force: true })
mkdirSync(PAGES)
copyPages()
makeReference()
run('vitepress', 'build')
const dead = deadLinks(DIST)
if (dead.length > 0) throw new Error(`links that lead nowhere:\n${dead.join('\n')}`)
if (process.argv.includes('--serve')) run('vitepress', 'preview')

/** The pages of `docs/`, with what differs between GitHub and the site. */
function copyPages() {
  for (const name of readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'))) {
    writeFileSync(join(PAGES, name), forSite(readFileSync(join(ROOT, 'docs', name), 'utf8')))
  }
  writeFileSync(
    join(PAGES, 'changelog.md'),
    forSite(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')),
  )
  cpSync(join(ROOT, 'docs', 'pictures'), join(PAGES, 'pictures'), { recursive: true })
  cpSync(join(ROOT, 'docs', 'screenshots'), join(PAGES, 'screenshots'), { recursive: true })
  cpSync(join(ROOT, 'bench', 'chart.svg'), join(PAGES, 'pictures', 'chart.svg'))
  cpSync(join(ROOT, 'worker-example', 'public', 'icon.svg'), join(PAGES, 'public', 'icon.svg'))
  cpSync(join(SITE, 'home.md'), join(PAGES, 'index.md'))
}

/**
 * A picture in two colours follows the switch of the site instead of the system. What lies outside
 * `docs/` is in the repository.
 */
function forSite(text) {
  return text
    .replaceAll('../bench/chart.svg', 'pictures/chart.svg')
    .replaceAll(
      /<picture><source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)"><img alt="([^"]+)" src="([^"]+)"([^>]*)><\/picture>/g,
      '<img class="when-light" alt="$2" src="$3"$4><img class="when-dark" alt="$2" src="$1"$4>',
    )
    .replaceAll('](../CHANGELOG.md', '](changelog.md')
    .replaceAll('](../', `](${REPOSITORY}/blob/main/`)
}

/** A page for each entry point of the package, so that a new one cannot be left out. */
function makeReference() {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const entries = Object.entries(exports)
    .filter(([, target]) => typeof target === 'object')
    .map(([name, target]) => ({
      name: name.replace('.', 'sealed-session'),
      source: target.default.replace(/^\.\/dist\/(.*)\.js$/, '$1'),
    }))
  run(
    'typedoc',
    ...['--plugin', 'typedoc-plugin-markdown', '--tsconfig', '../tsconfig.json'],
    ...['--out', '.pages/api', '--readme', 'none', '--router', 'module', '--logLevel', 'Warn'],
    ...['--hidePageHeader', '--hideBreadcrumbs', '--disableSources'],
    ...['--interfacePropertiesFormat', 'table', '--parametersFormat', 'table'],
    ...['--typeDeclarationFormat', 'table', '--enumMembersFormat', 'table'],
    ...['--treatWarningsAsErrors', ...NOT_FOR_APPS.flatMap((name) => [NOT_EXPORTED, name])],
    ...entries.map(({ source }) => `../src/${source}.ts`),
  )
  rmSync(join(PAGES, 'api', 'README.md'))
  for (const { name, source } of entries) {
    const path = join(PAGES, 'api', `${source}.md`)
    const text = readFileSync(path, 'utf8')
      .replace(/^# .*$/m, `# ${name}`)
      .replaceAll(/\]\(index\.md/g, '](core.md')
    rmSync(path)
    writeFileSync(
      join(PAGES, 'api', `${source === 'index' ? 'core' : source}.md`),
      withoutNumbers(text),
    )
  }
  const rows = entries.map(({ name, source }) => {
    const about = readFileSync(join(ROOT, 'src', `${source}.ts`), 'utf8')
    const [, first = ''] = /^\/\*\*\s*(?:\* )?(.*?)(?:\n \*\n|\*\/|$)/s.exec(about) ?? []
    const text = first.replaceAll(/\s*\n \* ?/g, ' ').trim()
    return `| [${name}](${source === 'index' ? 'core' : source}.md) | ${text} |`
  })
  writeFileSync(
    join(PAGES, 'api', 'index.md'),
    `# API reference\n\nMade of the doc comments of the sources, one page for each entry point of the package.\n\n| import | |\n|---|---|\n${rows.join('\n')}\n`,
  )
}

/** typedoc numbers a name that it has also met as a member; the page has it only once. */
function withoutNumbers(text) {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase())
  return text.replaceAll(/\(#(\w+)-1\)/g, (link, name) =>
    headings.filter((heading) => heading.replaceAll(/\W/g, '') === name).length === 1
      ? `(#${name})`
      : link,
  )
}
