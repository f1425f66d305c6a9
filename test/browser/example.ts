/** What the stories of the example share: a visitor at a browser, and the real `wrangler dev`. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { generateKey } from '../../src/index.ts'
import { WranglerDev } from '../outside/programs.ts'
import { launch } from './browser.ts'

/** What a page does within is not late on a machine with other work, in milliseconds. */
export const SOON = 5_000
/** For a whole story. */
export const TIMEOUT = 180_000

export const dialog = (page: Page) => page.getByRole('alertdialog')

export const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name })

export const signOut = (page: Page) =>
  page.locator('#sign-out').getByRole('button', { name: 'Sign out' }).click()

/** On the sign-in page. */
export async function fillIn(page: Page, remember = false, user = 'ada'): Promise<void> {
  await page.getByLabel('Username').fill(user)
  await page.getByLabel('Password').fill('demo')
  if (remember) await page.getByLabel('Stay signed in').check()
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** `expect.poll` does not work in tests that run at once. */
export async function eventually(read: () => Promise<unknown>, expected: unknown): Promise<void> {
  const until = Date.now() + SOON
  while ((await read()) !== expected && Date.now() < until) await sleep(100)
  expect(await read()).toBe(expected)
}

/** The example, and a browser for its visitors. */
export class Example {
  readonly #program = new WranglerDev()
  #browser: Browser | undefined

  async start(vars: Record<string, string> = {}): Promise<void> {
    const starting = this.#program.start(generateKey(), vars)
    this.#browser = await launch()
    await starting
  }

  async end(): Promise<void> {
    await this.#browser?.close()
    await this.#program.end()
  }

  get origin(): string {
    return this.#program.origin
  }

  at(path: string): string {
    return this.origin + path
  }

  /** Somebody with a browser of their own. */
  async story(
    act: (page: Page, context: BrowserContext) => Promise<void>,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<void> {
    const context = await this.#browser?.newContext(options)
    if (!context) throw new Error('the example has not been started')
    context.setDefaultTimeout(15_000)
    try {
      await act(await context.newPage(), context)
    } finally {
      await context.close()
    }
  }

  async signIn(page: Page, path = '/', remember = false, user = 'ada'): Promise<void> {
    // `again`, because somebody else may be signed in.
    await page.goto(this.at(`/?again=soon&return=${encodeURIComponent(path)}`))
    await fillIn(page, remember, user)
    await page.waitForURL(this.at(path))
  }

  /** What `/me` says to a copy of the browser's cookies, so that the browser's own stay as they are. */
  async me(context: BrowserContext): Promise<unknown> {
    const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`)
    const response = await fetch(this.at('/me'), { headers: { cookie: cookies.join('; ') } })
    return response.json()
  }
}
