/**
 * The bytes that a library adds to a bundle, minified by esbuild and gzipped. Hono is external,
 * because the app has it anyway.
 */

import { gzipSync } from 'node:zlib'
import { bundle } from './bundles.mjs'

const HONO = ['hono', 'hono/*']
const JOSE = ['jose', 'jose/*']
/** Loaded at the first sign-in of an app with a session index. */
const LAZY = ['bowser']

const MIDDLEWARE = `
  export { createSessionManager } from 'sealed-session'
  export { kvRevocationList } from 'sealed-session/cloudflare'
  export { requireRecentSignIn, requireSignIn, session } from 'sealed-session/hono'`

/** The imports of an app, and their sizes. */
const IMPORTS = [
  { name: 'sealed-session, everything', code: `export * from 'sealed-session'` },
  {
    name: 'sealed-session, seal and unseal',
    code: `export { seal, unseal } from 'sealed-session'`,
  },
  { name: 'sealed-session/hono', code: `export * from 'sealed-session/hono'` },
  { name: 'sealed-session/cloudflare', code: `export * from 'sealed-session/cloudflare'` },
  { name: 'sealed-session, middleware and KV list', code: MIDDLEWARE },
  { name: '@hono/session', code: `export { useSession } from '@hono/session'` },
  { name: 'iron-session', code: `export { getIronSession, webCookies } from 'iron-session'` },
  { name: 'hono-sessions', code: `export { CookieStore, sessionMiddleware } from 'hono-sessions'` },
  { name: 'h3 useSession', code: `export { useSession } from 'h3'` },
]

/** Bytes of one import, gzipped. */
export async function gzipped(code, external = []) {
  const text = await bundle(
    { contents: code },
    { minify: true, external: [...HONO, ...LAZY, ...external] },
  )
  return { minified: Buffer.byteLength(text), gzipped: gzipSync(text, { level: 9 }).length }
}

export async function measureSizes() {
  const sizes = []
  for (const { name, code } of IMPORTS) {
    const whole = await gzipped(code)
    const own = await gzipped(code, JOSE)
    sizes.push({ name, ...whole, withoutJose: own.gzipped })
  }
  return sizes
}

/** The two that have a budget: the middleware and the list on KV. */
export async function budgetedSizes() {
  return {
    ours: (await gzipped(MIDDLEWARE, JOSE)).gzipped,
    withJose: (await gzipped(MIDDLEWARE)).gzipped,
  }
}
