/**
 * Where a sign-in may lead to. The path comes out of the address or a form, where anybody may have
 * put it, so that it must not lead to another site.
 */

const THIS_SITE = 'https://this-site.invalid'

/**
 * The path if it is one of this site, read as a browser reads it: `//host` and `/\\host` are another
 * site, and tabs and line breaks count for nothing. What browsers send themselves is printable ASCII
 * without spaces; nothing else goes into a header.
 */
export function pathOfThisSite(path: string | undefined): string | undefined {
  if (path === undefined || !/^\/[!-~]*$/.test(path)) return undefined
  const isHere = URL.canParse(path, THIS_SITE) && new URL(path, THIS_SITE).origin === THIS_SITE
  return isHere ? path : undefined
}
