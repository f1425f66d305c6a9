/**
 * Where a sign-in may lead to. The path comes out of the address or a form, where anybody may have
 * put it, so that it must not lead to another site.
 */

/**
 * The path if it is one of this site. Browsers read `//host` and `/\host` as another site, and skip
 * tabs and line breaks first; what they send themselves is printable ASCII without spaces.
 */
export function pathOfThisSite(path: string | undefined): string | undefined {
  return path !== undefined && /^\/(?![/\\])[!-~]*$/.test(path) ? path : undefined
}
