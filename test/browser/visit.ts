/** A visitor who is signed in, anew for each test. */

import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { launch } from './browser.ts'
import { type Site, startSite, Visitor } from './site.ts'

/** What one test works with. */
export interface Visit {
  readonly browser: Browser
  readonly site: Site
  readonly visitor: Visitor
}

/** Begins a visit before each test of the block, and ends it afterwards. */
export function beforeEachVisit(begin: (visit: Visit) => void): void {
  let browser: Browser
  let visit: Visit

  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    const site = await startSite()
    const visitor = await Visitor.signIn(await browser.newContext(), site)
    visit = { browser, site, visitor }
    begin(visit)
  })
  afterEach(async () => {
    await visit.visitor.context.close()
    await visit.site.close()
  })
}
