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

const OTHER_BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:153.0) Gecko/20100101 Firefox/153.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
]

const example = new WranglerDev()
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
})
try {
  // Long enough that the ended page tells a likely story; the warning is 60 seconds before the end.
  await example.start(generateKey(), { IDLE_TIMEOUT: '1800' })
  for (const colorScheme of ['light', 'dark']) await takeAll(colorScheme)
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
  // Those of the other scheme's pictures.
  await page.getByLabel('Your password').fill('demo')
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
  await page.getByText('All your other sessions are over.').waitFor()
  await page.getByLabel('Your note').fill('Call Grace about the compiler.')
  await page.getByRole('button', { name: 'Save note' }).click()
  await page.getByText('Your note is saved.').waitFor()
  await page.goto(`${example.origin}/`)
  // Mail for the picture: what the server counts would take a while.
  await page.route('**/unread', (route) => route.fulfill({ json: { unread: 3 } }))
  await page.getByText('3 unread messages').waitFor()
  await page.evaluate(() => document.activeElement?.blur())
  await take('dashboard')
  for (const userAgent of OTHER_BROWSERS) await signInElsewhere(userAgent)
  await page.goto(`${example.origin}/sessions`)
  await take('sessions')
  if (isTrial) await takeTheRest(page, take)
  await page.goto(`${example.origin}/`)
  await warn(page)
  await take('warning')
  await page.goto(`${example.origin}/ended?reason=idle&return=/letter`)
  await context.clearCookies()
  await page.goto(`${example.origin}/ended?reason=idle&return=/letter`)
  await take('ended')
  await context.close()
}

/** The pages that docs do not show. */
async function takeTheRest(page, take) {
  const tag = await page.locator('[name=session-subject]').first().inputValue()
  await page.goto(`${example.origin}/letter`)
  await page.getByRole('timer').waitFor()
  await take('letter')
  await page.goto(`${example.origin}/admin`)
  await take('admin')
  await page.goto(`${example.origin}/admin/sessions?subject=grace`)
  await take('admin-sessions')
  await page.goto(`${example.origin}/ended?reason=other-subject`)
  await take('other-subject')
  // A page that asks for the password: as after a wrong one.
  const confirm = `<form method="post" action="${example.origin}/sessions/confirm">
    <input name="session-subject" value="${tag}"><input name="password"></form>`
  await page.setContent(confirm)
  await page.evaluate(() => document.forms[0].submit())
  await page.getByText('This is not your password.').waitFor()
  await take('confirm')
  // A form of a page that was made for somebody else.
  await page.setContent(confirm.replace(tag, 'another'))
  await page.evaluate(() => document.forms[0].submit())
  await page.getByRole('heading', { name: 'Somebody else has signed in' }).waitFor()
  await take('not-yours')
}

async function signInElsewhere(userAgent) {
  const context = await browser.newContext({ userAgent })
  for (const username of ['ada', 'grace']) {
    await context.clearCookies()
    await context.request.post(`${example.origin}/sign-in`, {
      headers: { origin: example.origin },
      form: { username, password: 'demo' },
    })
  }
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
