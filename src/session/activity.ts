/**
 * Which requests are a person at work, so that they slide the idle timeout. Decides on a request's
 * headers alone.
 */

import { assertOptional, kindOf } from '../lib/check.ts'

/** The options that this is about. */
export interface ActivityOptions {
  /**
   * Whether a request counts as activity. Default: unless it carries `Session-Activity: passive`.
   * Prefetches never do.
   */
  isActivity?: (request: Request) => boolean
  /**
   * With `cookie.sameSite: 'none'`, the origins of other sites whose requests count as activity, such
   * as `['https://app.example']`. A page of any other site can keep no session alive with its images
   * and fetches; a link or a form that leads here counts always. Default: none.
   */
  activityOrigins?: readonly string[]
}

/** Validates the options and gives the decision. */
export function resolveActivity(
  options: ActivityOptions,
  sameSite: string | undefined,
): (request: Request) => boolean {
  const { isActivity = isNotPassive, activityOrigins } = options
  assertOptional('isActivity', isActivity, 'function')
  const counts = (request: Request) => !isPrefetch(request) && isActivity(request)
  const origins = readOrigins(activityOrigins)
  if (sameSite === 'none') {
    return (request) => isOfThisSiteOr(origins, request) && counts(request)
  }
  if (activityOrigins === undefined) return counts
  throw new TypeError(
    `"activityOrigins" needs "cookie.sameSite" 'none': with the others browsers send no cookies with ` +
      'requests that pages of other sites make',
  )
}

function readOrigins(origins: unknown = []): ReadonlySet<string> {
  if (!Array.isArray(origins)) {
    throw new TypeError(`"activityOrigins" must be an array of origins; got ${kindOf(origins)}`)
  }
  for (const [index, origin] of origins.entries()) {
    if (typeof origin === 'string' && isOrigin(origin)) continue
    throw new TypeError(
      `"activityOrigins" must hold origins as browsers send them, such as "https://app.example" ` +
        `without a path; number ${index + 1} is not one`,
    )
  }
  return new Set(origins)
}

const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text

/**
 * A request of this site, a document that a link, a form or a redirect of another site leads to, or
 * one of an origin that may. Pages cannot forge these headers (Fetch Metadata). Browsers from before
 * `Sec-Fetch-Site` count as this site.
 */
function isOfThisSiteOr(origins: ReadonlySet<string>, { headers }: Request): boolean {
  if (headers.get('Sec-Fetch-Site') !== 'cross-site') return true
  const isDocument =
    headers.get('Sec-Fetch-Mode') === 'navigate' && headers.get('Sec-Fetch-Dest') === 'document'
  return isDocument || origins.has(headers.get('Origin') ?? '')
}

/** A browser that fetches a page before anybody asked for it (Fetch, `Sec-Purpose`) is not a person at work. */
const isPrefetch = ({ headers }: Request): boolean =>
  /\bprefetch\b/i.test(
    headers.get('Sec-Purpose') ?? headers.get('Purpose') ?? headers.get('X-Moz') ?? '',
  )

const isNotPassive = ({ headers }: Request): boolean =>
  headers.get('Session-Activity')?.toLowerCase() !== 'passive'
