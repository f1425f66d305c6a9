/** Checks every link of a built site: that its page is there, and its place on the page. */

import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

const SITE = 'https://site.invalid'

/** The links of a folder of HTML files that lead nowhere, each with the page that has it. */
export function deadLinks(folder) {
  const files = readdirSync(folder, { recursive: true }).map((name) => name.replaceAll(sep, '/'))
  const known = new Set(files)
  const pages = new Map(
    files
      .filter((name) => name.endsWith('.html'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )
  const places = new Map(
    [...pages].map(([name, html]) => [name, new Set(all(html, /\sid="([^"]+)"/g))]),
  )
  /** As a host of static files finds them: `/guide` is `guide.html`. */
  const fileOf = (path) =>
    [path, `${path}.html`, `${path}index.html`, `${path}/index.html`]
      .map((name) => name.replace(/^\//, ''))
      .find((name) => known.has(name))

  return [...pages].flatMap(([name, html]) =>
    [...new Set(all(html, /\s(?:href|src)="([^"]*)"/g))].flatMap((link) => {
      const url = new URL(link.replaceAll('&amp;', '&'), `${SITE}/${name}`)
      if (url.origin !== SITE) return []
      const file = fileOf(decodeURI(url.pathname))
      if (file === undefined) return [`${name}: ${link}`]
      const place = decodeURIComponent(url.hash.slice(1))
      const isThere = place === '' || !places.has(file) || places.get(file).has(place)
      return isThere ? [] : [`${name}: ${link}`]
    }),
  )
}

const all = (text, pattern) => [...text.matchAll(pattern)].map(([, found]) => found)
