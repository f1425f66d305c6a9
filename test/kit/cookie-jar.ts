/** The browser's cookie store of the package, for tests that need nothing else of the kit. */

export { CookieJar } from '../../src/testing/cookie-jar.ts'
