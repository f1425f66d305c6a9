/**
 * What visitors live through with the example, in a real browser under the real `wrangler dev`.
 *
 * Its clock cannot be moved, so here time really passes: the shortest timeouts that leave room for
 * a warning of 20 seconds, and all stories at once, each in a browser context of its own.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateKey } from '../../src/index.ts'
import { WranglerDev } from '../outside/programs.ts'
import { violations } from './accessibility.ts'
import { describeInBrowser, launch, launchWithProfile } from './browser.ts'

const IDLE = 26
const IDLE_IN_WORDS = '26 seconds'
const ABSOLUTE = 80
const ABSOLUTE_IN_WORDS = '1 minute 20 seconds'
const SOON = 5_000
/** Somebody who looks on without touching anything waits so long for the end. */
const AFTER_IDLE = (IDLE + 10) * 1000
const TIMEOUT = 180_000

const example = new WranglerDev()
let browser: Browser

describeInBrowser('the example', () => {
  beforeAll(async () => {
    browser = await launch()
    await example.start(generateKey(), {
      IDLE_TIMEOUT: String(IDLE),
      ABSOLUTE_TIMEOUT: String(ABSOLUTE),
    })
  })
  afterAll(async () => {
    await browser?.close()
    await example.end()
  })

  const at = (path: string) => example.origin + path
  const dialog = (page: Page) => page.getByRole('alertdialog')
  const heading = (page: Page, name: string | RegExp) =>
    page.getByRole('heading', { level: 1, name })

  async function signIn(page: Page, path = '/', remember = false): Promise<void> {
    await page.goto(at(`/?return=${encodeURIComponent(path)}`))
    await fillIn(page, remember)
    await page.waitForURL(at(path))
  }

  async function fillIn(page: Page, remember = false): Promise<void> {
    await page.getByLabel('Username').fill('ada')
    await page.getByLabel('Password').fill('demo')
    if (remember) await page.getByLabel('Stay signed in').check()
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  /** What `/me` says to a copy of the browser's cookies, so that the browser's own stay as they are. */
  async function me(context: BrowserContext): Promise<unknown> {
    const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`)
    const response = await fetch(at('/me'), { headers: { cookie: cookies.join('; ') } })
    return response.json()
  }

  async function story(act: (page: Page, context: BrowserContext) => Promise<void>): Promise<void> {
    const context = await browser.newContext()
    context.setDefaultTimeout(15_000)
    try {
      await act(await context.newPage(), context)
    } finally {
      await context.close()
    }
  }

  describe.concurrent('stories', { timeout: TIMEOUT }, () => {
    it('a session ends when the browser closes, though its timeout is far', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'sealed-session-profile-'))
      const open = async (act: (page: Page, context: BrowserContext) => Promise<void>) => {
        const context = await launchWithProfile(folder)
        try {
          await act(await context.newPage(), context)
        } finally {
          await context.close()
        }
      }
      try {
        await open(async (page, context) => {
          await signIn(page)
          expect(await me(context)).toMatchObject({ subject: 'ada' })
        })
        await open(async (page, context) => {
          const names = (await context.cookies()).map(({ name }) => name)
          expect(names.filter((name) => name.includes('session'))).toEqual([])
          await page.goto(at('/'))
          await heading(page, 'Sign in').waitFor()
          // The contrast: a remembered session outlives the browser.
          await signIn(page, '/', true)
        })
        await open(async (page) => {
          await page.goto(at('/'))
          await heading(page, 'Hello, Ada').waitFor()
        })
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    })

    it('an open tab that nobody touches ends at the idle timeout', () =>
      story(async (page, context) => {
        await signIn(page, '/letter')
        const signedInAt = Date.now()
        await dialog(page).waitFor()
        await page.waitForURL(/\/ended\?reason=idle/, { timeout: AFTER_IDLE })
        expect(Date.now() - signedInAt).toBeGreaterThan((IDLE - 2) * 1000)
        expect(await me(context)).toEqual({ ended: 'idle' })
      }))

    it('the ended page says that it was the idle limit, and leads back to the work', () =>
      story(async (page) => {
        await signIn(page, '/letter')
        await page.getByLabel('Your letter').fill('Dear Grace,')
        await page.waitForURL(/\/ended\?reason=idle/, { timeout: AFTER_IDLE + 10_000 })
        const text = await page.getByRole('main').textContent()
        expect(text).toContain(`after ${IDLE_IN_WORDS} without activity`)
        expect(text).toContain('the idle limit')
        expect(text).not.toContain('the absolute limit')
        await page.getByRole('link', { name: 'Sign in again' }).click()
        await fillIn(page)
        await page.waitForURL(at('/letter'))
        expect(await page.getByLabel('Your letter').inputValue()).toBe('Dear Grace,')
      }))

    it('the ended page says that it was the absolute limit, though somebody kept typing', () =>
      story(async (page) => {
        await signIn(page, '/letter')
        const letter = page.getByLabel('Your letter')
        let warnings = 0
        const isOver = () => page.url().includes('/ended')
        for (const until = Date.now() + (ABSOLUTE + 15) * 1000; !isOver() && Date.now() < until; ) {
          if (await dialog(page).isVisible()) {
            warnings += 1
            expect(await dialog(page).textContent()).toContain('sign in again')
            // Pressed at once it would be taken for somebody's typing.
            await page.waitForTimeout(600)
            await page.keyboard.press('Enter')
          } else if (!isOver()) {
            // No spaces: one that falls into the dialog a little later presses its button.
            await letter.pressSequentially('writing', { delay: 100 }).catch(() => undefined)
          }
        }
        await page.waitForURL(/\/ended\?reason=absolute/)
        expect(warnings).toBe(1)
        const text = await page.getByRole('main').textContent()
        expect(text).toContain(`${ABSOLUTE_IN_WORDS} after the sign-in`)
        expect(text).toContain('the absolute limit')
        expect(text).not.toContain('the idle limit')
      }))

    it('a warning comes in time, and the keyboard alone extends the session', () =>
      story(async (page, context) => {
        // Half faded in, the dialog has half its contrast.
        await page.emulateMedia({ reducedMotion: 'reduce' })
        await signIn(page)
        for (let times = 0; times < 2; times += 1) {
          await dialog(page).waitFor()
          expect(await dialog(page).textContent()).toMatch(/signed out in (2[01]|1\d) seconds/)
          expect(await violations(page)).toEqual([])
          await page.keyboard.press(times === 0 ? 'Enter' : 'Escape')
          await dialog(page).waitFor({ state: 'hidden', timeout: SOON })
          expect(await secondsLeft(page)).toBeGreaterThan(20)
        }
        expect(await me(context)).toMatchObject({ subject: 'ada' })
      }))

    it('a long operation survives twice the idle timeout', () =>
      story(async (page, context) => {
        await signIn(page, `/letter?seconds=${2 * IDLE}`)
        await page.getByRole('button', { name: 'Start' }).click()
        const startedAt = Date.now()
        await page.getByText('Done.').waitFor({ timeout: (2 * IDLE + 15) * 1000 })
        expect(Date.now() - startedAt).toBeGreaterThanOrEqual((2 * IDLE - 1) * 1000)
        expect(await me(context)).toMatchObject({ subject: 'ada' })
        expect(await dialog(page).isVisible()).toBe(false)
        // It stops with the operation: then the usual warning comes.
        await dialog(page).waitFor()
      }))

    it('a tab that polls does not keep its session alive', () =>
      story(async (page, context) => {
        const polls: (string | undefined)[] = []
        page.on('response', async (response) => {
          if (!response.url().endsWith('/unread')) return
          const headers = await response.allHeaders().catch(() => ({}))
          polls.push('set-cookie' in headers ? 'a cookie' : 'no cookie')
        })
        await signIn(page)
        await page.waitForURL(/\/ended\?reason=idle/, { timeout: AFTER_IDLE })
        expect(polls.length).toBeGreaterThan(3)
        expect(new Set(polls)).toEqual(new Set(['no cookie']))
        expect(await me(context)).toEqual({ ended: 'idle' })
      }))

    it('signing out in one tab reaches the other', () =>
      story(async (page, context) => {
        await signIn(page)
        const other = await context.newPage()
        await other.goto(at('/letter'))
        await other.getByRole('timer').waitFor()
        await page.getByRole('button', { name: 'Sign out', exact: true }).click()
        for (const tab of [page, other]) {
          await tab.waitForURL(/\/ended\?reason=signed-out/)
          await heading(tab, 'You are signed out').waitFor()
        }
        expect(await me(context)).toEqual({ ended: null })
      }))
  })

  async function secondsLeft(page: Page): Promise<number> {
    const [minutes = 0, seconds = 0] = (await page.getByRole('timer').innerText())
      .split(':')
      .map(Number)
    return 60 * minutes + seconds
  }

  describe.each(['light', 'dark'] as const)('in a %s scheme', (colorScheme) => {
    it('has no page with a violation that axe-core finds', { timeout: TIMEOUT }, async () => {
      // As narrow as WCAG asks for: nothing may need scrolling sideways.
      const context = await browser.newContext({
        colorScheme,
        viewport: { width: 320, height: 640 },
      })
      const page = await context.newPage()
      const check = async () => {
        expect(await violations(page)).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320)
      }
      const paths = ['/', '/ended?reason=idle&return=/letter', '/ended?reason=absolute']
      for (const path of paths) {
        await page.goto(at(path))
        await check()
      }
      await signIn(page, '/', true)
      for (const path of ['/', '/letter', '/admin', '/?again']) {
        await page.goto(at(path))
        await check()
      }
      await context.close()
    })
  })
})
