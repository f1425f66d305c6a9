/** What axe-core has to say against a page as it stands, with its WCAG 2.2 and best-practice rules. */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** One line per violation, with the elements that it concerns. The page's clock must be running. */
export async function violations(page: Page): Promise<string[]> {
  // Evaluated rather than added as a script, which a strict Content Security Policy would refuse.
  await page.evaluate(AXE)
  const results = await page.evaluate<AxeResults>('axe.run({ resultTypes: ["violations"] })')
  return results.violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target).join(' ')}`,
  )
}
