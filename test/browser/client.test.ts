import type { Browser, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { describeInBrowser } from './browser.ts'
import {
  ABSOLUTE,
  expectHeard,
  heard,
  IDLE,
  type Site,
  STARTED,
  startSite,
  Visitor,
} from './site.ts'
import { beforeEachVisit } from './visit.ts'

const WARN_BEFORE = 20

/** So long before the warning the server is asked, in seconds. */
const LEAD = 3
const UNTIL_WARNING = IDLE - WARN_BEFORE

/** With the warning time of 20 s and an idle timeout of 120 s: half the time until the warning. */
const TOUCH_INTERVAL = 50

const state = (page: Page) => page.evaluate(() => globalThis.test.watcher?.state)
const secondsLeft = (page: Page) => page.evaluate(() => globalThis.test.watcher?.secondsLeft)
const extend = (page: Page) => page.evaluate(() => globalThis.test.watcher?.extend())
const signOut = (page: Page) => page.evaluate(() => globalThis.test.watcher?.signOut())
const wake = (page: Page) => page.evaluate(() => dispatchEvent(new Event('focus')))
const comeBack = (page: Page) =>
  page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
const type = (page: Page) => page.locator('#note').press('x')

/** Headless pages are always visible; this is what a page sees of being sent to the background. */
const hide = (page: Page) =>
  page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true })
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  })
const show = (page: Page) =>
  page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: false, configurable: true })
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  })

