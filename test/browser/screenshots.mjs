/**
 * Takes the pictures of the example that the README shows, light and dark, into docs/screenshots:
 * `npm exec -- node test/browser/screenshots.mjs`. With a width as argument it shows into a
 * temporary folder how the pages look there.
 */

import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { generateKey } from '../../src/index.ts'
import { WranglerDev } from '../outside/programs.ts'

const width = Number(process.argv[2] ?? 1280)
const isTrial = process.argv[2] !== undefined
const folder = isTrial
  ? mkdtempSync(join(tmpdir(), 'screenshots-'))
  : fileURLToPath(new URL('../../docs/screenshots', import.meta.url))
mkdirSync(folder, { recursive: true })

const example = new WranglerDev()
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
})
try {
  // Long enough that the ended page tells a likely story; the warning is 60 seconds before the end.
  await example.start(generateKey(), { IDLE_TIMEOUT: '1800' })
  await Promise.all(['light', 'dark'].map(takeAll))
} finally {
  await browser.close()
  await example.end()
}
console.log(folder)

async function takeAll(colorScheme) {
  const context = await browser.newContext({
    colorScheme,
    viewport: { width, height: 800 },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const take = (name) =>
    page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`), fullPage: isTrial })
  await page.goto(`${example.origin}/`)
  await take('sign-in')
  await page.getByLabel('Username').fill('ada')
  await page.getByLabel('Password').fill('demo')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByLabel('Your note').fill('Call Grace about the compiler.')
  await page.getByRole('button', { name: 'Save note' }).click()
  // Mail for the picture: what the server counts would take a while.
  await page.route('**/unread', (route) => route.fulfill({ json: { unread: 3 } }))
  await page.getByText('3 unread messages').waitFor()
  await page.evaluate(() => document.activeElement?.blur())
  await take('dashboard')
  if (isTrial) {
    await page.goto(`${example.origin}/letter`)
    await page.getByRole('timer').waitFor()
    await take('letter')
    await page.goto(`${example.origin}/admin`)
    await take('admin')
    await page.goto(`${example.origin}/`)
  }
  await warn(page)
  await take('warning')
  await page.goto(`${example.origin}/ended?reason=idle&return=/letter`)
  await context.clearCookies()
  await page.goto(`${example.origin}/ended?reason=idle&return=/letter`)
  await take('ended')
  await context.close()
}

/** The page is told that the session ends soon, so that nobody has to wait for it. */
async function warn(page) {
  await page.route('**/session', (route) => {
    const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000).toISOString()
    const deadlines = { idleExpiresAt: inSeconds(48), absoluteExpiresAt: inSeconds(40_000) }
    return route.fulfill({
      json: { signedIn: true, now: inSeconds(0), ...deadlines, ended: null },
    })
  })
  await page.reload()
  await page.getByRole('alertdialog').waitFor()
  await page.getByText('3 unread messages').waitFor()
}
