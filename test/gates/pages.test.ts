/**
 * What the pages of the documentation say of each other and of the code: every link leads somewhere, the
 * guide lists what is in it, every default in prose is the one of the code, and the README stays short.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = new URL('../..', import.meta.url).pathname
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'site/home.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

/** Without code, which has brackets of its own. */
const prose = (text: string): string =>
  text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '`')

/** The name of the place that GitHub gives a heading, and the site too. */
const placeOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')

const headingsOf = (text: string): string[] =>
  [...text.replace(/^```.*?^```/gms, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading)

/** The README is shown by the registry too, so its links to this repository are whole. */
const OWN =
  /^https:\/\/(?:github\.com|raw\.githubusercontent\.com)\/sealed-session\/sealed-session\/(?:blob\/|tree\/)?main\//

/** The file that a link on a page leads to; `undefined` for other sites. */
function fileOf(page: string, path: string): string | undefined {
  if (OWN.test(path)) return path.replace(OWN, '')
  if (/^(https:|mailto:)/.test(path)) return undefined
  if (path === '') return page
  // The site's home page links as the site does.
  if (page.startsWith('site/')) return path === '/api/' ? undefined : `docs${path}.md`
  return normalize(join(dirname(page), path))
}

describe('links', () => {
  it.each(PAGES)('%s', (page) => {
    const text = read(page)
    const links = [
      ...prose(text).matchAll(/\]\(([^)\s]+)\)/g),
      ...prose(text).matchAll(/^\[[^\]]+\]: (\S+)$/gm),
      ...text.replace(/^```.*?^```/gms, '').matchAll(/\s(?:src|srcset)="([^"]+)"/g),
      ...(page.startsWith('site/') ? text.matchAll(/^\s+link: (\S+)$/gm) : []),
    ].map(([, link = '']) => link)
    const dead = links.filter((link) => {
      const [path = '', place = ''] = link.split('#')
      const file = fileOf(page, path)
      if (file === undefined) return false
      if (!existsSync(join(ROOT, file))) return true
      return place !== '' && !headingsOf(read(file)).map(placeOf).includes(place)
    })
    expect(dead).toEqual([])
  })
})

it('the README defines every link that it uses, and no other', () => {
  const text = prose(read('README.md'))
  const labels = (pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, label = '']) => label.replaceAll(/\s+/g, ' ').toLowerCase())
  const defined = labels(/^\[([^\]]+)\]: /gm)
  // `[text][label]`, and `[label]` alone.
  const used = labels(/(?<!!)(?:\[[^\]]+\])?\[([^\]]+)\](?![[(:])/g)
  expect(used.filter((label) => !defined.includes(label))).toEqual([])
  expect(defined.filter((label) => !used.includes(label))).toEqual([])
})

it('the guide lists every section of the guide', () => {
  const guide = read('docs/guide.md')
  const [, list = ''] = /\*\*In this page\*\*\n\n(.*?)\n\n/s.exec(guide) ?? []
  const listed = [...list.matchAll(/\(#([^)]+)\)/g)].map(([, place]) => place)
  const sections = headingsOf(guide).slice(1).map(placeOf)
  expect(listed.toSorted()).toEqual(sections.toSorted())
})

it('the README has at most 200 lines', () => {
  expect(read('README.md').split('\n').length - 1).toBeLessThanOrEqual(200)
})
