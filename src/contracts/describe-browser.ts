/** The names of the browser and the system that a request comes from. */

import Bowser from 'bowser'

/** A description of a browser: strings by name, at most 512 bytes as JSON. */
export type Description = Readonly<Record<string, string>>

// Longer than any browser's. Parsing time grows with the length.
const LONGEST_USER_AGENT = 512
const LONGEST_NAME = 40

/**
 * Describes a browser by names without versions, so that little about a person is stored. The
 * country comes from Cloudflare's `request.cf`, which a client cannot set.
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
