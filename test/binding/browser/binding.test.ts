/** Bound sessions in a real browser: what only a browser can show. */

import { setTimeout as wait } from 'node:timers/promises'
import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeAll, expect, it } from 'vitest'
import type { SessionManager } from '../../../src/index.ts'
import { describeInBrowser } from '../../browser/browser.ts'
import { type Certificate, makeCertificate } from './certificate.ts'
import { Profile } from './chromium.ts'
import { type Seen, type Site, startSite } from './site.ts'

type SiteOptions = Omit<Parameters<typeof startSite>[0], 'certificate'>

const SESSION = '__Host-Http-session'
const BOUND = '__Host-session-bound'

describeInBrowser('a browser that binds sessions', () => {
  let certificate: Certificate
  const ending: (() => Promise<void>)[] = []

  beforeAll(() => {
    certificate = makeCertificate()
  })
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end()
  })

  async function setUp({ isAble = true, ...options }: SiteOptions & { isAble?: boolean } = {}) {
    const site = await startSite({ certificate, ...options })
    ending.push(() => site.close())
    const profile = new Profile(certificate, isAble ? 'without quota' : 'not at all')
    ending.push(() => profile.end())
    const context = await profile.start()
    const page = await context.newPage()
    return { site, profile, context, page }
  }

  it('is bound after a sign-in that redirects, and a copy of its cookies dies with the proof', async () => {
    const lifetime = 6
    const { site, context, page } = await setUp({ lifetime })
    await page.goto(`${site.origin}/sign-in?then=/page`)
    await isBound(page)
    await page.close()

    const cookies = await cookiesOf(context)
    const { proofAge = 0 } = await visit(site.manager, cookies)
    const managers = [site.manager, site.anotherManager()]
    for (const manager of managers) {
      expect(await visit(manager, cookies)).toMatchObject({ subject: 'ada', ended: undefined })
      const alone = { [SESSION]: cookies[SESSION] ?? '' }
      expect(await visit(manager, alone)).toMatchObject({ ended: 'unbound' })
    }
    site.ahead = lifetime - 0.5 - proofAge
    const lastMoment = await Promise.all(managers.map((manager) => visit(manager, cookies)))
    site.ahead = lifetime + 0.1
    for (const manager of managers) {
      expect(await visit(manager, cookies)).toMatchObject({ ended: 'unbound' })
    }
    expect(lastMoment.map(({ subject }) => subject)).toEqual(['ada', 'ada'])
  })

  it('proves unnoticed, however the page asks', async () => {
    const { site, page } = await setUp({ lifetime: 2 })
    await page.goto(`${site.origin}/sign-in?then=/page`)
    await isBound(page)
    site.log.splice(0)
    for (let round = 0; round < 4; round++) {
      // Until the bound cookie is gone, so that every request has to wait for a proof.
      await wait(2_500)
      const answers = await page.evaluate(async (round) => {
        const heard = new Promise((resolve, reject) => {
          const source = new EventSource('/events')
          source.onmessage = ({ data }) => {
            source.close()
            resolve(data)
          }
          source.onerror = () => reject(new Error('the stream failed'))
        })
        const text = async (answer: Promise<Response>) => (await answer).text()
        const isSent = navigator.sendBeacon('/beacon', `beacon ${round}`)
        return Promise.all([
          text(fetch('/who')).then((body) => JSON.parse(body).bound),
          text(fetch('/post', { method: 'POST', body: `fetch ${round}` })),
          heard,
          isSent,
        ])
      }, round)
      expect(answers).toEqual([true, `got fetch ${round}`, 'ada', true])
    }
    await expect
      .poll(() => bodiesOf(site, '/beacon'))
      .toEqual([0, 1, 2, 3].map((n) => `beacon ${n}`))
    expect(bodiesOf(site, '/post')).toEqual([0, 1, 2, 3].map((n) => `fetch ${n}`))
    expect(proofsOf(site).length).toBeGreaterThanOrEqual(4)
    expectUnnoticed(site)
  })

  it('proves in advance while a page keeps asking', async () => {
    // Chromium asks for a proof two minutes before the last one is over: here every four seconds.
    const { site, page } = await setUp({ lifetime: 128 })
    await page.goto(`${site.origin}/sign-in?then=/page`)
    await isBound(page)
    site.log.splice(0)
    while (proofsOf(site).length < 3) {
      expect(await who(page)).toMatchObject({ subject: 'ada', bound: true })
      await wait(200)
    }
    expectUnnoticed(site)
  })

  it('goes through the life of a session', async () => {
    const { site, context, page } = await setUp({ lifetime: 3 })
    const other = await signInElsewhere(site)
    await page.goto(`${site.origin}/sign-in?then=/page`)
    await isBound(page)

    expect(await post(page, '/regenerate')).toBe('regenerated')
    expect(await who(page)).toMatchObject({ subject: 'ada', bound: true })
    expect(await post(page, '/sign-out-others')).toBe('others signed out')
    expect(await who(page)).toMatchObject({ subject: 'ada', bound: true })
    expect(await visit(site.manager, other)).toMatchObject({ ended: 'revoked' })
    await wait(3_500)
    expect(await who(page)).toMatchObject({ subject: 'ada', bound: true })

    // Somebody else signs in, without a sign-out.
    await page.goto(`${site.origin}/sign-in?subject=grace&then=/page`)
    await isBound(page, 'grace')
    await wait(3_500)
    expect(await who(page)).toMatchObject({ subject: 'grace', bound: true })

    // Forced out: the page is told so, and the browser stops to prove.
    await site.manager.revokeSubject('grace')
    expect(await who(page)).toMatchObject({ ended: 'revoked' })
    await wait(3_500)
    expect(await who(page)).toMatchObject({ ended: 'revoked' })
    await wait(500)
    site.log.splice(0)
    expect(await who(page)).toMatchObject({ ended: 'revoked' })
    expect(site.log.map(({ path }) => path)).toEqual(['/who'])

    await page.goto(`${site.origin}/sign-in?then=/page`)
    await isBound(page)
    expect(await post(page, '/sign-out')).toBe('signed out')
    expect(Object.keys(await cookiesOf(context))).toEqual([])
    expect(await who(page)).toEqual({ bound: false })
    expect(site.events.filter(({ type }) => type === 'bound')).toHaveLength(3)
    expect(site.events.filter(({ type }) => type === 'second-key')).toEqual([])
  })

  it('goes on after a restart of the browser', async () => {
    const { site, profile, page } = await setUp({ lifetime: 3 })
    await page.goto(`${site.origin}/sign-in?remember&then=/page`)
    await isBound(page)
    const context = await profile.start()
    await wait(3_500)
    site.log.splice(0)
    const again = await context.newPage()
    await again.goto(`${site.origin}/page`)
    expect(await who(again)).toMatchObject({ subject: 'ada', bound: true })
    expectUnnoticed(site)
    expect(site.events.filter(({ type }) => type === 'bound')).toHaveLength(1)
  })

  it('serves two tabs at once', async () => {
    const { site, context, page } = await setUp({ lifetime: 2 })
    const tabs = [page, await context.newPage()]
    // Both sign in: the later answer wins, and its session is the one that is bound.
    await Promise.all(tabs.map((tab) => tab.goto(`${site.origin}/sign-in?then=/page`)))
    await Promise.all(tabs.map((tab) => isBound(tab)))
    site.log.splice(0)
    for (let round = 0; round < 2; round++) {
      await wait(2_500)
      const answers = await Promise.all(tabs.flatMap((tab) => [who(tab), who(tab), who(tab)]))
      for (const answer of answers) expect(answer).toMatchObject({ subject: 'ada', bound: true })
    }
    expectUnnoticed(site)
  })

  it.each([
    ['a form that an identity provider posts', 'callback-form', 'button'],
    ['a link', 'link', 'a'],
  ])('is bound after a sign-in by %s on another site', async (_, from, what) => {
    const { site, page } = await setUp({ lifetime: 3 })
    const to = encodeURIComponent(`${site.origin}/sign-in?then=/page`)
    await page.goto(`${site.elsewhere}/${from}?to=${to}`)
    await page.click(what)
    await page.waitForURL(`${site.origin}/page`)
    await isBound(page)
    // The cookies are Lax, and Chromium leaves them out of what such a navigation causes.
    const registration = site.log.find(({ path }) => path === '/session/register')
    expect(registration).toMatchObject({ status: 200, cookies: [] })
    // And a later link from there proves before it is answered.
    await wait(3_500)
    await page.goto(`${site.elsewhere}/link?to=${encodeURIComponent(`${site.origin}/who`)}`)
    site.log.splice(0)
    await page.click('a')
    await page.waitForURL(`${site.origin}/who`)
    expect(JSON.parse((await page.textContent('pre')) ?? '')).toMatchObject({ bound: true })
    expect(proofsOf(site)[0]?.cookies).toEqual([])
    expectUnnoticed(site)
  })

  it('proves anew for a sensitive request, and sends its body again', async () => {
    const { site, page } = await setUp({ lifetime: 120 })
    await page.goto(`${site.origin}/sign-in?then=/page`)
    await isBound(page)
    site.ahead = 25
    site.log.splice(0)
    expect(await post(page, '/admin', 'force grace out')).toBe('done: force grace out')
    const answers = site.log.filter(({ path }) => path === '/admin').map(({ status }) => status)
    expect(answers).toEqual([307, 200])
    expect(bodiesOf(site, '/admin')).toEqual(['force grace out', 'force grace out'])
  })

  it.each([503, 500])('keeps its key while the server answers a proof with %i', async (status) => {
    const { site, page } = await setUp({ lifetime: 2 })
    await page.goto(`${site.origin}/sign-in?then=/page`)
    await isBound(page)
    site.refreshFault = status
    await wait(2_500)
    const during = await page.evaluate(async () => {
      const answer = await fetch('/who')
      return [answer.status, answer.headers.get('Retry-After'), await answer.json()]
    })
    expect(during).toEqual([503, '5', { error: 'proof-unavailable' }])
    expect(site.log.findLast(({ path }) => path === '/who')?.skipped).toMatch(
      /server_error|unreachable/,
    )
    site.refreshFault = undefined
    await expect
      .poll(() => who(page), { timeout: 15_000 })
      .toMatchObject({ subject: 'ada', bound: true })
  })

  it('does not take an answer without a proof for the end of the session, and says when it is one', async () => {
    const { site, page } = await setUp({ lifetime: 2 })
    await page.goto(`${site.origin}/sign-in?then=/page`)
    await isBound(page)
    await page.goto(`${site.origin}/watch`)
    const state = () =>
      page.evaluate(() => {
        const { watcher } = document.querySelector('session-warning') as unknown as {
          watcher?: { state: string; offline: boolean }
        }
        return watcher && [watcher.state, watcher.offline]
      })
    await expect.poll(state).toEqual(['active', false])
    site.refreshFault = 503
    await expect.poll(state, { timeout: 15_000 }).toEqual(['active', true])
    site.refreshFault = undefined
    await expect.poll(state, { timeout: 20_000 }).toEqual(['active', false])
    // Chromium gives its key up, and then there is no proof any more.
    site.refreshFault = 401
    await expect.poll(state, { timeout: 15_000 }).toEqual(['ended', false])
    await page.getByText('Because this device is unknown.').waitFor()
  })

  it('keeps its key while the list is away', async () => {
    const { site, page } = await setUp({ lifetime: 2 })
    await page.goto(`${site.origin}/sign-in?then=/page`)
    await isBound(page)
    site.listIsDown = true
    await wait(2_500)
    expect(await page.evaluate(() => fetch('/who').then(({ status }) => status))).toBe(503)
    site.listIsDown = false
    // The list is asked again five seconds after it failed.
    site.ahead = 6
    await expect
      .poll(() => who(page), { timeout: 15_000 })
      .toMatchObject({ subject: 'ada', bound: true })
  })

  it('that cannot, goes on', async () => {
    const { site, page } = await setUp({ lifetime: 1, isAble: false })
    await page.goto(`${site.origin}/sign-in?then=/page`)
    await wait(2_500)
    expect(await who(page)).toMatchObject({ subject: 'ada', bound: false })
    expect(site.log.filter(({ path }) => path.startsWith('/session/'))).toEqual([])
  })

  it('that cannot, is out after the grace if a proof is required; one that can goes on', async () => {
    const options = { policy: 'required', grace: 4, lifetime: 3 } as const
    const { site, page } = await setUp({ ...options, isAble: false })
    const able = new Profile(certificate)
    ending.push(() => able.end())
    const bound = await (await able.start()).newPage()
    for (const one of [page, bound]) await one.goto(`${site.origin}/sign-in?then=/page`)
    expect(await who(page)).toMatchObject({ subject: 'ada', bound: false })
    await isBound(bound)
    await wait(4_500)
    expect(await who(page)).toMatchObject({ ended: 'unbound' })
    expect(await who(bound)).toMatchObject({ subject: 'ada', bound: true })
  })
})

