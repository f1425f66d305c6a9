/**
 * What visitors live through with the example, in a real browser under the real `wrangler dev`.
 *
 * Its clock cannot be moved, so here time really passes: the shortest timeouts that leave room for
 * a warning of 20 seconds, and all stories at once, each in a browser context of its own.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
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
/** The one that the stories are told of. */
let current = example
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

  const at = (path: string) => current.origin + path
  const dialog = (page: Page) => page.getByRole('alertdialog')
  const heading = (page: Page, name: string | RegExp) =>
    page.getByRole('heading', { level: 1, name })

  async function signIn(page: Page, path = '/', remember = false, user = 'ada'): Promise<void> {
    // `again`, because somebody else may be signed in.
    await page.goto(at(`/?again=soon&return=${encodeURIComponent(path)}`))
    await fillIn(page, remember, user)
    await page.waitForURL(at(path))
  }

  async function fillIn(page: Page, remember = false, user = 'ada'): Promise<void> {
    await page.getByLabel('Username').fill(user)
    await page.getByLabel('Password').fill('demo')
    if (remember) await page.getByLabel('Stay signed in').check()
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  const signOut = (page: Page) =>
    page.locator('#sign-out').getByRole('button', { name: 'Sign out' }).click()

  /** What `/me` says to a copy of the browser's cookies, so that the browser's own stay as they are. */
  async function me(context: BrowserContext): Promise<unknown> {
    const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`)
    const response = await fetch(at('/me'), { headers: { cookie: cookies.join('; ') } })
    return response.json()
  }

  /** `expect.poll` does not work in tests that run at once. */
  async function eventually(read: () => Promise<unknown>, expected: unknown): Promise<void> {
    const until = Date.now() + SOON
    while ((await read()) !== expected && Date.now() < until) await sleep(100)
    expect(await read()).toBe(expected)
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
        const letter = page.getByLabel('Your letter')
        await eventually(() => letter.inputValue(), 'Dear Grace,')
        await page.getByRole('button', { name: 'Discard it' }).click()
        expect(await letter.inputValue()).toBe('')
        await page.reload()
        await page.getByRole('timer').waitFor()
        expect(await letter.inputValue()).toBe('')
      }))

    it('the ended page says that it was the absolute limit, and no key of the typing is lost', () =>
      story(async (page) => {
        await signIn(page, '/letter')
        const letter = page.getByLabel('Your letter')
        const isOver = () => page.url().includes('/ended')
        const until = Date.now() + (ABSOLUTE + 15) * 1000
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
        expect(text).toContain(`${ABSOLUTE_IN_WORDS} after the sign-in`)
        expect(text).toContain('the absolute limit')
        expect(text).not.toContain('the idle limit')
        await page.getByRole('link', { name: 'Sign in again' }).click()
        await fillIn(page)
        await page.waitForURL(at('/letter'))
        await eventually(
          async () => (await letter.inputValue()).startsWith(typed.slice(0, -11)),
          true,
        )
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

    it('a long operation that the absolute limit cuts off says what became of it', () =>
      story(async (page) => {
        await signIn(page, `/letter?seconds=${2 * ABSOLUTE}`)
        await page.getByRole('button', { name: 'Start' }).click()
        await page.getByText('what is not done by then is lost').waitFor({ timeout: 90_000 })
        await page.waitForURL(/\/ended\?reason=absolute/, { timeout: 60_000 })
        await page.getByText('The long operation was cut off').waitFor()
      }))
  })

  // These need no limit, and so no hurry: one after the other, with the usual timeouts.
  describe('stories without a limit', { timeout: TIMEOUT }, () => {
    const calm = new WranglerDev()
    beforeAll(async () => {
      await calm.start(generateKey())
      current = calm
    })
    afterAll(async () => {
      current = example
      await calm.end()
    })

    it('signing out in one tab reaches the other', () =>
      story(async (page, context) => {
        await signIn(page)
        const other = await context.newPage()
        await other.goto(at('/letter'))
        await other.getByRole('timer').waitFor()
        await signOut(page)
        for (const tab of [page, other]) {
          await tab.waitForURL(/\/ended\?reason=signed-out/)
          await heading(tab, 'You are signed out').waitFor()
        }
        expect(await me(context)).toEqual({ ended: null })
      }))

    it('signing out on a page that warns of nothing reaches the other tabs', () =>
      story(async (page, context) => {
        await signIn(page)
        const other = await context.newPage()
        await other.goto(at('/nowhere'))
        // As without its script.
        await other.evaluate(() => document.querySelector<HTMLFormElement>('#sign-out')?.submit())
        // What the page asks anyway may find the session revoked before it hears of the sign-out.
        await page.waitForURL(/\/ended\?reason=(signed-out|revoked)/, { timeout: SOON })
      }))

    it('a tab of somebody else says that another has signed in, and its text stays secret', () =>
      story(async (page, context) => {
        await signIn(page, '/letter', false, 'grace')
        await page.getByLabel('Your letter').fill('my secret')
        const other = await context.newPage()
        await signIn(other)
        await page.waitForURL(/\/ended\?reason=other-subject/, { timeout: SOON })
        await heading(page, 'Somebody else has signed in').waitFor()
        const kept = await other.evaluate(() => JSON.stringify({ ...localStorage }))
        expect(kept).toContain('session-draft')
        expect(kept).not.toContain('my secret')
        await other.goto(at('/letter'))
        await other.getByRole('timer').waitFor()
        expect(await other.getByLabel('Your letter').inputValue()).toBe('')
        await signOut(other)
        await other.waitForURL(/\/ended/)
        await signIn(other, '/letter', false, 'grace')
        await eventually(() => other.getByLabel('Your letter').inputValue(), 'my secret')
      }))

    it('a sign-out asks before it throws text away that any tab holds', () =>
      story(async (page, context) => {
        await signIn(page, '/letter')
        await page.getByLabel('Your letter').fill('unsaved')
        const other = await context.newPage()
        await other.goto(at('/'))
        await other.getByRole('timer').waitFor()
        const question = other.getByRole('dialog', { name: 'You have unsaved text' })
        await signOut(other)
        await question.getByRole('button', { name: 'Keep working' }).click()
        expect(await me(context)).toMatchObject({ subject: 'ada' })
        await signOut(other)
        await question.getByRole('button', { name: 'Sign out all the same' }).click()
        await page.waitForURL(/\/ended\?reason=signed-out/)
        await other.waitForURL(/\/ended\?reason=signed-out/)
        expect(await other.evaluate(() => localStorage.length)).toBe(0)
      }))

    it('text that was typed is there again after a crash', () =>
      story(async (page, context) => {
        await signIn(page, '/letter')
        await page.getByLabel('Your letter').pressSequentially('before the crash')
        await page.goto('chrome://crash').catch(() => undefined)
        const next = await context.newPage()
        await next.goto(at('/letter'))
        const letter = next.getByLabel('Your letter')
        await eventually(() => letter.inputValue(), 'before the crash')
        // What is saved is no draft any more.
        await next.goto(at('/'))
        await next.getByLabel('Your note').fill('kept')
        await next.getByRole('button', { name: 'Save note' }).click()
        await eventually(() => next.evaluate(() => Object.keys(localStorage).length), 1)
      }))

    it('the ended page says when it can go on, because another tab has signed in', () =>
      story(async (page, context) => {
        await signIn(page, '/letter')
        await signOut(page)
        await page.waitForURL(/\/ended/)
        const other = await context.newPage()
        await signIn(other)
        await page.getByText('You are signed in again, in another tab.').waitFor({ timeout: SOON })
        await page.getByRole('link', { name: 'Go on where you were' }).click()
        await page.waitForURL(at('/letter'))
      }))

    it('a wrong password puts the focus where to go on', () =>
      story(async (page) => {
        await page.goto(at('/'))
        await page.getByLabel('Username').fill('ada')
        await page.getByLabel('Password').fill('wrong')
        await page.getByRole('button', { name: 'Sign in' }).click()
        await page.getByText('There is no user').waitFor()
        await eventually(() => page.evaluate(() => document.activeElement?.id), 'password')
      }))

    it('no page moves when its script begins', () =>
      story(async (page) => {
        await page.setViewportSize({ width: 320, height: 640 })
        await page.addInitScript(() => {
          const shifts = new PerformanceObserver((list) => {
            for (const shift of list.getEntries()) {
              const { value } = shift as unknown as { value: number }
              document.documentElement.dataset.shift = String(
                Number(document.documentElement.dataset.shift ?? 0) + value,
              )
            }
          })
          shifts.observe({ type: 'layout-shift', buffered: true })
        })
        await signIn(page)
        for (const path of ['/', '/letter']) {
          await page.goto(at(path))
          await page.getByRole('timer').waitFor()
          await page.waitForTimeout(500)
          const shift = await page.evaluate(() => document.documentElement.dataset.shift ?? '0')
          expect(Number(shift)).toBeLessThan(0.01)
        }
      }))

    it('signing in, out and in again at once is no fault of the browser', () =>
      story(async (page) => {
        await signIn(page)
        await page.getByRole('timer').waitFor()
        await signOut(page)
        await page.waitForURL(/\/ended/)
        await page.goto(at('/'))
        expect(await page.getByRole('main').textContent()).not.toContain('did not keep the session')
      }))

    it('somebody forced out is told so by what the page asks anyway', () =>
      story(async (page, context) => {
        await signIn(page)
        const response = await context.request.post(at('/admin/sign-out-all'), {
          headers: { origin: current.origin },
          maxRedirects: 0,
        })
        expect(response.status()).toBe(303)
        await page.waitForURL(/\/ended\?reason=revoked/, { timeout: 2 * SOON })
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
      const paths = ['/', '/ended?reason=idle&return=/letter', '/ended?reason=absolute&interrupted']
      for (const path of paths) {
        await page.goto(at(path))
        await check()
      }
      await signIn(page, '/', true)
      for (const path of [
        '/',
        '/letter',
        '/admin',
        '/?again',
        '/nowhere',
        '/ended?reason=other-subject',
      ]) {
        await page.goto(at(path))
        await check()
      }
      await context.close()
    })
  })
})
