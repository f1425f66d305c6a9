/** "Where you are signed in", through the example's front door in workerd. */

import { exports } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { RECENT } from '../../worker-example/show.tsx'
import { CookieJar } from '../kit/cookie-jar.ts'

const SITE = 'https://app.example'
const worker = (exports as unknown as { default: { fetch(request: Request): Promise<Response> } })
  .default

const AGENTS = {
  Firefox: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:153.0) Gecko/20100101 Firefox/153.0',
  Chrome:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  Safari:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
}

class Browser {
  #jar = new CookieJar(() => Date.now())
  readonly #name: keyof typeof AGENTS

  constructor(name: keyof typeof AGENTS) {
    this.#name = name
  }

  async open(path: string, form?: Record<string, string>): Promise<Response> {
    const url = SITE + path
    const headers = {
      cookie: this.#jar.headerFor(url),
      accept: 'text/html',
      'user-agent': AGENTS[this.#name],
      ...(form === undefined ? {} : { origin: SITE }),
    }
    const body = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }
    const response = await worker.fetch(new Request(url, { headers, redirect: 'manual', ...body }))
    this.#jar.store(response, url)
    return response
  }

  async signIn(username: string): Promise<this> {
    const response = await this.open('/sign-in', { username, password: 'demo' })
    expect(response.status).toBe(303)
    return this
  }

  async page(path: string): Promise<string> {
    return (await this.open(path)).text()
  }

  /** The families that the visitor may end. */
  async families(): Promise<string[]> {
    return ends(await this.page('/sessions')).map(({ family }) => family)
  }

  async confirm(): Promise<void> {
    const response = await this.open('/sessions/confirm', { password: 'demo' })
    expect([response.status, response.headers.get('Location')]).toEqual([303, '/sessions'])
  }

  /** The same cookies in other hands. */
  copy(): Browser {
    const copy = new Browser(this.#name)
    copy.#jar = this.#jar.clone()
    return copy
  }

  async me(): Promise<Record<string, unknown>> {
    return (await this.open('/me')).json()
  }
}

/** The families that a page offers to end, by the name of the browser. */
const ends = (page: string) =>
  [...page.matchAll(/name="family" value="([^"]+)".*?End the session of ([^"]+)"/gs)].map(
    ([, family = '', name = '']) => ({ family, name }),
  )

afterEach(() => {
  vi.useRealTimers()
})