describeInBrowser('watchSession', () => {
  let browser: Browser
  let site: Site
  let visitor: Visitor

  beforeEachVisit((visit) => {
    ;({ browser, site, visitor } = visit)
  })

  describe('warns', () => {
    it('once, having asked once a little before, and asks nothing else', async () => {
      const page = await visitor.open()
      expect(site.requests()).toEqual(['GET'])
      expect(await state(page)).toBe('active')
      await visitor.pass(UNTIL_WARNING - LEAD - 1)
      expect(site.requests()).toEqual([])
      await visitor.pass(1)
      expect(site.requests()).toEqual(['GET'])
      await visitor.pass(LEAD - 1)
      expect(await heard(page)).toEqual([])
      await visitor.pass(1)
      await expectHeard(page, { name: 'warning', secondsLeft: WARN_BEFORE, limit: 'idle' })
      expect(await state(page)).toBe('warning')
      await visitor.pass(WARN_BEFORE - 1)
      expect(await secondsLeft(page)).toBe(1)
      expect(site.requests()).toEqual([])
      expect(await heard(page)).toEqual([])
    })

    it('not when another request has slid the deadline meanwhile', async () => {
      const page = await visitor.open()
      await visitor.pass(60)
      await visitor.context.request.get(`${site.origin}/visit`)
      await visitor.pass(60 - WARN_BEFORE - LEAD)
      await expectHeard(page, { name: 'extended', secondsLeft: 80 + LEAD })
      await visitor.pass(60)
      await visitor.pass(LEAD)
      await expectHeard(page, { name: 'warning', secondsLeft: WARN_BEFORE, limit: 'idle' })
    })

    it('of the absolute limit, which nothing extends', async () => {
      const page = await visitor.open()
      for (let passed = 0; passed < ABSOLUTE - WARN_BEFORE; passed += 58) {
        await type(page)
        await visitor.settle()
        await visitor.pass(58)
      }
      const all = await heard(page)
      expect(all.at(-1)).toEqual({ name: 'warning', secondsLeft: WARN_BEFORE, limit: 'absolute' })
      expect(await extend(page)).toBe(true)
      expect(await state(page)).toBe('warning')
      await visitor.pass(WARN_BEFORE + 1)
      await expectHeard(page, { name: 'ended', reason: 'absolute' })
    })

    it('at once when the page is opened late', async () => {
      const page = await visitor.open()
      await visitor.sleep(UNTIL_WARNING + 5)
      // A reload counts as activity in this app, so the watcher is started by hand.
      await page.evaluate(() => {
        globalThis.test.watcher?.stop()
        const watcher = globalThis.test.watchSession({ statusUrl: '/session/', warnBefore: 20 })
        watcher.addEventListener('warning', ({ detail }) => globalThis.test.events.push(detail))
      })
      await expectHeard(page, { secondsLeft: 15, limit: 'idle' })
    })
  })

  describe('extends', () => {
    it('on request, as often as the visitor likes', async () => {
      const page = await visitor.open()
      for (let times = 0; times < 3; times++) {
        await visitor.pass(UNTIL_WARNING)
        await expectHeard(page, { name: 'warning', secondsLeft: WARN_BEFORE, limit: 'idle' })
        expect(await extend(page)).toBe(true)
        await expectHeard(page, { name: 'extended', secondsLeft: IDLE })
      }
      expect(site.requests().filter((request) => request === 'POST /touch')).toHaveLength(3)
    })

    it('while the visitor types, at most once per interval, and never warns', async () => {
      const page = await visitor.open()
      for (let passed = 0; passed < 3 * TOUCH_INTERVAL; passed += 5) {
        await type(page)
        await visitor.settle()
        await visitor.pass(5)
      }
      expect(site.requests()).toEqual(['GET', 'POST /touch', 'POST /touch'])
      expect((await heard(page)).map((event) => (event as { name: string }).name)).toEqual([
        'extended',
        'extended',
      ])
    })

    it('at most as often as "touchEvery" says', async () => {
      const page = await visitor.open({ touchEvery: 10 })
      for (let passed = 0; passed < 40; passed += 5) {
        await type(page)
        await visitor.settle()
        await visitor.pass(5)
      }
      expect(site.requests()).toEqual(['GET', 'POST /touch', 'POST /touch', 'POST /touch'])
    })

    it.each<[string, (page: Page) => Promise<unknown>]>([
      ['a key', type],
      ['a click', (page) => page.mouse.click(5, 5)],
      ['the wheel', (page) => page.mouse.wheel(0, 10)],
      ['the pointer', (page) => page.mouse.move(50, 60, { steps: 2 })],
    ])('by %s', async (_, act) => {
      const page = await visitor.open()
      await visitor.pass(TOUCH_INTERVAL)
      await act(page)
      await expectHeard(page, { name: 'extended', secondsLeft: IDLE })
    })

    it('by typing in a frame of the same origin, also in one that came later', async () => {
      const page = await visitor.open({}, { frame: '' })
      await visitor.pass(TOUCH_INTERVAL)
      await page.frameLocator('iframe').locator('textarea').press('x')
      await expectHeard(page, { name: 'extended', secondsLeft: IDLE })
      await page.evaluate(() => {
        const frame = document.createElement('iframe')
        frame.src = '/frame'
        frame.id = 'late'
        document.body.append(frame)
      })
      const late = page.frameLocator('#late').locator('textarea')
      await late.waitFor()
      await visitor.pass(TOUCH_INTERVAL)
      await late.press('x')
      await expectHeard(page, { name: 'extended', secondsLeft: IDLE })
    })

    it('not by what a script does, nor by input to a hidden page, nor under a warning', async () => {
      const page = await visitor.open()
      await page.mouse.move(50, 60, { steps: 2 })
      await visitor.pass(TOUCH_INTERVAL)
      site.requests()
      // A pointer that rests while the page moves under it.
      await page.mouse.move(50, 60)
      await page.evaluate(() => {
        document.body.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true }))
        document.body.click()
        scrollTo(0, 50)
      })
      await hide(page)
      await type(page)
      await visitor.settle()
      expect(site.requests()).toEqual([])
      await show(page)
      await visitor.pass(UNTIL_WARNING - TOUCH_INTERVAL)
      site.requests()
      await type(page)
      await visitor.settle()
      expect(site.requests()).toEqual([])
      expect(await state(page)).toBe('warning')
    })
  })

  describe('keeps the session alive while busy', () => {
    const begin = (page: Page) =>
      page.evaluate(() => {
        const work = new Promise<void>((resolve) => {
          globalThis.test.work = resolve
        })
        globalThis.test.watcher?.busy(work)
      })

    it('for more than twice the idle timeout, hidden or not, and stops with the work', async () => {
      const page = await visitor.open()
      await hide(page)
      await begin(page)
      await visitor.pass(2 * IDLE + 10)
      expect(await state(page)).toBe('active')
      const names = (await heard(page)).map((event) => (event as { name: string }).name)
      expect(new Set(names)).toEqual(new Set(['extended']))
      await page.evaluate(() => globalThis.test.work?.())
      await visitor.pass(IDLE + 1)
      const [warning, ended] = await heard(page)
      expect(warning).toMatchObject({ name: 'warning', limit: 'idle' })
      expect(ended).toEqual({ name: 'ended', reason: 'idle' })
    })

    it('closes a warning that stands when the work begins', async () => {
      const page = await visitor.open()
      await visitor.pass(UNTIL_WARNING + 2)
      await heard(page)
      await begin(page)
      await expectHeard(page, { name: 'extended', secondsLeft: IDLE })
    })

    it('and refuses what is no promise, which would keep it alive for ever', async () => {
      const page = await visitor.open()
      const message = await page.evaluate(() => {
        try {
          globalThis.test.watcher?.busy(undefined as unknown as Promise<void>)
          return 'accepted'
        } catch (error) {
          return String(error)
        }
      })
      expect(message).toBe('TypeError: busy() takes a promise')
      await visitor.pass(IDLE + 1)
      expect(await state(page)).toBe('ended')
    })

    it('gives back what the work gives, failure too', async () => {
      const page = await visitor.open()
      const results = await page.evaluate(async () => {
        const busy = (work: Promise<string>) => globalThis.test.watcher?.busy(work)
        return [
          await busy(Promise.resolve('done')),
          await busy(Promise.reject(new Error('no')))?.catch((error) => error.message),
        ]
      })
      expect(results).toEqual(['done', 'no'])
    })
  })

  describe('tells the end', () => {
    it('once the server has said so, and only once', async () => {
      const page = await visitor.open()
      await visitor.pass(IDLE - 1)
      await heard(page)
      expect(await state(page)).toBe('warning')
      await visitor.pass(2)
      await expectHeard(page, { name: 'ended', reason: 'idle' })
      site.requests()
      await visitor.pass(30)
      await type(page)
      expect(await extend(page)).toBe(false)
      expect(site.requests()).toEqual([])
      await wake(page)
      await visitor.settle()
      expect(await heard(page)).toEqual([])
    })

    it('with the reason when an administrator ended it', async () => {
      const page = await visitor.open()
      await site.revokeAll()
      expect(await extend(page)).toBe(false)
      await expectHeard(page, { name: 'ended', reason: 'revoked' })
    })

    it('when the visitor signs out', async () => {
      const page = await visitor.open()
      expect(await signOut(page)).toBe(true)
      await expectHeard(page, { name: 'ended', reason: 'signed-out', recorded: true })
      expect(await visitor.context.cookies()).toEqual([])
    })

    it('and that a sign-out could not be recorded', async () => {
      const page = await visitor.open()
      site.listIsDown = true
      expect(await signOut(page)).toBe(false)
      await expectHeard(page, { name: 'ended', reason: 'signed-out', recorded: false })
      expect(await visitor.context.cookies()).toEqual([])
    })

    it('when the cookies are gone', async () => {
      const page = await visitor.open()
      await visitor.context.clearCookies()
      await visitor.pass(UNTIL_WARNING - LEAD)
      await expectHeard(page, { name: 'ended', reason: 'signed-out' })
    })

    it('when a page comes back from the back/forward cache', async () => {
      const page = await visitor.open()
      await visitor.context.clearCookies()
      await comeBack(page)
      await expectHeard(page, { name: 'ended', reason: 'signed-out' })
    })
  })

  describe('agrees with the other tabs', () => {
    it('one touches for all', async () => {
      const [one, other] = [await visitor.open(), await visitor.open()]
      await visitor.pass(TOUCH_INTERVAL)
      site.requests()
      await type(one)
      await expectHeard(one, { name: 'extended', secondsLeft: IDLE })
      await expectHeard(other, { name: 'extended', secondsLeft: IDLE })
      await type(other)
      await visitor.settle()
      expect(site.requests()).toEqual(['POST /touch'])
    })

    it('extending in one closes the warning in all', async () => {
      const [one, other] = [await visitor.open(), await visitor.open()]
      await visitor.pass(UNTIL_WARNING)
      await heard(one)
      await heard(other)
      expect(await state(other)).toBe('warning')
      await extend(one)
      await expectHeard(other, { name: 'extended', secondsLeft: IDLE })
      expect(await state(other)).toBe('active')
    })

    it('signing out in one ends all', async () => {
      const [one, other] = [await visitor.open(), await visitor.open()]
      await signOut(one)
      await expectHeard(one, { name: 'ended', reason: 'signed-out', recorded: true })
      await expectHeard(other, { name: 'ended', reason: 'signed-out', recorded: true })
    })

    it('finding the end in one ends all', async () => {
      const [one, other] = [await visitor.open(), await visitor.open()]
      await site.revokeAll()
      await comeBack(one)
      await expectHeard(one, { name: 'ended', reason: 'revoked' })
      await expectHeard(other, { name: 'ended', reason: 'revoked' })
    })

    it('news that come late change nothing', async () => {
      const page = await visitor.open()
      await page.evaluate((now) => {
        const endAt = now + 20_000
        const said = {
          ...{ is: 'alive', limit: 'idle', endAt, idleAt: endAt, idleTimeout: 120_000, tags: [] },
          ...{ saidAt: now - 100_000, askedAt: now - 100_000, startedAt: now },
        }
        const tabs = new BroadcastChannel(`sealed-session/2 ${location.origin}/session`)
        tabs.postMessage({ said, now, at: Date.now() })
      }, STARTED)
      await visitor.settle()
      expect(await secondsLeft(page)).toBe(IDLE)
      expect(await heard(page)).toEqual([])
    })

    /** What a tab says that has heard of an end. */
    const tellOfEnd = (page: Page, askedAt: number) =>
      page.evaluate((askedAt) => {
        const said = { is: 'over', reason: 'signed-out', recorded: undefined, askedAt }
        const tabs = new BroadcastChannel(`sealed-session/2 ${location.origin}/session`)
        tabs.postMessage({ said, now: askedAt, at: Date.now() })
      }, askedAt)

    it('asks about an end that was heard of before this session', async () => {
      const page = await visitor.open()
      await visitor.pass(5)
      site.requests()
      await tellOfEnd(page, STARTED - 1000)
      await expect.poll(() => site.requests()).toEqual(['GET'])
      await visitor.settle()
      expect(await state(page)).toBe('active')
    })

    it('believes an end that was heard of since', async () => {
      const page = await visitor.open()
      await visitor.pass(5)
      site.requests()
      await tellOfEnd(page, STARTED + 1000)
      await expectHeard(page, { name: 'ended', reason: 'signed-out' })
      expect(site.requests()).toEqual([])
    })

    it('and without BroadcastChannel each is on its own', async () => {
      await visitor.context.addInitScript(() => {
        Reflect.deleteProperty(globalThis, 'BroadcastChannel')
      })
      const [one, other] = [await visitor.open(), await visitor.open()]
      await visitor.pass(UNTIL_WARNING)
      await heard(other)
      await extend(one)
      await visitor.settle()
      expect(await state(one)).toBe('active')
      expect(await state(other)).toBe('warning')
      await visitor.pass(2)
      await wake(other)
      await expectHeard(other, { name: 'extended', secondsLeft: IDLE - 2 })
      await signOut(one)
      await visitor.pass(UNTIL_WARNING)
      await expectHeard(other, { name: 'ended', reason: 'signed-out' })
    })
  })

  describe('does not take a failure for the end', () => {
    it.each([
      ['down', {}],
      ['unavailable', { status: 503 }],
      ['html', { status: 200 }],
      ['foreign', { status: 401 }],
    ] as const)('%s: warns, and says at the end that it does not know', async (fault, detail) => {
      const page = await visitor.open()
      await visitor.pass(UNTIL_WARNING - LEAD - 1)
      site.fault = fault
      await visitor.pass(1)
      await expectHeard(page, { name: 'offline', ...detail })
      await visitor.pass(LEAD)
      await expectHeard(page, { name: 'warning', secondsLeft: WARN_BEFORE, limit: 'idle' })
      await visitor.pass(WARN_BEFORE + 1)
      expect(await heard(page)).toEqual([])
      expect(await secondsLeft(page)).toBe(0)
      await visitor.pass(1)
      await expectHeard(page, { name: 'overdue' })
      await visitor.pass(2 * IDLE)
      expect(await heard(page)).toEqual([])
      expect(await state(page)).toBe('warning')
      site.fault = undefined
      await visitor.pass(5)
      await expectHeard(page, { name: 'online' }, { name: 'ended', reason: 'idle' })
    })

    it('nor a server that is silent, which costs no warning', async () => {
      const page = await visitor.open()
      await visitor.pass(UNTIL_WARNING - LEAD - 1)
      site.fault = 'silent'
      await visitor.pass(LEAD + 1)
      await expectHeard(page, { name: 'warning', secondsLeft: WARN_BEFORE, limit: 'idle' })
    })

    it('and goes on where it stood when the server is back', async () => {
      const page = await visitor.open()
      await visitor.pass(UNTIL_WARNING - LEAD - 1)
      site.fault = 'down'
      await visitor.pass(1)
      await expectHeard(page, { name: 'offline' })
      site.fault = undefined
      await visitor.pass(LEAD)
      await expectHeard(
        page,
        { name: 'online' },
        { name: 'warning', secondsLeft: WARN_BEFORE, limit: 'idle' },
      )
    })

    it('asks less and less often', async () => {
      site.fault = 'unavailable'
      const page = await visitor.open()
      await expectHeard(page, { name: 'offline', status: 503 })
      await visitor.pass(300)
      const { length } = site.requests()
      expect(length).toBeGreaterThan(6)
      expect(length).toBeLessThan(16)
    })

    it('asks at once when the device is online again', async () => {
      const page = await visitor.open()
      site.fault = 'down'
      await visitor.pass(UNTIL_WARNING + 60)
      await heard(page)
      site.fault = undefined
      await page.evaluate(() => dispatchEvent(new Event('online')))
      await expectHeard(page, { name: 'online' }, { name: 'ended', reason: 'idle' })
      expect(site.requests().at(-1)).toBe('GET')
    })

    it('remembers that the visitor wanted to stay', async () => {
      const page = await visitor.open()
      await visitor.pass(UNTIL_WARNING)
      await heard(page)
      site.fault = 'down'
      expect(await extend(page)).toBe(false)
      await expectHeard(page, { name: 'offline' })
      site.fault = undefined
      await visitor.pass(2)
      const [online, extended] = await heard(page)
      expect(online).toEqual({ name: 'online' })
      expect(extended).toMatchObject({ name: 'extended' })
      expect(await state(page)).toBe('active')
    })

    it('and does not go on touching once that was done', async () => {
      const page = await visitor.open()
      await extend(page)
      await visitor.pass(UNTIL_WARNING - LEAD - 1)
      site.fault = 'unavailable'
      await visitor.pass(1)
      site.requests()
      site.fault = undefined
      await visitor.pass(LEAD)
      expect(site.requests()).toEqual(['GET'])
      expect(await state(page)).toBe('warning')
    })

    it('does not press a server that contradicts itself', async () => {
      const page = await visitor.open()
      let asked = 0
      await page.route('**/session', (route) => {
        asked++
        const now = new Date(site.now).toISOString()
        const passed = new Date(site.now - 1000).toISOString()
        const dates = { idleExpiresAt: passed, absoluteExpiresAt: passed }
        return route.fulfill({ json: { signedIn: true, now, ...dates, ended: null } })
      })
      await comeBack(page)
      for (let i = 0; i < 10; i++) await visitor.settle()
      expect(asked).toBe(1)
      await visitor.pass(5)
      expect(asked).toBeGreaterThan(1)
    })

    it('drops a question for a greater one', async () => {
      const page = await visitor.open()
      await visitor.pass(10)
      site.fault = 'silent'
      await comeBack(page)
      await expect.poll(() => site.requests()).toContain('silent')
      site.fault = undefined
      expect(await extend(page)).toBe(true)
      await expectHeard(page, { name: 'extended', secondsLeft: IDLE })
    })

    it('gives up on an answer that does not come', async () => {
      const page = await visitor.open()
      site.fault = 'silent'
      const extending = extend(page)
      await expect.poll(() => site.requests()).toContain('silent')
      await page.clock.runFor(9_999)
      expect(await heard(page)).toEqual([])
      await page.clock.runFor(1)
      // Told, but still waited for.
      await expectHeard(page, { name: 'offline' })
      await page.clock.runFor(20_000)
      expect(await extending).toBe(false)
    })
  })

  describe('is right at once', () => {
    it('when a device wakes after the end', async () => {
      const page = await visitor.open()
      await visitor.sleep(3 * IDLE)
      expect(await heard(page)).toEqual([])
      await wake(page)
      await expectHeard(page, { name: 'ended', reason: 'idle' })
    })

    it('when it wakes in the time of the warning', async () => {
      const page = await visitor.open()
      await visitor.sleep(UNTIL_WARNING + 5)
      await show(page)
      await expectHeard(page, { name: 'warning', secondsLeft: WARN_BEFORE - 5, limit: 'idle' })
    })

    it('when it warned too early because an answer was slow', async () => {
      const page = await visitor.open()
      await visitor.pass(UNTIL_WARNING)
      await heard(page)
      site.now -= 4000
      await page.clock.runFor(2000)
      await wake(page)
      await expectHeard(page, { name: 'extended', secondsLeft: WARN_BEFORE + 4 })
      expect(await state(page)).toBe('active')
    })

    it('when it wakes before that', async () => {
      const page = await visitor.open()
      await visitor.sleep(UNTIL_WARNING - 1)
      await wake(page)
      await visitor.settle()
      expect(await heard(page)).toEqual([])
      await visitor.pass(1)
      await expectHeard(page, { name: 'warning', secondsLeft: WARN_BEFORE, limit: 'idle' })
    })

    it('when it slept and nobody touches it, within ten seconds', async () => {
      const page = await visitor.open()
      await visitor.sleep(3 * IDLE)
      await visitor.pass(5)
      await expectHeard(page, { name: 'ended', reason: 'idle' })
    })

    it('when it slept past the end and the server cannot be reached', async () => {
      const page = await visitor.open()
      site.fault = 'down'
      await visitor.sleep(3 * IDLE)
      await visitor.pass(5)
      await expectHeard(
        page,
        { name: 'offline' },
        { name: 'warning', secondsLeft: 0, limit: 'idle' },
        { name: 'overdue' },
      )
    })

    it.each([-600_000, 600_000])('when its clock is set by %i ms', async (by) => {
      const page = await visitor.open()
      await visitor.pass(30)
      await visitor.context.clock.setSystemTime(site.now + by)
      expect(await secondsLeft(page)).toBe(IDLE - 30)
      site.requests()
      for (let seconds = 0; seconds < 5; seconds++) await visitor.pass(1)
      expect(site.requests()).toEqual(['GET'])
      await visitor.pass(UNTIL_WARNING - LEAD - 35)
      await visitor.pass(LEAD - 1)
      expect(await heard(page)).toEqual([])
      await visitor.pass(1)
      await expectHeard(page, { name: 'warning', secondsLeft: WARN_BEFORE, limit: 'idle' })
      expect(await secondsLeft(page)).toBe(WARN_BEFORE)
    })

    it('when it slept over the answer to a question', async () => {
      site.fault = 'silent'
      const page = await visitor.open()
      await expect.poll(() => site.requests()).toContain('silent')
      const slept = UNTIL_WARNING + 5
      await visitor.context.clock.setSystemTime(site.now + slept * 1000)
      // Taken for the time of its arrival, this answer would put the server's clock back.
      site.speak()
      await expectHeard(page, { name: 'warning', secondsLeft: WARN_BEFORE - 5, limit: 'idle' })
      // And it is asked again at once, because the clock may have been set instead.
      await expect.poll(() => site.requests()).toContain('silent')
      site.now += slept * 1000
      site.speak()
      await visitor.settle()
      expect(await secondsLeft(page)).toBe(WARN_BEFORE - 5)
      expect(await heard(page)).toEqual([])
    })

    it.each([
      ['fast', 3_600_000],
      ['slow', -86_400_000],
    ])('when the clock of the device is %s', async (_, ahead) => {
      const context = await browser.newContext()
      const other = await Visitor.signIn(context, site, ahead)
      const page = await other.open()
      expect(await secondsLeft(page)).toBe(IDLE)
      await other.pass(UNTIL_WARNING - LEAD)
      await other.pass(LEAD - 1)
      expect(await heard(page)).toEqual([])
      await other.pass(1)
      await expectHeard(page, { name: 'warning', secondsLeft: WARN_BEFORE, limit: 'idle' })
      await context.close()
    })
  })

  describe('keeps what the visitor asked for until it is answered', () => {
    const pending = (page: Page) => page.evaluate(() => globalThis.test.watcher?.pending)

    it('Stay, also when the answer takes 12 seconds', async () => {
      const page = await visitor.open()
      await visitor.pass(UNTIL_WARNING)
      await heard(page)
      site.fault = 'silent'
      const extending = extend(page)
      await expect.poll(() => site.requests()).toContain('silent')
      expect(await pending(page)).toBe('stay')
      site.now += 12_000
      await page.clock.runFor(12_000)
      expect(await pending(page)).toBe('stay')
      site.fault = undefined
      site.speak()
      expect(await extending).toBe(true)
      expect(await pending(page)).toBe(undefined)
      await expect.poll(() => state(page)).toBe('active')
      const [offline, online, extended] = await heard(page)
      expect([offline, online]).toEqual([{ name: 'offline' }, { name: 'online' }])
      expect(extended).toMatchObject({ name: 'extended' })
    })

    it('Sign out, while the server fails', async () => {
      const page = await visitor.open()
      site.fault = 'no sign-out'
      expect(await signOut(page)).toBe(false)
      await expectHeard(page, { name: 'offline', status: 503 })
      expect(await pending(page)).toBe('sign-out')
      // Somebody else cannot take it back.
      expect(await extend(page)).toBe(false)
      expect(await pending(page)).toBe('sign-out')
      site.fault = undefined
      await visitor.pass(5)
      await expectHeard(
        page,
        { name: 'online' },
        { name: 'ended', reason: 'signed-out', recorded: true },
      )
      expect(await pending(page)).toBe(undefined)
      expect(await visitor.context.cookies()).toEqual([])
    })

    it('and typing while the server could not be reached', async () => {
      const page = await visitor.open()
      site.fault = 'down'
      await visitor.pass(TOUCH_INTERVAL)
      await type(page)
      await expectHeard(page, { name: 'offline' })
      await type(page)
      site.fault = undefined
      await visitor.pass(2)
      const [online, extended] = await heard(page)
      expect(online).toEqual({ name: 'online' })
      expect(extended).toMatchObject({ name: 'extended' })
    })
  })

  describe('notices what happens elsewhere', () => {
    const visit = async (path: string) => {
      const other = await visitor.context.newPage()
      await other.goto(site.origin + path)
      return other
    }

    it('by what the app hears anyway', async () => {
      const page = await visitor.open()
      await visitor.pass(2)
      await site.revokeAll()
      await page.evaluate(async () => {
        globalThis.test.watcher?.heard(await fetch('/data'))
      })
      await expectHeard(page, { name: 'ended', reason: 'revoked' })
    })

    it('by its own fetch', async () => {
      const page = await visitor.open()
      await visitor.pass(2)
      await site.revokeAll()
      const status = await page.evaluate(
        async () => (await globalThis.test.watcher?.fetch('/data'))?.status,
      )
      expect(status).toBe(401)
      await expectHeard(page, { name: 'ended', reason: 'revoked' })
    })

    it.each([
      ['focus', wake],
      ['visibility', show],
      ['the back/forward cache', comeBack],
    ])('at %s', async (_, come) => {
      const page = await visitor.open()
      await visitor.pass(10)
      await site.revokeAll()
      await come(page)
      await expectHeard(page, { name: 'ended', reason: 'revoked' })
    })

    it('by a slow check while it is visible, which slides nothing', async () => {
      const page = await visitor.open({ checkEvery: 30 })
      site.requests()
      await visitor.pass(60)
      expect(site.requests()).toEqual(['GET', 'GET'])
      expect(await secondsLeft(page)).toBe(IDLE - 60)
      await hide(page)
      await visitor.pass(30)
      expect(site.requests()).toEqual([])
    })

    it('by a page that is opened after a sign-out that no page watched', async () => {
      const page = await visitor.open()
      await visitor.pass(2)
      const other = await visit('/sign-out')
      await visitor.settle()
      expect(await heard(page)).toEqual([])
      await other.close()
      await visitor.open()
      await expectHeard(page, { name: 'ended', reason: 'signed-out' })
    })

    it('that somebody else has signed in, and cannot act as them', async () => {
      const page = await visitor.open()
      await visitor.pass(2)
      await visit('/sign-in?subject=grace')
      const post = () =>
        page.evaluate(async () => {
          const response = await globalThis.test.watcher?.fetch('/post', { method: 'POST' })
          return [response?.status, await response?.text()]
        })
      expect(await post()).toEqual([409, '{"error":"other-subject"}'])
      await expectHeard(page, { name: 'ended', reason: 'other-subject' })
      await visit('/sign-in?subject=ada')
      await visitor.open()
      await expectHeard(page, { name: 'resumed', secondsLeft: IDLE })
      expect(await post()).toEqual([200, 'posted as ada'])
    })

    it('that somebody else has signed in, when their page is opened', async () => {
      const page = await visitor.open()
      await visitor.pass(2)
      await visit('/sign-in?subject=grace')
      await visitor.open()
      await expectHeard(page, { name: 'ended', reason: 'other-subject' })
    })

    it('that somebody else has signed in while the page was on its way', async () => {
      const page = await visitor.open({ subjectTag: 'of-somebody-else' })
      await expectHeard(page, { name: 'ended', reason: 'other-subject' })
    })

    it('and neither touches nor signs out somebody else', async () => {
      const page = await visitor.open()
      const other = await visitor.open()
      await page.evaluate(() => globalThis.test.watcher?.stop())
      await visitor.context.request.get(`${site.origin}/sign-in?subject=grace`)
      expect(await signOut(other)).toBe(false)
      await expectHeard(other, { name: 'ended', reason: 'other-subject' })
      const response = await visitor.context.request.get(`${site.origin}/visit`)
      expect(await response.text()).toBe('hello grace')
    })

    it.each([
      ['to stay', extend],
      ['to sign out', signOut],
    ])('also where a guard refuses what it asks %s', async (_, ask) => {
      site.fault = 'guarded'
      const page = await visitor.open()
      await visitor.pass(2)
      await visitor.context.request.get(`${site.origin}/sign-in?subject=grace`)
      expect(await ask(page)).toBe(false)
      await expectHeard(page, { name: 'ended', reason: 'other-subject' })
    })

    it('many tabs of the old subject do not ask each other for ever', async () => {
      for (let tabs = 0; tabs < 4; tabs++) await visitor.open()
      await visitor.pass(2)
      await visit('/sign-in?subject=grace')
      site.requests()
      await visitor.open()
      for (let times = 0; times < 5; times++) await visitor.settle()
      expect(site.requests().length).toBeLessThanOrEqual(5)
    })

    it('that a remembered session gave way to a short one', async () => {
      await visit('/sign-in?remember')
      const page = await visitor.open()
      expect(await secondsLeft(page)).toBe(7 * 86_400)
      await visitor.pass(2)
      await visit('/sign-in')
      await visitor.open()
      await expect.poll(() => secondsLeft(page)).toBe(IDLE)
      await visitor.pass(UNTIL_WARNING)
      expect((await heard(page)).at(-1)).toMatchObject({ name: 'warning', limit: 'idle' })
    })

    it('a sign-in in another tab lets an ended page go on', async () => {
      const page = await visitor.open()
      await visitor.pass(IDLE + 1)
      await heard(page)
      expect(await state(page)).toBe('ended')
      await visit('/sign-in')
      await visitor.open()
      await expectHeard(page, { name: 'resumed', secondsLeft: IDLE })
      await visitor.pass(UNTIL_WARNING)
      await expectHeard(page, { name: 'warning', secondsLeft: WARN_BEFORE, limit: 'idle' })
    })

    it('a change of keys is no change of the subject', async () => {
      const page = await visitor.open()
      for (const ring of [['first', 'second'], ['second', 'first'], ['second']]) {
        site.rotate(...ring)
        await visitor.pass(61)
        // In this app a visit is activity.
        await visitor.context.request.get(`${site.origin}/visit`)
        await visitor.context.request.get(`${site.origin}/sign-in`)
        await comeBack(page)
        await visitor.settle()
        expect(await state(page)).toBe('active')
      }
    })
  })

  it('reports a time of the warning that is not below the idle timeout, and goes on', async () => {
    const errors: string[] = []
    visitor.context.on('weberror', (error) => errors.push(error.error().message))
    const page = await visitor.open({ warnBefore: IDLE })
    await expect
      .poll(() => errors)
      .toEqual(['"warnBefore" must be less than 120, the idle timeout; got 120'])
    expect(await state(page)).toBe('active')
    await visitor.pass(IDLE / 2)
    await expectHeard(page, { name: 'warning', secondsLeft: IDLE / 2, limit: 'idle' })
  })

  it('waits for a deadline that is longer than a timer can be', async () => {
    const DAY = 86_400
    const slow = await startSite({ idleTimeout: 100 * DAY, absoluteTimeout: 400 * DAY })
    const context = await browser.newContext()
    const other = await Visitor.signIn(context, slow)
    const page = await other.open({ checkEvery: 0 })
    expect(slow.requests()).toEqual(['GET'])
    for (const days of [30, 30, 39]) {
      slow.now += days * DAY * 1000
      await context.clock.fastForward(days * DAY * 1000)
      await other.settle()
    }
    expect(slow.requests()).toEqual([])
    expect(await heard(page)).toEqual([])
    slow.now += (DAY - WARN_BEFORE) * 1000
    await context.clock.fastForward((DAY - WARN_BEFORE) * 1000)
    await expectHeard(page, { name: 'warning', secondsLeft: WARN_BEFORE, limit: 'idle' })
    await context.close()
    await slow.close()
  })

  it('does nothing more once it was stopped', async () => {
    const page = await visitor.open()
    await page.evaluate(() => globalThis.test.watcher?.stop())
    site.requests()
    await visitor.pass(IDLE + 5)
    await wake(page)
    await type(page)
    expect(await extend(page)).toBe(false)
    expect(site.requests()).toEqual([])
    expect(await heard(page)).toEqual([])
    expect(await state(page)).toBe('stopped')
    const looks = await page.evaluate(() => {
      let looks = 0
      Object.defineProperty(document, 'hidden', { get: () => ++looks < 0 })
      dispatchEvent(new Event('focus'))
      return looks
    })
    expect(looks).toBe(0)
  })

  it('stays stopped when a listener stops it while an answer is looked at', async () => {
    const page = await visitor.open()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    site.fault = 'down'
    await visitor.pass(UNTIL_WARNING)
    await page.evaluate(() => {
      const { watcher } = globalThis.test
      watcher?.addEventListener('online', () => watcher.stop())
    })
    await visitor.context.request.get(`${site.origin}/sign-out`)
    site.fault = undefined
    await visitor.pass(5)
    expect((await heard(page)).at(-1)).toEqual({ name: 'online' })
    expect(await state(page)).toBe('stopped')
    expect(errors).toEqual([])
  })

  it('names an option that is wrong', async () => {
    const page = await visitor.open()
    const messages = await page.evaluate(() =>
      [
        { statusUrl: '/session', warnBefore: 19 },
        { statusUrl: '/session', warnBefore: '60' },
        { statusUrl: '/session', touchEvery: 0 },
        { statusUrl: '/session', checkEvery: -1 },
        { statusUrl: '/session', warnAfter: 60 },
        { statusUrl: 'https://elsewhere.example/session' },
        { statusUrl: '' },
      ].map((options) => {
        try {
          globalThis.test.watchSession(options as { statusUrl: string })
          return 'accepted'
        } catch (error) {
          return String(error)
        }
      }),
    )
    const wholeSeconds = 'must be a whole number of seconds, at least'
    const statusUrl = 'TypeError: "statusUrl" must be a path on this origin: "/session"'
    expect(messages).toEqual([
      `TypeError: "warnBefore" ${wholeSeconds} 20; got 19`,
      `TypeError: "warnBefore" ${wholeSeconds} 20; got string`,
      `TypeError: "touchEvery" ${wholeSeconds} 1; got 0`,
      `TypeError: "checkEvery" ${wholeSeconds} 0; got -1`,
      'TypeError: watchSession has no option "warnAfter"',
      statusUrl,
      statusUrl,
    ])
  })
})
