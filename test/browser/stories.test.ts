/**
 * What visitors live through with the example as time passes, in a real browser under the real
 * `wrangler dev`.
 *
 * Its clock cannot be moved, so here time really passes: the shortest timeouts that leave room for
 * a warning of 20 seconds, and all stories at once, each in a browser context of its own.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { violations } from './accessibility.ts'
import { describeInBrowser, launchWithProfile } from './browser.ts'
import { dialog, Example, eventually, fillIn, heading, SOON, TIMEOUT } from './example.ts'

const IDLE = 26
const IDLE_IN_WORDS = '26 seconds'
/** Room for an operation of twice the idle timeout. */
const ABSOLUTE = 80
/** Of the stories that the absolute limit ends. */
const BRIEF = 45
const BRIEF_IN_WORDS = '45 seconds'
/** Somebody who looks on without touching anything waits so long for the end. */
const AFTER_IDLE = (IDLE + 10) * 1000

const example = new Example()
const brief = new Example()

describeInBrowser('the example, as time passes', () => {
  beforeAll(async () => {
    const start = (which: Example, absolute: number) =>
      which.start({ IDLE_TIMEOUT: String(IDLE), ABSOLUTE_TIMEOUT: String(absolute) })
    await Promise.all([start(example, ABSOLUTE), start(brief, BRIEF)])
  })
  afterAll(async () => {
    await Promise.all([example.end(), brief.end()])
  })

  async function secondsLeft(page: Page): Promise<number> {
    const [minutes = 0, seconds = 0] = (await page.getByRole('timer').innerText())
      .split(':')
      .map(Number)
    return 60 * minutes + seconds
  }

  describe.concurrent('stories', { timeout: TIMEOUT }, () => {
    it('a long operation survives twice the idle timeout', () =>
      example.story(async (page, context) => {
        await example.signIn(page, `/letter?seconds=${2 * IDLE}`)
        await page.getByRole('button', { name: 'Start' }).click()
        const startedAt = Date.now()
        await page.getByText('Done.').waitFor({ timeout: (2 * IDLE + 15) * 1000 })
        expect(Date.now() - startedAt).toBeGreaterThanOrEqual((2 * IDLE - 1) * 1000)
        expect(await example.me(context)).toMatchObject({ subject: 'ada' })
        expect(await dialog(page).isVisible()).toBe(false)
        // It stops with the operation: then the usual warning comes.
        await dialog(page).waitFor()
      }))

    it('the ended page says that it was the absolute limit, and no key of the typing is lost', () =>
      brief.story(async (page) => {
        await brief.signIn(page, '/letter')
        const letter = page.getByLabel('Your letter')
        const isOver = () => page.url().includes('/ended')
        const until = Date.now() + (BRIEF + 15) * 1000
        let typed = ''
        // Somebody who never pauses sees only what remains, in a corner. On a machine that is too busy
        // for that the dialog comes in the pause, and is put away.
        for (; !isOver() && Date.now() < until; typed += 'so it goes ') {
          await letter.pressSequentially('so it goes ', { delay: 60 }).catch(() => undefined)
          if (isOver()) break
          if (await dialog(page).isVisible()) await page.keyboard.press('Escape')
          const text = await letter.inputValue().catch(() => undefined)
          if (text !== undefined) expect(text).toBe(`${typed}so it goes `)
        }
        await page.waitForURL(/\/ended\?reason=absolute/)
        expect(typed.length).toBeGreaterThan(100)
        const text = await page.getByRole('main').textContent()
        expect(text).toContain(`${BRIEF_IN_WORDS} after the sign-in`)
        expect(text).toContain('the absolute limit')
        expect(text).not.toContain('the idle limit')
        await page.getByRole('link', { name: 'Sign in again' }).click()
        await fillIn(page)
        await page.waitForURL(brief.at('/letter'))
        await eventually(
          async () => (await letter.inputValue()).startsWith(typed.slice(0, -11)),
          true,
        )
      }))

    it('a long operation that the absolute limit cuts off says what became of it', () =>
      brief.story(async (page) => {
        await brief.signIn(page, `/letter?seconds=${2 * BRIEF}`)
        await page.getByRole('button', { name: 'Start' }).click()
        await page.getByText('what is not done by then is lost').waitFor({ timeout: BRIEF * 1000 })
        await page.waitForURL(/\/ended\?reason=absolute/, { timeout: 60_000 })
        await page.getByText('The long operation was cut off').waitFor()
      }))

    it('the ended page says that it was the idle limit, and leads back to the work', () =>
      example.story(async (page) => {
        await example.signIn(page, '/letter')
        await page.getByLabel('Your letter').fill('Dear Grace,')
        await page.waitForURL(/\/ended\?reason=idle/, { timeout: AFTER_IDLE + 10_000 })
        const text = await page.getByRole('main').textContent()
        expect(text).toContain(`after ${IDLE_IN_WORDS} without activity`)
        expect(text).toContain('the idle limit')
        expect(text).not.toContain('the absolute limit')
        await page.getByRole('link', { name: 'Sign in again' }).click()
        await fillIn(page)
        await page.waitForURL(example.at('/letter'))
        const letter = page.getByLabel('Your letter')
        await eventually(() => letter.inputValue(), 'Dear Grace,')
        await page.getByRole('button', { name: 'Discard it' }).click()
        expect(await letter.inputValue()).toBe('')
        await page.reload()
        await page.getByRole('timer').waitFor()
        expect(await letter.inputValue()).toBe('')
      }))

    it('an open tab that nobody touches ends at the idle timeout', () =>
      example.story(async (page, context) => {
        await example.signIn(page, '/letter')
        const signedInAt = Date.now()
        await dialog(page).waitFor()
        await page.waitForURL(/\/ended\?reason=idle/, { timeout: AFTER_IDLE })
        expect(Date.now() - signedInAt).toBeGreaterThan((IDLE - 2) * 1000)
        expect(await example.me(context)).toEqual({ ended: 'idle' })
      }))

    it('a tab that polls does not keep its session alive', () =>
      example.story(async (page, context) => {
        const polls: (string | undefined)[] = []
        page.on('response', async (response) => {
          if (!response.url().endsWith('/unread')) return
          const headers = await response.allHeaders().catch(() => ({}))
          polls.push('set-cookie' in headers ? 'a cookie' : 'no cookie')
        })
        await example.signIn(page)
        await page.waitForURL(/\/ended\?reason=idle/, { timeout: AFTER_IDLE })
        expect(polls.length).toBeGreaterThan(3)
        expect(new Set(polls)).toEqual(new Set(['no cookie']))
        expect(await example.me(context)).toEqual({ ended: 'idle' })
      }))

    it('a warning comes in time, and the keyboard alone extends the session', () =>
      example.story(async (page, context) => {
        // Half faded in, the dialog has half its contrast.
        await page.emulateMedia({ reducedMotion: 'reduce' })
        await example.signIn(page)
        for (let times = 0; times < 2; times += 1) {
          await dialog(page).waitFor()
          expect(await dialog(page).textContent()).toMatch(/signed out in (2[01]|1\d) seconds/)
          expect(await violations(page)).toEqual([])
          await page.keyboard.press(times === 0 ? 'Enter' : 'Escape')
          await dialog(page).waitFor({ state: 'hidden', timeout: SOON })
          expect(await secondsLeft(page)).toBeGreaterThan(20)
        }
        expect(await example.me(context)).toMatchObject({ subject: 'ada' })
      }))

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
          await example.signIn(page)
          expect(await example.me(context)).toMatchObject({ subject: 'ada' })
        })
        await open(async (page, context) => {
          const names = (await context.cookies()).map(({ name }) => name)
          expect(names.filter((name) => name.includes('session'))).toEqual([])
          await page.goto(example.at('/'))
          await heading(page, 'Sign in').waitFor()
          // The contrast: a remembered session outlives the browser.
          await example.signIn(page, '/', true)
        })
        await open(async (page) => {
          await page.goto(example.at('/'))
          await heading(page, 'Hello, Ada').waitFor()
        })
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    })
  })
})
