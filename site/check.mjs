/**
 * Opens the pages of the built site in Chromium: `npm run docs:check`, after `npm run docs`. Every page in
 * light on a desk, and one of each kind in dark on a phone: none may violate a rule of axe (WCAG 2.2 AA and
 * best practice), be wider than the screen, or ask another host for anything.
 */

import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { extname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const require = createRequire(new URL('../package.json', import.meta.url))
const { chromium } = require('playwright-core')
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const DIST = fileURLToPath(new URL('.vitepress/dist', import.meta.url))
const KINDS = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
const SCREENS = [
  { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
]
const OF_EACH_KIND = ['/', '/concepts', '/comparison', '/performance', '/api/hono']

/** The theme's button is named "Search". axe takes the key that stands on it, too, for a part of its label. */
const NOT_ASKED = { 'label-content-name-mismatch': { enabled: false } }

const files = readdirSync(DIST, { recursive: true }).map((name) => name.replaceAll(sep, '/'))
const pages = files
  .filter((name) => name.endsWith('.html') && name !== '404.html')
  .map((name) => `/${name.replace(/(index)?\.html$/, '')}`)

const server = createServer((request, response) => {
  const path = decodeURI(new URL(request.url, 'http://localhost').pathname).slice(1)
  const name = [path, `${path}.html`, `${path}index.html`].find((name) => files.includes(name))
  if (name === undefined) return response.writeHead(404).end()
  const kind = name.endsWith('.svg') ? 'image/svg+xml' : KINDS[extname(name)]
  response.writeHead(200, kind ? { 'Content-Type': kind } : {})
  response.end(readFileSync(join(DIST, name)))
})
await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
const origin = `http://127.0.0.1:${server.address().port}`

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
const faults = []
for (const screen of SCREENS) {
  const context = await browser.newContext(screen)
  const page = await context.newPage()
  let path = ''
  const fault = (text) => faults.push(`${screen.colorScheme} ${path}: ${text}`)
  page.on('pageerror', (error) => fault(error.message))
  page.on('request', (request) => {
    if (!/^(data:|blob:)/.test(request.url()) && !request.url().startsWith(origin)) {
      fault(`asks ${new URL(request.url()).host}`)
    }
  })
  page.on('response', (response) => {
    if (response.status() >= 400) fault(`${response.status()} for ${response.url()}`)
  })
  for (path of screen.colorScheme === 'light' ? pages : OF_EACH_KIND) {
    await page.goto(origin + path)
    await page.waitForFunction("document.getElementById('app').__vue_app__ !== undefined")
    await page.evaluate(AXE)
    const { violations } = await page.evaluate(
      (rules) => globalThis.axe.run({ resultTypes: ['violations'], rules }),
      NOT_ASKED,
    )
    for (const { id, nodes } of violations)
      fault(`${id}: ${nodes[0].target} and ${nodes.length - 1} more`)
    const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
    if (over > 0) fault(`is ${over} pixels wider than the screen`)
  }
  await context.close()
}
await browser.close()
server.close()
if (faults.length > 0) throw new Error(`faults of the site:\n${faults.join('\n')}`)
console.log(`${pages.length} pages on a desk, ${OF_EACH_KIND.length} on a phone: no fault`)