describe('where you are signed in', () => {
  it('shows three browsers by name, and ending one leaves two', async () => {
    const laptop = await new Browser('Firefox').signIn('grace')
    const phone = await new Browser('Safari').signIn('grace')
    const library = await new Browser('Chrome').signIn('grace')
    const page = await laptop.page('/sessions')
    expect(page).toContain('<h2>3 sessions</h2>')
    expect(page).toMatch(/Firefox on Windows<span class="badge">this one<\/span>/)
    expect(page).toContain('<a href="/#other-browsers">End all but this one</a>')
    const others = ends(page)
    expect(others.map(({ name }) => name).sort()).toEqual(['Chrome on Linux', 'Safari on iOS'])

    const { family = '' } = others.find(({ name }) => name === 'Chrome on Linux') ?? {}
    const response = await laptop.open('/sessions/end', { family })
    expect([response.status, response.headers.get('Location')]).toEqual([303, '/sessions'])
    const after = await laptop.page('/sessions')
    expect(after).toContain('Done. That session is over.')
    expect(after).toContain('<h2>2 sessions</h2>')
    expect(await library.me()).toEqual({ ended: 'revoked' })
    expect(await phone.me()).toMatchObject({ subject: 'grace' })
  })

  it('asks for the password once the sign-in is not recent, and gives the session another sid then', async () => {
    const laptop = await new Browser('Firefox').signIn('grace')
    const others = await laptop.families()
    const phone = await new Browser('Safari').signIn('grace')
    const [family = '', ...more] = (await laptop.families()).filter((one) => !others.includes(one))
    expect(more).toEqual([])

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + RECENT * 1000 })
    expect(await phone.page('/sessions')).toContain('Please give your password first.')
    expect(await phone.families()).toEqual([])
    expect((await phone.open('/sessions/end', { family: others[0] ?? '' })).status).toBe(403)
    const refused = await phone.open('/sessions/confirm', { password: 'guess' })
    expect(refused.status).toBe(403)
    expect(await refused.text()).toContain('This is not your password.')
    const thief = phone.copy()
    await phone.confirm()
    expect(await phone.families()).not.toEqual([])
    expect(await thief.me()).toEqual({ ended: 'revoked' })

    // The list still knows it as the session that it was.
    await laptop.confirm()
    expect(await laptop.families()).toContain(family)
    const confirmed = phone.copy()
    expect(await confirmed.me()).toMatchObject({ subject: 'grace' })
    expect((await laptop.open('/sessions/end', { family })).status).toBe(303)
    expect(await phone.me()).toEqual({ ended: 'revoked' })
    expect(await confirmed.me()).toEqual({ ended: 'revoked' })
    expect(await laptop.families()).not.toContain(family)
    expect(await laptop.me()).toMatchObject({ subject: 'grace' })
  })

  it('ends nobody else’s session', async () => {
    const ada = await new Browser('Firefox').signIn('ada')
    const grace = await new Browser('Chrome').signIn('grace')
    const page = await ada.page('/admin/sessions?subject=grace')
    const [{ family = '' } = {}] = ends(page)
    expect((await new Browser('Safari').open('/sessions/end', { family })).status).toBe(401)
    const other = await new Browser('Safari').signIn('ada')
    expect((await other.open('/sessions/end', { family })).status).toBe(404)
    expect((await grace.open('/admin/sessions?subject=ada')).status).toBe(403)
    expect((await grace.open('/admin/end-session', { subject: 'ada', family })).status).toBe(403)
    expect(await grace.me()).toMatchObject({ subject: 'grace' })
  })

  it('says that a user has no sessions, and shows no empty list', async () => {
    const ada = await new Browser('Firefox').signIn('ada')
    const page = await ada.page('/admin/sessions?subject=linus')
    expect(page).toContain('<h2>No sessions</h2>')
    expect(page).not.toContain('<ul')
  })

  it('lets an administrator end one session of a user', async () => {
    const ada = await new Browser('Firefox').signIn('ada')
    const page = async () => ends(await ada.page('/admin/sessions?subject=grace'))
    const before = (await page()).length
    const grace = await new Browser('Safari').signIn('grace')
    const listed = await page()
    expect(listed).toHaveLength(before + 1)
    const { family = '' } = listed[0] ?? {}
    const response = await ada.open('/admin/end-session', { subject: 'grace', family })
    expect(response.headers.get('Location')).toBe('/admin/sessions?subject=grace')
    expect(await grace.me()).toEqual({ ended: 'revoked' })
    expect(await page()).toHaveLength(before)
  })

  // The last, because its sessions begin in the future of the others.
  it('tells sessions of the same name apart, for screen readers too', async () => {
    const laptop = await new Browser('Firefox').signIn('grace')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 60_000 })
    const library = await new Browser('Firefox').signIn('grace')
    const page = await library.page('/sessions')
    expect(page).toMatch(/this one<.*?Active now.*?Signed in .*?Last seen 2 minutes ago/s)
    const described = [...page.matchAll(/aria-describedby="(signed-in-[^"]+)"/g)]
    expect(described.length).toBeGreaterThan(0)
    for (const [, id] of described) expect(page).toMatch(new RegExp(`id="${id}">\\s*Signed in `))
    expect(new Set(described.map(([, id]) => id)).size).toBe(described.length)
    expect(await laptop.me()).toMatchObject({ subject: 'grace' })
  })
})
