import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeInBrowser } from './browser.ts'
import type { Site, Visitor } from './site.ts'
import { beforeEachVisit } from './visit.ts'

// How the drafts of several subjects and tabs meet is in pages.test.ts, by the example.

describeInBrowser('keepDrafts', () => {
  let site: Site
  let visitor: Visitor

  beforeEachVisit((visit) => {
    ;({ site, visitor } = visit)
  })

  const open = () => visitor.open({}, { drafts: 'input, textarea' })
  const held = (page: Page) => page.evaluate(() => globalThis.test.drafts?.held())

  it.each([
    { type: 'password' },
    { autocomplete: 'current-password' },
    { autocomplete: 'new-password' },
    { autocomplete: 'one-time-code' },
    { autocomplete: 'cc-number' },
  ])('keeps no secret, whatever the selector: %j', async (attributes) => {
    const page = await open()
    await page.evaluate((attributes) => {
      const field = document.createElement('input')
      for (const [name, value] of Object.entries({ name: 'secret', ...attributes })) {
        field.setAttribute(name, value)
      }
      document.querySelector('main')?.append(field)
    }, attributes)
    await page.locator('[name=secret]').fill('4000 0000')
    expect(await held(page)).toBe(0)
    await page.locator('#note').fill('a note')
    expect(await held(page)).toBe(1)
  })

  it('keeps what one subject typed when another has signed in and out meanwhile', async () => {
    const page = await open()
    await page.locator('#note').fill('of ada')
    expect(await held(page)).toBe(1)
    // Its question about who is signed in gets no answer for now.
    await page.route('**/session', () => {})
    await visitor.context.request.get(`${site.origin}/sign-in?subject=grace`)
    const other = await visitor.open()
    expect(await other.evaluate(() => globalThis.test.watcher?.signOut())).toBe(true)
    await visitor.settle()
    expect(await held(page)).toBe(1)
    expect(await page.evaluate(() => globalThis.test.events)).toEqual([])
  })

  it('goes on when the same subject has signed in again after a sign-out', async () => {
    const page = await open()
    await page.locator('#note').fill('before')
    expect(await held(page)).toBe(1)
    await page.evaluate(() => globalThis.test.watcher?.signOut())
    expect(await held(page)).toBe(0)
    // What is typed after it is nobody's.
    await page.locator('#note').fill('between')
    expect(await held(page)).toBe(0)
    await visitor.context.request.get(`${site.origin}/sign-in`)
    await visitor.open()
    await expect.poll(() => page.evaluate(() => globalThis.test.watcher?.state)).toBe('active')
    await page.locator('#note').fill('after')
    expect(await held(page)).toBe(1)
  })
})