interface Who {
  readonly subject?: string
  readonly ended?: string
  readonly bound?: boolean
  readonly proofAge?: number
}

const who = (page: Page): Promise<Who> =>
  page.evaluate(() => fetch('/who').then((answer) => answer.json()))

const isBound = (page: Page, subject = 'ada') =>
  expect.poll(() => who(page), { timeout: 10_000 }).toMatchObject({ subject, bound: true })

const post = (page: Page, path: string, body = ''): Promise<string> =>
  page.evaluate(async ([path, body]) => (await fetch(path, { method: 'POST', body })).text(), [
    path,
    body,
  ] as const)

async function cookiesOf(context: BrowserContext): Promise<Record<string, string>> {
  const cookies = await context.cookies()
  return Object.fromEntries(cookies.map(({ name, value }) => [name, value]))
}

/** A request with copied cookies, from another client. */
async function visit(manager: SessionManager, cookies: Record<string, string>): Promise<Who> {
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  const request = new Request('https://site.test/', { headers: { cookie } })
  const session = await manager.load(request)
  const { subject, ended, bound, proofAge } = session
  return { subject, ended, bound: bound !== undefined, proofAge } as Who
}

/** Another session of the same subject, by a client that binds nothing. */
async function signInElsewhere(site: Site): Promise<Record<string, string>> {
  const session = await site.manager.load(new Request('https://site.test/'))
  await session.signIn('ada')
  const answer = await site.manager.commit(session, new Response())
  return Object.fromEntries(
    answer.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0] ?? '')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])
      .filter(([name]) => name !== BOUND),
  )
}

const bodiesOf = (site: Site, path: string): string[] =>
  site.log.filter((seen) => seen.path === path).map(({ body }) => body)

const proofsOf = (site: Site): Seen[] =>
  site.log.filter(({ path, status }) => path === '/session/refresh' && status === 200)

/** No request of the page came without a proof. */
function expectUnnoticed(site: Site): void {
  const ofPage = site.log.filter(({ path }) => !/^\/(session\/|favicon|link)/.test(path))
  expect(ofPage.length).toBeGreaterThan(0)
  expect(ofPage.filter(({ who, skipped }) => !/, bound$/.test(who) || skipped)).toEqual([])
}
