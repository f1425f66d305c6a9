/**
 * Where a sign-in may lead to. The path comes out of an address or a form, where anybody may have put
 * it, so it must not lead to another site. Knows nothing of sessions.
 */

const THIS_SITE = 'https://this-site.invalid'

/** The field of the sign-in page's address that holds the path. */
const FIELD = 'return'

/** A sign-in page with a longer path in its address would be refused by some servers. */
const LONGEST = 2_000

/**
 * The path if it is one of this site, else `fallback`. For the path that `redirectTo` put into the
 * address of the sign-in page, when somebody has signed in.
 *
 * A path begins with a single slash, also after everything that a browser makes of it: `//host` and
 * `/\host` are other sites, tabs and line breaks are ignored, `/.//host` is `//host` (URL Standard).
 *
 * @example
 * app.post('/sign-in', async (c) => {
 *   // …
 *   return c.redirect(returnPath(c.req.query('return')), 303)
 * })
 */
export function returnPath(path: unknown, fallback: string = '/'): string {
  return ownPath(path) ?? fallback
}

/** The address of the sign-in page, with the path that the visitor wanted. */
export function withReturn(signInPage: string, { method, url }: Request): string {
  // Only what can be opened again: a form that was sent cannot.
  if (method !== 'GET' && method !== 'HEAD') return signInPage
  const { pathname, search } = new URL(url)
  const wanted = ownPath(pathname + search)
  const [address = '', fragment] = signInPage.split('#', 2)
  const isChosen = new URL(address, THIS_SITE).searchParams.has(FIELD)
  if (wanted === undefined || isChosen) return signInPage
  const joined = `${address}${address.includes('?') ? '&' : '?'}${FIELD}=${encodeURIComponent(wanted)}`
  return fragment === undefined ? joined : `${joined}#${fragment}`
}

/** Whether a browser reads it as a path of this site. */
export const isPath = (path: unknown): path is string =>
  typeof path === 'string' &&
  path.startsWith('/') &&
  URL.canParse(path, THIS_SITE) &&
  new URL(path, THIS_SITE).origin === THIS_SITE

function ownPath(path: unknown): string | undefined {
  // Browsers send printable ASCII without spaces; nothing else goes into a header.
  if (!isPath(path) || !/^[!-~]*$/.test(path) || path.length > LONGEST) return undefined
  const { pathname, search, hash } = new URL(path, THIS_SITE)
  return pathname.startsWith('//') ? undefined : pathname + search + hash
}
