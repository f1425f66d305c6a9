/**
 * Decides which requests count as a person's activity and so slide the idle timeout. Looks only at
 * a request's headers.
 */

import { assertOptional, kindOf } from '../lib/check.ts'

/** The options for activity. */
export interface ActivityOptions {
  /**
   * Whether a request counts as activity. Default: it does unless it carries `Session-Activity:
   * passive`. Prefetches never count.
   */
  isActivity?: (request: Request) => boolean
  /**
   * Only with `cookie.sameSite: 'none'`: the origins of other sites whose requests count as
   * activity, such as `['https://app.example']`. Pages of any other site cannot keep a session
   * alive with images and fetches. A link or a form that leads here always counts. Default: none.
   */
  activityOrigins?: readonly string[]
}

/** Validates the options and returns the decision as a function. */
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
    `"activityOrigins" needs "cookie.sameSite" 'none'; otherwise browsers send no cookies from other sites`,
  )
}

function readOrigins(origins: unknown = []): ReadonlySet<string> {
  if (!Array.isArray(origins)) {
    throw new TypeError(`"activityOrigins" must be an array of origins; got ${kindOf(origins)}`)
  }
  for (const [index, origin] of origins.entries()) {
    if (typeof origin === 'string' && isOrigin(origin)) continue
    throw new TypeError(
      `"activityOrigins" must hold origins, such as "https://app.example"; item ${index + 1} is none`,
    )
  }
  return new Set(origins)
}

const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text

/**
 * True for a request of this site, for a document that another site's link, form or redirect leads
 * to, and for a request of an allowed origin. Pages cannot forge these headers (Fetch Metadata). A
 * browser that does not send `Sec-Fetch-Site` counts as this site.
 */
function isOfThisSiteOr(origins: ReadonlySet<string>, { headers }: Request): boolean {
  if (headers.get('Sec-Fetch-Site') !== 'cross-site') return true
  const isDocument =
    headers.get('Sec-Fetch-Mode') === 'navigate' && headers.get('Sec-Fetch-Dest') === 'document'
  return isDocument || origins.has(headers.get('Origin') ?? '')
}

/**
 * The browser fetches a page in advance (Fetch, `Sec-Purpose`). That is not a person's activity.
 */
const isPrefetch = ({ headers }: Request): boolean =>
  /\bprefetch\b/i.test(
    headers.get('Sec-Purpose') ?? headers.get('Purpose') ?? headers.get('X-Moz') ?? '',
  )

const isNotPassive = ({ headers }: Request): boolean =>
  headers.get('Session-Activity')?.toLowerCase() !== 'passive'
