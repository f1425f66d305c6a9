/**
 * What visitors live through with the example whatever the time, in a real browser under the real
 * `wrangler dev`: one story after the other, with the usual timeouts.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { violations } from './accessibility.ts'
import { describeInBrowser } from './browser.ts'
import { Example, eventually, heading, SOON, signOut, TIMEOUT } from './example.ts'

const example = new Example()

describeInBrowser('the example', () => {
  beforeAll(() => example.start())
  afterAll(() => example.end())

  describe('stories', { timeout: TIMEOUT }, () => {
    it('signing out in one tab reaches the other', () =>
      example.story(async (page, context) => {
        await example.signIn(page)
        const other = await context.newPage()
        await other.goto(example.at('/letter'))
        await other.getByRole('timer').waitFor()
        await signOut(page)
        for (const tab of [page, other]) {
          await tab.waitForURL(/\/ended\?reason=signed-out/)
          await heading(tab, 'You are signed out').waitFor()
        }
        expect(await example.me(context)).toEqual({ ended: null })
      }))

    it('signing out on a page that warns of nothing reaches the other tabs', () =>
      example.story(async (page, context) => {
        await example.signIn(page)
        const other = await context.newPage()
        await other.goto(example.at('/nowhere'))
        // As without its script.
        await other.evaluate(() => document.querySelector<HTMLFormElement>('#sign-out')?.submit())
        // What the page asks anyway may find the session revoked before it hears of the sign-out.
        await page.waitForURL(/\/ended\?reason=(signed-out|revoked)/, { timeout: SOON })
      }))

    it('a tab of somebody else says that another has signed in, and its text stays secret', () =>
      example.story(async (page, context) => {
        await example.signIn(page, '/letter', false, 'grace')
        await page.getByLabel('Your letter').fill('my secret')
        const other = await context.newPage()
        await example.signIn(other)
        await page.waitForURL(/\/ended\?reason=other-subject/, { timeout: SOON })
        await heading(page, 'Somebody else has signed in').waitFor()
        const kept = await other.evaluate(() => JSON.stringify({ ...localStorage }))
        expect(kept).toContain('session-draft')
        expect(kept).not.toContain('my secret')
        await other.goto(example.at('/letter'))
        await other.getByRole('timer').waitFor()
        expect(await other.getByLabel('Your letter').inputValue()).toBe('')
        await signOut(other)
        await other.waitForURL(/\/ended/)
        await example.signIn(other, '/letter', false, 'grace')
        await eventually(() => other.getByLabel('Your letter').inputValue(), 'my secret')
      }))

    it('a sign-out asks before it throws text away that any tab holds', () =>
      example.story(async (page, context) => {
        await example.signIn(page, '/letter')
        await page.getByLabel('Your letter').fill('unsaved')
        const other = await context.newPage()
        await other.goto(example.at('/'))
        await other.getByRole('timer').waitFor()
        const question = other.getByRole('dialog', { name: 'You have unsaved text' })
        await signOut(other)
        await question.getByRole('button', { name: 'Keep working' }).click()
        expect(await example.me(context)).toMatchObject({ subject: 'ada' })
        await signOut(other)
        await question.getByRole('button', { name: 'Sign out all the same' }).click()
        await page.waitForURL(/\/ended\?reason=signed-out/)
        await other.waitForURL(/\/ended\?reason=signed-out/)
        expect(await other.evaluate(() => localStorage.length)).toBe(0)
      }))

    it('text that was typed is there again after a crash', () =>
      example.story(async (page, context) => {
        await example.signIn(page, '/letter')
        await page.getByLabel('Your letter').pressSequentially('before the crash')
        await page.goto('chrome://crash').catch(() => undefined)
        const next = await context.newPage()
        await next.goto(example.at('/letter'))
        const letter = next.getByLabel('Your letter')
        await eventually(() => letter.inputValue(), 'before the crash')
        // What is saved is no draft any more.
        await next.goto(example.at('/'))
        await next.getByLabel('Your note').fill('kept')
        await next.getByRole('button', { name: 'Save note' }).click()
        await eventually(() => next.evaluate(() => Object.keys(localStorage).length), 1)
      }))

    it('the ended page goes on by itself when the same person signs in in another tab', () =>
      example.story(async (page, context) => {
        await example.signIn(page, '/letter')
        await signOut(page)
        await heading(page, 'You are signed out').waitFor()
        const other = await context.newPage()
        await example.signIn(other)
        await page.waitForURL(example.at('/letter'))
      }))

    it('the ended page stays, and says why, when somebody else signs in in another tab', () =>
      example.story(async (page, context) => {
        await example.signIn(page, '/letter')
        await signOut(page)
        await heading(page, 'You are signed out').waitFor()
        const other = await context.newPage()
        await example.signIn(other, '/', false, 'grace')
        await page.getByText('Somebody else has signed in, in another tab.').waitFor()
        await page.getByRole('link', { name: 'To the start page' }).click()
        await heading(page, 'Hello, Grace').waitFor()
      }))

    it('an ended page that does not know whose it was asks before it goes on', () =>
      example.story(async (page, context) => {
        await page.goto(example.at('/ended?reason=idle&return=/letter'))
        const other = await context.newPage()
        await example.signIn(other)
        await page.getByText('You are signed in again, in another tab.').waitFor()
        await page.getByRole('link', { name: 'Go on where you were' }).click()
        await page.waitForURL(example.at('/letter'))
      }))

    it('ends one browser from the list of another, which is told so', () =>
      example.story((phone) =>
        example.story(async (page) => {
          await example.signIn(phone, '/', false, 'grace')
          await example.signIn(page, '/', false, 'grace')
          await page.getByRole('link', { name: 'Where you are signed in' }).click()
          await heading(page, 'Where you are signed in').waitFor()
          const rows = page.getByRole('listitem')
          const before = await rows.count()
          expect(await rows.filter({ hasText: 'this one' }).count()).toBe(1)
          expect(await rows.filter({ hasText: 'this one' }).getByRole('button').count()).toBe(0)
          // The newest but this one comes first.
          await rows.filter({ hasNotText: 'this one' }).getByRole('button').first().click()
          await page.getByText('Done. That session is over.').waitFor()
          expect(await rows.count()).toBe(before - 1)
          await phone.waitForURL(/\/ended\?reason=revoked/, { timeout: 2 * SOON })
        }),
      ))

    it('asks for the password before it ends a session, and says when it was wrong', () =>
      example.story(async (page, context) => {
        await example.signIn(page, '/sessions', false, 'grace')
        // As when the sign-in was a while ago.
        const tag = await page.locator('[name=session-subject]').first().inputValue()
        await page.setContent(
          `<form method="post" action="${example.at('/sessions/confirm')}"><input name="session-subject" value="${tag}"><input name="password" value="wrong"></form>`,
        )
        await page.evaluate(() => document.forms[0]?.submit())
        await page.getByText('This is not your password.').waitFor()
        expect(await violations(page)).toEqual([])
        await eventually(() => page.evaluate(() => document.activeElement?.id), 'confirm-password')
        expect(await page.getByRole('button', { name: /^End the session/ }).count()).toBe(0)
        await page.getByLabel('Your password').fill('demo')
        await page.getByRole('button', { name: 'Confirm' }).click()
        await page.waitForURL(example.at('/sessions'))
        expect(await page.getByLabel('Your password').count()).toBe(0)
        expect(await example.me(context)).toMatchObject({ subject: 'grace' })
      }))

    it('a wrong password puts the focus where to go on', () =>
      example.story(async (page) => {
        await page.goto(example.at('/'))
        await page.getByLabel('Username').fill('ada')
        await page.getByLabel('Password').fill('wrong')
        await page.getByRole('button', { name: 'Sign in' }).click()
        await page.getByText('Wrong username or password.').waitFor()
        await eventually(() => page.evaluate(() => document.activeElement?.id), 'password')
      }))

    it('no page moves when its script begins, or puts text back', () =>
      example.story(async (page) => {
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
        // A shift below the fold is not counted, so the height must say whether text that is put back moves it.
        const height = () => page.evaluate(() => document.documentElement.scrollHeight)
        await example.signIn(page)
        for (const [path, field] of [
          ['/', '#note'],
          ['/letter', '#letter'],
        ] as const) {
          await page.goto(example.at(path))
          await page.getByRole('timer').waitFor()
          await page.waitForTimeout(500)
          const shift = await page.evaluate(() => document.documentElement.dataset.shift ?? '0')
          expect(Number(shift)).toBeLessThan(0.01)
          const before = await height()
          await page.locator(field).fill('a draft')
          await eventually(() => page.evaluate(() => localStorage.length > 0), true)
          await page.reload()
          await page.getByText('Your unsaved text is back.').waitFor()
          expect(await height()).toBe(before)
          await page.getByRole('button', { name: 'Discard it' }).click()
          await page.getByText('Your unsaved text is back.').waitFor({ state: 'hidden' })
        }
      }))

    it('shows nothing without JavaScript that needs it, and no gap in its place', () =>
      example.story(
        async (page) => {
          await example.signIn(page)
          for (const selector of ['#countdown', '#unread', '#note-draft']) {
            expect([selector, await page.locator(selector).isVisible()]).toEqual([selector, false])
            expect(await page.locator(selector).boundingBox()).toBeNull()
          }
          await page.getByLabel('Your note').fill('kept')
          await page.getByRole('button', { name: 'Save note' }).click()
          await page.getByText('Your note is saved.').waitFor()
          await signOut(page)
          await heading(page, 'You are signed out').waitFor()
          await page.getByRole('link', { name: 'Sign in again' }).click()
          await heading(page, 'Sign in').waitFor()
        },
        { javaScriptEnabled: false },
      ))

    it('a long name takes no room from the button beside it', () =>
      example.story(
        async (page) => {
          await example.signIn(page)
          const size = async () => {
            const box = await page.locator('#sign-out button').boundingBox()
            return box && [box.width, box.height]
          }
          const before = await size()
          await page.locator('.who').evaluate((who) => {
            who.textContent = 'a.very.long-name@department.of.an.organisation.example'
          })
          expect(before).not.toBeNull()
          expect(await size()).toEqual(before)
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
        },
        { viewport: { width: 320, height: 600 } },
      ))

    it('signing in, out and in again at once is no fault of the browser', () =>
      example.story(async (page) => {
        await example.signIn(page)
        await page.getByRole('timer').waitFor()
        await signOut(page)
        await page.waitForURL(/\/ended/)
        await page.goto(example.at('/'))
        expect(await page.getByRole('main').textContent()).not.toContain('did not keep the session')
      }))

    it('somebody forced out is told so by what the page asks anyway', () =>
      example.story(async (page, context) => {
        await example.signIn(page)
        const response = await context.request.post(example.at('/admin/sign-out-all'), {
          headers: { origin: example.origin },
          maxRedirects: 0,
        })
        expect(response.status()).toBe(303)
        await page.waitForURL(/\/ended\?reason=revoked/, { timeout: 2 * SOON })
      }))
  })

  describe.each(['light', 'dark'] as const)('in a %s scheme', (colorScheme) => {
    it('has no page with a violation that axe-core finds', { timeout: TIMEOUT }, () =>
      // As narrow as WCAG asks for: nothing may need scrolling sideways.
      example.story(
        async (page) => {
          const check = async (...paths: string[]) => {
            for (const path of paths) {
              await page.goto(example.at(path))
              expect([path, ...(await violations(page))]).toEqual([path])
              expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320)
            }
          }
          const ended = '/ended?reason='
          await check('/', `${ended}idle&return=/letter`, `${ended}absolute&interrupted`)
          await example.signIn(page, '/', true)
          await check('/', '/letter', '/?again', '/nowhere', `${ended}other-subject`)
          await check('/sessions', '/admin', '/admin/sessions?subject=ada')
        },
        { colorScheme, viewport: { width: 320, height: 640 } },
      ),
    )
  })
})
