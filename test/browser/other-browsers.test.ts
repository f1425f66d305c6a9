/**
 * The main stories of the example in Firefox and WebKit: what is tested in detail in Chromium holds
 * there too. Where they are missing they are skipped with a printed reason, but never in CI.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { generateKey } from '../../src/index.ts'
import { WranglerDev } from '../outside/programs.ts'
import { FIREFOX_KIND, type OtherBrowser, type Tab, WEBKIT_KIND } from './other-browsers.ts'

const IDLE = 26
const SOON = 10_000

const HEADING = `document.querySelector('h1').textContent`
const PATH = 'location.pathname'
const LETTER = `document.querySelector('#letter').value`
const DIALOG = `document.querySelector('session-warning').shadowRoot.querySelector('dialog').open`
const IS_COUNTING = `document.querySelector('#countdown').classList.contains('runs')`

async function eventually(tab: Tab, expression: string, expected: unknown, within = SOON) {
  const until = Date.now() + within
  let seen: unknown
  while (seen !== expected && Date.now() < until) {
    await sleep(100)
    seen = await tab.evaluate(expression).catch(() => undefined)
  }
  expect(seen, expression).toBe(expected)
}

/** The stories, each in tabs of its own, one after the other: only one tab can have the focus. */
class Stories {
  readonly #browser: OtherBrowser
  readonly #origin: string

  constructor(browser: OtherBrowser, origin: string) {
    this.#browser = browser
    this.#origin = origin
  }

  async #signIn(path: string): Promise<Tab> {
    const tab = await this.#browser.open()
    await tab.go(`${this.#origin}/?again=soon&return=${path}`)
    await tab.evaluate(`document.querySelector('#username').select()`)
    await tab.press(...'ada', 'Tab', ...'demo', 'Enter')
    await eventually(tab, PATH, path)
    return tab
  }

  async signingIn(): Promise<void> {
    const tab = await this.#signIn('/')
    await eventually(tab, HEADING, 'Hello, Ada')
    await eventually(tab, IS_COUNTING, true)
  }

  async warningByKeyboard(): Promise<void> {
    const tab = await this.#signIn('/letter')
    for (const key of ['Enter', 'Escape']) {
      await eventually(tab, DIALOG, true, IDLE * 1000)
      await tab.press(key)
      await eventually(tab, DIALOG, false)
    }
    expect(await tab.evaluate(PATH)).toBe('/letter')
  }

  /** Typing is not disturbed, and the text is there again after a reload. */
  async typing(): Promise<void> {
    const tab = await this.#signIn('/letter')
    await eventually(tab, IS_COUNTING, true)
    await tab.evaluate(`document.querySelector('#letter').focus()`)
    let typed = ''
    for (const until = Date.now() + (IDLE - 10) * 1000; Date.now() < until; typed += 'ab c') {
      await tab.press(...'ab c')
      expect(await tab.evaluate(DIALOG)).toBe(false)
      await sleep(300)
    }
    expect(await tab.evaluate(LETTER)).toBe(typed)
    await tab.evaluate('location.reload()')
    await eventually(tab, LETTER, typed)
  }

  /** A sign-out asks for the text, reaches every tab, and nothing private is behind the back button. */
  async tabsAndBackButton(): Promise<void> {
    const one = await this.#signIn('/letter')
    await eventually(one, IS_COUNTING, true)
    await one.evaluate(`document.querySelector('#letter').focus()`)
    await one.press(...'text')
    const other = await this.#signIn('/')
    await eventually(other, IS_COUNTING, true)
    await other.evaluate(`document.querySelector('#sign-out button').click()`)
    await eventually(other, `document.querySelector('#unsaved').open`, true)
    await other.evaluate(`document.querySelector('#unsaved .danger').click()`)
    await eventually(other, PATH, '/ended')
    await eventually(one, PATH, '/ended')
    await other.back()
    await sleep(1000)
    expect(await other.evaluate('document.body.textContent')).not.toContain('Hello, Ada')
  }

  async end(): Promise<void> {
    const tab = await this.#signIn('/letter')
    await eventually(tab, PATH, '/ended', (IDLE + 10) * 1000)
    await eventually(tab, HEADING, 'Signed out for inactivity')
  }
}

describe('the example', () => {
  for (const { name, missing, launch } of [FIREFOX_KIND, WEBKIT_KIND]) {
    const isMissing = missing.length > 0
    if (isMissing && process.env.CI) throw new Error(`${missing} is missing; .ci/run installs it`)
    if (isMissing) console.warn(`skipped: the stories in ${name}: ${missing} is missing`)

    // Both at once, because most of the time passes in waiting.
    it.skipIf(isMissing).concurrent(
      `in ${name}: sign-in, warning, typing, tabs, back button, end`,
      { timeout: 240_000 },
      async () => {
        const example = new WranglerDev()
        const browser = await launch()
        try {
          // WebKit drops `Secure` cookies on http://localhost.
          const options = ['--local-protocol=https']
          await example.start(generateKey(), { IDLE_TIMEOUT: String(IDLE) }, options)
          const stories = new Stories(browser, example.origin.replace('http:', 'https:'))
          await stories.signingIn()
          await stories.warningByKeyboard()
          await stories.typing()
          await stories.tabsAndBackButton()
          await stories.end()
        } finally {
          await browser.close()
          await example.end()
        }
      },
    )
  }
})
