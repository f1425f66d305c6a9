/** The browser and the system that a request comes from, as people call them. */

import Bowser from 'bowser'
import type { Description } from './indexed-sessions.ts'

// Longer than any browser's. What it is matched against takes time with the length.
const LONGEST_USER_AGENT = 512
const LONGEST_NAME = 40

/**
 * Names without versions, because less about a person is stored that way. The country is what
 * Cloudflare says in `request.cf`, which no client can set.
 */
export function describeBrowser(request: Request): Description {
  const userAgent = request.headers.get('User-Agent')?.slice(0, LONGEST_USER_AGENT)
  const { browser, os } = userAgent ? Bowser.parse(userAgent) : {}
  const { cf } = request as { cf?: { country?: unknown } }
  const facts = { browser: browser?.name, system: os?.name, country: cf?.country }
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      typeof value === 'string' && value !== '' ? [[name, value.slice(0, LONGEST_NAME)]] : [],
    ),
  )
}
