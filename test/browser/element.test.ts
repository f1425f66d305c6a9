import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { violations } from './accessibility.ts'
import { describeInBrowser, launch } from './browser.ts'
import { expectHeard, heard, IDLE, type Site, startSite, Visitor } from './site.ts'

const WARN_BEFORE = 60
/** Soon reached. */
const ABSOLUTE = 300

/** Of two colours as `rgb(…)`, after WCAG 2.2. */
function contrast(colours: string[]): number {
  const luminances = colours.map((colour) => {
    const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? [])
      .map((value) => Number(value) / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
  })
  return Math.max(...luminances) / Math.min(...luminances)
}

const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement } = document
    const inside = activeElement?.shadowRoot?.activeElement
    return inside ? inside.getAttribute('part') : (activeElement?.id ?? null)
  })

describeInBrowser('<session-warning>', () => {
  let browser: Browser
  let site: Site
  let visitor: Visitor

  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    site = await startSite({ absoluteTimeout: ABSOLUTE })
    visitor = await Visitor.signIn(await browser.newContext(), site)
  })
  afterEach(async () => {
    await visitor.context.close()
    await site.close()
  })

  const dialog = (page: Page) => page.getByRole('alertdialog')
  const button = (page: Page, name: string) => dialog(page).getByRole('button', { name })

  const ended = (page: Page) =>
    page.getByRole('alertdialog', { name: 'Your session has ended', includeHidden: true })

  /** Blurred, out of reach, and given back together. */
  const isCovered = (page: Page) =>
    page.evaluate(() => {
      const isBlurred = getComputedStyle(document.body).filter !== 'none'
      if (isBlurred !== document.querySelector('main')?.inert) throw new Error('half covered')
      return isBlurred
    })

  const open = (element = '', query: Record<string, string> = {}) =>
    visitor.open({ warnBefore: WARN_BEFORE }, { element, ...query })

  async function openWarned(element = '', query: Record<string, string> = {}): Promise<Page> {
    const page = await open(element, query)
    await page.locator('#note').focus()
    await visitor.pass(IDLE - WARN_BEFORE)
    await dialog(page).waitFor()
    return page
  }

  /** Stays active until the absolute limit is what ends the session. */
  async function openWarnedOfAbsolute(element = ''): Promise<Page> {
    const page = await open(element)
    for (let passed = 0; passed < ABSOLUTE - WARN_BEFORE; passed += 30) {
      await page.locator('#note').press('x')
      await visitor.settle()
      await visitor.pass(30)
    }
    await dialog(page).waitFor()
    return page
  }

  it('is not there until the session is about to end', async () => {
    const page = await open()
    expect(await dialog(page).count()).toBe(0)
    expect(await page.locator('session-warning').boundingBox()).toBeNull()
  })

  it('warns as a modal alert dialog with a name and a description', async () => {
    const page = await openWarned()
    const found = page.getByRole('alertdialog', {
      name: 'Are you still there?',
      description: 'You will be signed out in 60 seconds',
    })
    expect(await found.count()).toBe(1)
    expect(await found.getAttribute('aria-modal')).toBe('true')
    // What is behind it cannot be reached.
    await page
      .locator('#note')
      .click({ timeout: 200 })
      .catch(() => undefined)
    expect(await focused(page)).toBe('dialog')
  })

  it('counts down', async () => {
    const page = await openWarned()
    // What has not changed is left as it is, or a screen reader might read it again.
    await page.evaluate(() => {
      const root = document.querySelector('session-warning')?.shadowRoot
      for (const part of ['title', 'offline']) {
        const element = root?.querySelector(`[part=${part}]`)
        if (!element) throw new Error(`no ${part}`)
        new MutationObserver(() => globalThis.test.events.push(part)).observe(element, {
          childList: true,
        })
      }
    })
    await heard(page)
    await visitor.pass(15)
    await expect.poll(() => dialog(page).textContent()).toContain('in 45 seconds')
    expect(await heard(page)).toEqual([])
  })

  describe('stays', () => {
    it.each(['Enter', 'Space', 'Escape'])('by %s, and gives the focus back', async (key) => {
      const page = await openWarned()
      await page.keyboard.press(key)
      await dialog(page).waitFor({ state: 'hidden' })
      await expectHeard(
        page,
        { name: 'warning', secondsLeft: WARN_BEFORE, limit: 'idle' },
        { name: 'extended', secondsLeft: IDLE },
      )
      expect(await focused(page)).toBe('note')
      await page.keyboard.type('still here')
      expect(await page.locator('#note').inputValue()).toBe('still here')
    })

    it('by a click', async () => {
      const page = await openWarned()
      await button(page, 'Stay signed in').click()
      await dialog(page).waitFor({ state: 'hidden' })
    })

    it('by the back gesture of a phone', async () => {
      const page = await openWarned()
      // As a close request that is no key.
      await dialog(page).evaluate((element) => (element as HTMLDialogElement).requestClose())
      await dialog(page).waitFor({ state: 'hidden' })
      expect((await heard(page)).at(-1)).toEqual({ name: 'extended', secondsLeft: IDLE })
    })

    it('as often as the visitor likes', async () => {
      await site.close()
      site = await startSite({ absoluteTimeout: 86_400 })
      await visitor.context.close()
      visitor = await Visitor.signIn(await browser.newContext(), site)
      const page = await open()
      for (let times = 0; times < 11; times++) {
        await visitor.pass(IDLE - WARN_BEFORE)
        await dialog(page).waitFor()
        await page.keyboard.press('Escape')
        await dialog(page).waitFor({ state: 'hidden' })
      }
    })

    it('when another tab does', async () => {
      const [one, other] = [await open(), await open()]
      await visitor.pass(IDLE - WARN_BEFORE)
      await dialog(other).waitFor()
      await button(one, 'Stay signed in').click()
      await dialog(one).waitFor({ state: 'hidden' })
      await dialog(other).waitFor({ state: 'hidden' })
    })
  })

  it('keeps the focus inside', async () => {
    const page = await openWarned()
    const seen = new Set<string | null>()
    for (let presses = 0; presses < 6; presses++) {
      await page.keyboard.press('Tab')
      seen.add(await focused(page))
    }
    expect(seen).toContain('button sign-out')
    expect(seen).toContain('button primary stay')
    expect(seen).not.toContain('note')
  })

  it.each<[string, (button: Locator) => Promise<void>]>([
    ['a click', (button) => button.click()],
    ['Enter', (button) => button.press('Enter')],
    ['Space', (button) => button.press('Space')],
  ])('signs out by %s', async (_, press) => {
    const page = await openWarned()
    await press(button(page, 'Sign out'))
    await ended(page).waitFor()
    expect(await dialog(page).textContent()).toContain('Because you signed out.')
    expect(await dialog(page).textContent()).not.toContain('a copy of your cookies')
  })

  it('says when a sign-out could not be recorded', async () => {
    const page = await openWarned()
    site.listIsDown = true
    await button(page, 'Sign out').click()
    await ended(page).waitFor()
    expect(await dialog(page).textContent()).toContain('a copy of your cookies still works')
  })

  describe('while an answer is under way', () => {
    it('is busy, and says so', async () => {
      const page = await openWarned()
      site.fault = 'silent'
      await page.keyboard.press('Enter')
      const message = page.getByText('One moment')
      await message.waitFor()
      expect(await message.getAttribute('role')).toBe('status')
      expect(await dialog(page).getAttribute('aria-busy')).toBe('true')
      expect(await button(page, 'Sign out').isDisabled()).toBe(true)
      site.fault = undefined
      site.speak()
      await dialog(page).waitFor({ state: 'hidden' })
    })

    it('says that a sign-out has not worked yet, and makes up for it', async () => {
      const page = await openWarned()
      site.fault = 'no sign-out'
      await button(page, 'Sign out').click()
      await page.getByText('You are not signed out yet.').waitFor()
      site.fault = undefined
      await visitor.pass(5)
      await ended(page).waitFor()
    })
  })

  describe('when the session has ended', () => {
    it('says why, covers the page, and leads to the sign-in and back', async () => {
      const page = await openWarned('sign-in-url="/sign-in?then={path}"')
      await visitor.pass(WARN_BEFORE + 1)
      await ended(page).waitFor()
      expect(await dialog(page).textContent()).toContain('Because nothing has happened here')
      expect(await isCovered(page)).toBe(true)
      await page.keyboard.press('Escape')
      await page.keyboard.press('Escape')
      expect(await dialog(page).isVisible()).toBe(true)
      const link = dialog(page).getByRole('link', { name: 'Sign in again now' })
      const { pathname, search } = new URL(page.url())
      const wanted = `/sign-in?then=${encodeURIComponent(pathname + search)}`
      expect(await link.getAttribute('href')).toBe(wanted)
      expect(await dialog(page).getByRole('button').count()).toBe(0)
    })

    it.each([
      ['revoked', 'Because it was ended elsewhere.', () => site.revokeAll()],
      [
        'signed-out',
        'Because you signed out.',
        async () => {
          await visitor.context.request.get(`${site.origin}/sign-out`)
        },
      ],
      [
        'other-subject',
        'Because somebody else has signed in.',
        async () => {
          await visitor.context.request.get(`${site.origin}/sign-in?subject=grace`)
        },
      ],
    ])('names the reason %s', async (_, words, end) => {
      const page = await open()
      await visitor.pass(2)
      await end()
      await page.evaluate(() => dispatchEvent(new Event('focus')))
      await ended(page).waitFor()
      expect(await dialog(page).textContent()).toContain(words)
    })

    it('leaves the end to an app that answers it, though it listens later', async () => {
      const page = await open()
      await page.evaluate(() => {
        globalThis.test.watcher?.addEventListener('ended', (event) => event.preventDefault())
      })
      await visitor.pass(IDLE + 1)
      expect((await heard(page)).at(-1)).toEqual({ name: 'ended', reason: 'idle' })
      expect(await dialog(page).count()).toBe(0)
      expect(await isCovered(page)).toBe(false)
    })

    it('goes on where it was when the same person signs in in another tab', async () => {
      const page = await open('sign-in-url="/sign-in"')
      await page.locator('#note').fill('not saved')
      await visitor.pass(IDLE + 1)
      await ended(page).waitFor()
      expect(await dialog(page).textContent()).toContain('What you typed is not saved.')
      const [tab] = await Promise.all([
        visitor.context.waitForEvent('page'),
        dialog(page).getByRole('link', { name: 'Sign in again now' }).click(),
      ])
      await tab.waitForURL('**/sign-in')
      await visitor.open()
      await dialog(page).waitFor({ state: 'hidden' })
      expect(await isCovered(page)).toBe(false)
      expect(await page.locator('#note').inputValue()).toBe('not saved')
      expect(await focused(page)).toBe('note')
    })

    it('says nothing of text where only what is not text was changed', async () => {
      const page = await open()
      await page.evaluate(() => {
        for (const type of ['checkbox', 'radio', 'range', 'color', 'hidden']) {
          document
            .querySelector('main')
            ?.append(Object.assign(document.createElement('input'), { type }))
        }
      })
      await page.getByRole('checkbox').check()
      await visitor.pass(IDLE + 1)
      await ended(page).waitFor()
      expect(await dialog(page).textContent()).not.toContain('What you typed')
    })

    it('says that text is kept where the page keeps it', async () => {
      const page = await open('sign-in-url="/sign-in" keeps-drafts')
      await page.locator('#note').fill('kept')
      await visitor.pass(IDLE - WARN_BEFORE)
      await dialog(page).waitFor()
      expect(await dialog(page).textContent()).toContain('What you typed is kept on this device.')
      await visitor.pass(WARN_BEFORE + 1)
      await ended(page).waitFor()
      expect(await dialog(page).textContent()).toContain('What you typed is kept on this device.')
      expect(await dialog(page).getByRole('link').getAttribute('target')).toBe('')
    })

    it.each(['', 'sign-in-url="{path}"'])(
      'leads to no other site, whatever the path of the page: %s',
      async (attribute) => {
        const page = await open(attribute)
        const address = `${site.origin}//evil.example/x?y=z`
        await page.evaluate((address) => history.replaceState(null, '', address), address)
        await visitor.pass(IDLE + 1)
        await ended(page).waitFor()
        const href = await dialog(page)
          .getByRole('link')
          .evaluate((link: HTMLAnchorElement) => link.href)
        expect(new URL(href).origin).toBe(site.origin)
        if (attribute === '') expect(href).toBe(address)
      },
    )

    it('does not say that text is kept after a sign-out, when drafts are gone', async () => {
      const page = await open('sign-in-url="/sign-in" keeps-drafts')
      await page.locator('#note').fill('not kept')
      const other = await visitor.open()
      await other.evaluate(() => globalThis.test.watcher?.signOut())
      await ended(page).waitFor()
      expect(await dialog(page).textContent()).toContain('Because you signed out.')
      expect(await dialog(page).textContent()).toContain('What you typed is not saved.')
      expect(await dialog(page).getByRole('link').getAttribute('target')).toBe('_blank')
    })

    it('shows nothing on a page where nobody was signed in', async () => {
      await visitor.context.clearCookies()
      const page = await open()
      expect(await heard(page)).toEqual([{ name: 'ended', reason: 'signed-out' }])
      expect(await dialog(page).count()).toBe(0)
    })
  })

  it('covers the page when the end has passed and the server does not answer', async () => {
    const page = await openWarned()
    site.fault = 'down'
    await visitor.pass(WARN_BEFORE + 1)
    expect(await isCovered(page)).toBe(false)
    await visitor.pass(2)
    await page.getByText('Your time is over').waitFor()
    await page.getByText('The server cannot be reached. Trying again.').waitFor()
    expect(await isCovered(page)).toBe(true)
    site.fault = undefined
    await visitor.context.request.get(`${site.origin}/sign-in`)
    await visitor.pass(5)
    await dialog(page).waitFor({ state: 'hidden' })
    expect(await isCovered(page)).toBe(false)
  })

  describe('to somebody who is typing', () => {
    it('waits for a pause, and shows the time left meanwhile', async () => {
      const page = await open()
      // As editors do that keep their keys to themselves.
      await page.evaluate(() => {
        for (const type of ['keydown', 'input']) {
          document.body.addEventListener(type, (event) => event.stopPropagation())
        }
      })
      site.fault = 'down'
      await visitor.pass(IDLE - WARN_BEFORE - 1)
      for (let seconds = 0; seconds < 5; seconds++) {
        await page.locator('#note').press('x')
        await visitor.pass(0.5)
        await page.locator('#note').press(' ')
        await visitor.pass(0.5)
      }
      expect(await dialog(page).count()).toBe(0)
      await page.getByRole('timer').waitFor()
      expect(await page.getByRole('timer').textContent()).toContain('ends in 5')
      expect(await page.locator('#note').inputValue()).toBe('x x x x x ')
      await visitor.pass(2)
      await dialog(page).waitFor()
      expect(await page.getByRole('timer').count()).toBe(0)
    })
  })

  it('covers the page around it and leaves alone what the app made inert', async () => {
    const page = await open('sign-in-url="/sign-in"')
    await page.evaluate(() => {
      const own = Object.assign(document.createElement('aside'), { inert: true })
      const around = document.createElement('section')
      const element = document.querySelector('session-warning')
      document.body.append(own, around)
      if (element) around.append(element)
    })
    const inert = () =>
      page.evaluate(() =>
        ['main', 'aside', 'section'].map(
          (name) => document.querySelector<HTMLElement>(name)?.inert,
        ),
      )
    await visitor.pass(IDLE + 1)
    await ended(page).waitFor()
    expect(await inert()).toEqual([true, true, false])
    await visitor.context.request.get(`${site.origin}/sign-in`)
    await page.evaluate(() =>
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
    )
    await dialog(page).waitFor({ state: 'hidden' })
    expect(await inert()).toEqual([false, true, false])
  })

  it('leaves the scrollbar’s room, so that the page does not move', async () => {
    const withScrollbars = await launch({ ignoreDefaultArgs: ['--hide-scrollbars'] })
    try {
      await visitor.context.close()
      visitor = await Visitor.signIn(await withScrollbars.newContext(), site)
      for (const height of ['10px', '5000px']) {
        const page = await open()
        await page.locator('main').evaluate((main, height) => {
          main.style.height = height
        }, height)
        const widths = () => page.evaluate(() => [innerWidth, document.body.clientWidth])
        const before = await widths()
        const scrollbar = () =>
          page.evaluate(() => innerWidth - document.documentElement.clientWidth)
        expect((await scrollbar()) > 0).toBe(height === '5000px')
        await visitor.pass(IDLE - WARN_BEFORE)
        await dialog(page).waitFor()
        expect(await widths()).toEqual(before)
        await page.keyboard.press('Escape')
        await dialog(page).waitFor({ state: 'hidden' })
        expect(await widths()).toEqual(before)
        await page.close()
      }
    } finally {
      await withScrollbars.close()
    }
  })

  it('keeps the page from scrolling, and gives that back', async () => {
    const page = await open()
    const before = await page.locator('main').boundingBox()
    await visitor.pass(IDLE - WARN_BEFORE)
    await dialog(page).waitFor()
    expect(await page.locator('main').boundingBox()).toEqual(before)
    const overflow = () => page.evaluate(() => getComputedStyle(document.documentElement).overflow)
    expect(await overflow()).toBe('hidden')
    await page.keyboard.press('Escape')
    await dialog(page).waitFor({ state: 'hidden' })
    expect(await overflow()).toBe('visible')
  })

  it('says it in the title, and gives that back', async () => {
    const page = await openWarned()
    expect(await page.title()).toBe('Your session ends in 60 seconds · Test page')
    await page.evaluate(() => {
      document.title = 'Renamed'
    })
    await visitor.pass(1)
    expect(await page.title()).toBe('Your session ends in 59 seconds · Renamed')
    await page.keyboard.press('Escape')
    await dialog(page).waitFor({ state: 'hidden' })
    expect(await page.title()).toBe('Renamed')
    await visitor.pass(IDLE + 1)
    await ended(page).waitFor()
    expect(await page.title()).toBe('Your session has ended · Renamed')
  })

  it('is not printed, and neither is a page that it covers', async () => {
    const page = await openWarned()
    await page.emulateMedia({ media: 'print' })
    const isSeen = (selector: string) =>
      page.evaluate((selector) => document.querySelector(selector)?.checkVisibility(), selector)
    expect(await dialog(page).isVisible()).toBe(false)
    expect(await isSeen('#note')).toBe(true)
    await page.emulateMedia({ media: 'screen' })
    await visitor.pass(WARN_BEFORE + 1)
    await ended(page).waitFor()
    await page.emulateMedia({ media: 'print' })
    expect(await isSeen('#note')).toBe(false)
  })

  it('speaks at a few marks and not every second', async () => {
    const page = await openWarned()
    await page.evaluate(() => {
      const spoken = document
        .querySelector('session-warning')
        ?.shadowRoot?.querySelector('[part=spoken]')
      if (!spoken) throw new Error('no live region')
      if (spoken.getAttribute('role') !== 'status') throw new Error('not polite')
      const { position, clipPath } = getComputedStyle(spoken)
      if (position !== 'fixed' || clipPath !== 'inset(50%)') throw new Error('seen')
      new MutationObserver(() => globalThis.test.events.push(spoken.textContent)).observe(spoken, {
        childList: true,
      })
    })
    await heard(page)
    await visitor.pass(WARN_BEFORE - 1)
    expect(await heard(page)).toEqual([
      'Your session ends in 30 seconds',
      'Your session ends in 10 seconds',
    ])
  })

  it.each(['Enter', 'Escape'])(
    'says that the server cannot be reached, and stays open, after %s',
    async (key) => {
      const page = await openWarned()
      site.fault = 'down'
      await page.keyboard.press(key)
      await page.keyboard.press(key)
      const message = page.getByText('The server cannot be reached. Trying again.')
      await message.waitFor()
      expect(await message.getAttribute('role')).toBe('status')
      expect(await dialog(page).isVisible()).toBe(true)
      site.fault = undefined
      await visitor.pass(5)
      await dialog(page).waitFor({ state: 'hidden' })
      expect(await page.evaluate(() => globalThis.test.watcher?.state)).toBe('active')
    },
  )

  describe('for the absolute limit', () => {
    it('says that signing in again will be needed, and lets the visitor work on', async () => {
      const page = await openWarnedOfAbsolute('sign-in-url="/sign-in?return=/page"')
      expect(await dialog(page).textContent()).toContain('whatever you do. Save your work')
      expect(await focused(page)).toBe('dialog')
      expect(await button(page, 'Stay signed in').count()).toBe(0)
      const link = dialog(page).getByRole('link', { name: 'Sign in again now' })
      expect(await link.getAttribute('href')).toBe('/sign-in?return=/page')
      site.requests()
      await page.keyboard.press('Escape')
      await dialog(page).waitFor({ state: 'hidden' })
      expect(await focused(page)).toBe('note')
      await visitor.pass(WARN_BEFORE - 5)
      expect(site.requests()).toEqual([])
      expect(await dialog(page).count()).toBe(0)
      // The time left is still shown.
      expect(await page.getByRole('timer').textContent()).toBe('Your session ends in 5 seconds')
    })

    it('opens the sign-in beside the page, so that unsaved text stays', async () => {
      const page = await openWarnedOfAbsolute('sign-in-url="/sign-in?return={path}"')
      const link = dialog(page).getByRole('link', { name: 'Sign in again now' })
      expect(await dialog(page).textContent()).toContain('What you typed is not saved.')
      const [tab] = await Promise.all([visitor.context.waitForEvent('page'), link.click()])
      await tab.waitForURL('**/sign-in?return=*')
      await visitor.open()
      await dialog(page).waitFor({ state: 'hidden' })
      expect(await page.locator('#note').inputValue()).not.toBe('')
      expect(await page.evaluate(() => globalThis.test.watcher?.limit)).toBe('idle')
    })

    it('takes over when staying brings it near', async () => {
      await site.close()
      site = await startSite({ absoluteTimeout: IDLE + 30 })
      await visitor.context.close()
      visitor = await Visitor.signIn(await browser.newContext(), site)
      const page = await openWarned()
      await visitor.pass(WARN_BEFORE - 20)
      await page.keyboard.press('Enter')
      await page.getByRole('alertdialog', { name: 'Time to sign in again soon' }).waitFor()
      expect(await dialog(page).textContent()).toContain('ends in 50 seconds')
      await visitor.pass(20)
      expect(await dialog(page).textContent()).toContain('ends in 30 seconds')
      await page.keyboard.press('Tab')
      expect(await focused(page)).toBe('button primary dismiss')
      await page.keyboard.press('Enter')
      await dialog(page).waitFor({ state: 'hidden' })
      expect(await focused(page)).toBe('note')
    })

    it('has no link when nobody said where to', async () => {
      const page = await openWarnedOfAbsolute()
      expect(await dialog(page).getByRole('link').count()).toBe(0)
      await button(page, 'Keep working').click()
      await dialog(page).waitFor({ state: 'hidden' })
    })

    it.each(['Space', 'Enter'])('is not dismissed by a %s meant for a text', async (key) => {
      const page = await openWarnedOfAbsolute()
      await page.keyboard.press(key)
      await visitor.pass(1)
      expect(await dialog(page).isVisible()).toBe(true)
    })
  })

  it('speaks other languages', async () => {
    const page = await openWarned(
      'lang="de" text-idle-title="Sind Sie noch da?" text-idle-text="Abmeldung in {time}." text-stay="Angemeldet bleiben" text-sign-out="Abmelden"',
    )
    const found = page.getByRole('alertdialog', { name: 'Sind Sie noch da?' })
    expect(await found.textContent()).toContain('Abmeldung in 60 Sekunden.')
    expect(await found.getByRole('button', { name: 'Angemeldet bleiben' }).count()).toBe(1)
    expect(await found.getByRole('button', { name: 'Abmelden' }).count()).toBe(1)
  })

  it('survives a language that nobody knows', async () => {
    const page = await openWarned('lang="en_US!"')
    expect(await dialog(page).textContent()).toContain('60 seconds')
  })

  it('gives longer times in minutes', async () => {
    await site.close()
    site = await startSite({ idleTimeout: 300 })
    await visitor.context.close()
    visitor = await Visitor.signIn(await browser.newContext(), site)
    const page = await visitor.open({ warnBefore: 150 }, { element: '' })
    await visitor.pass(150)
    await dialog(page).waitFor()
    expect(await dialog(page).textContent()).toContain('in 2 minutes')
    await visitor.pass(31)
    expect(await dialog(page).textContent()).toContain('in 119 seconds')
  })

  it('watches by itself when given a status-url, and stops when it is removed', async () => {
    const page = await open('status-url="/session" warn-before="30" touch-every="90"', {
      watch: '',
    })
    await visitor.settle()
    expect(site.requests()).toEqual(['GET'])
    await visitor.pass(IDLE - 30)
    await dialog(page).waitFor()
    const state = await page.evaluate(async () => {
      const element = document.querySelector('session-warning')
      const watcher = element?.watcher
      element?.remove()
      // Not before it is clear that it was not moved.
      await Promise.resolve()
      return [watcher?.state, element?.watcher]
    })
    expect(state).toEqual(['stopped', undefined])
    site.requests()
    await visitor.pass(IDLE)
    expect(site.requests()).toEqual([])
  })

  it('goes on with its watcher when it is moved within the page', async () => {
    const page = await open('status-url="/session" warn-before="30"', { watch: '' })
    await visitor.settle()
    await visitor.pass(IDLE - 30)
    await dialog(page).waitFor()
    const isSame = await page.evaluate(async () => {
      const element = document.querySelector('session-warning')
      const before = element?.watcher
      document.querySelector('main')?.append(element ?? '')
      await Promise.resolve()
      return before !== undefined && element?.watcher === before
    })
    expect(isSame).toBe(true)
    expect(await dialog(page).isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    await dialog(page).waitFor({ state: 'hidden' })
  })

  it('leaves a watcher that the app made running when it is removed', async () => {
    const page = await openWarned()
    await page.evaluate(() => document.querySelector('session-warning')?.remove())
    expect(await page.evaluate(() => globalThis.test.watcher?.state)).toBe('warning')
  })

  it('opens when it is put into a page that is already warned', async () => {
    const page = await openWarned()
    await page.evaluate(() => {
      document.querySelector('session-warning')?.remove()
      const late = document.createElement('session-warning')
      late.watcher = globalThis.test.watcher
      document.body.append(late)
    })
    await dialog(page).waitFor()
  })

  describe('looks right', () => {
    it.each([
      ['idle', openWarned],
      ['absolute', openWarnedOfAbsolute],
    ])('and breaks no rule that axe knows, for the %s limit, light and dark', async (_, warned) => {
      const page = await warned('sign-in-url="/sign-in"')
      // axe waits by timers.
      await visitor.context.clock.resume()
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await violations(page)).toEqual([])
      }
    })

    it('and breaks no rule of a strict Content Security Policy', async () => {
      const complaints: string[] = []
      visitor.context.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      visitor.context.on('weberror', (error) => complaints.push(error.error().message))
      const page = await openWarned()
      await page.keyboard.press('Escape')
      await dialog(page).waitFor({ state: 'hidden' })
      expect(complaints).toEqual([])
    })

    it.each([
      ['plain words', ''],
      [
        'long words',
        'text-stay="Sitzungsverlängerungsbestätigung" text-idle-title="Sitzungszeitüberschreitungswarnung"',
      ],
    ])('in 320 px, also with the letters at 200 %%, with %s', async (_, texts) => {
      const page = await openWarned(texts)
      await page.setViewportSize({ width: 320, height: 480 })
      for (const size of ['16px', '32px']) {
        await page.evaluate((size) => {
          document.documentElement.style.fontSize = size
        }, size)
        const overflow = await page.evaluate(() => {
          const root = document.querySelector('session-warning')?.shadowRoot
          const box = root?.querySelector('dialog')
          return box && [box.scrollWidth - box.clientWidth, document.body.scrollWidth - innerWidth]
        })
        expect(overflow?.every((pixels) => pixels <= 0)).toBe(true)
        for (const each of await dialog(page).getByRole('button').all()) {
          const box = await each.boundingBox()
          expect(box?.height).toBeGreaterThanOrEqual(44)
          expect(box && box.x >= 0 && box.x + box.width <= 320).toBe(true)
        }
      }
    })

    it('in forced colours, with letters that can be read', async () => {
      const page = await openWarned()
      await page.emulateMedia({ forcedColors: 'active' })
      const colours = await button(page, 'Stay signed in').evaluate((element) => {
        const { color, backgroundColor, forcedColorAdjust } = getComputedStyle(element)
        return [color, backgroundColor, forcedColorAdjust]
      })
      // Otherwise the browser paints the page's colour behind the letters, which have it too.
      expect(colours.pop()).toBe('none')
      expect(contrast(colours)).toBeGreaterThanOrEqual(4.5)
    })

    it('follows the colour scheme of the page', async () => {
      const page = await openWarned()
      const background = () =>
        dialog(page).evaluate((element) => getComputedStyle(element).backgroundColor)
      await page.emulateMedia({ colorScheme: 'light' })
      expect(await background()).toBe('rgb(255, 255, 255)')
      await page.emulateMedia({ colorScheme: 'dark' })
      expect(await background()).toBe('rgb(18, 18, 18)')
    })

    it('in the colours and shapes of the app', async () => {
      const page = await openWarned()
      await page.evaluate(() => {
        const sheet = new CSSStyleSheet()
        sheet.replaceSync(`
          session-warning { --session-warning-accent: rgb(1, 2, 3); }
          session-warning::part(title) { color: rgb(4, 5, 6); }
        `)
        document.adoptedStyleSheets.push(sheet)
      })
      const stay = button(page, 'Stay signed in')
      const title = dialog(page).getByRole('heading')
      expect(await stay.evaluate((e) => getComputedStyle(e).backgroundColor)).toBe('rgb(1, 2, 3)')
      expect(await title.evaluate((e) => getComputedStyle(e).color)).toBe('rgb(4, 5, 6)')
    })
  })
})
