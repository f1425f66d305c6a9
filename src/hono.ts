/**
 * Sessions for Hono: the middleware, guards, and the routes that the browser side talks to.
 *
 * @module
 */

export type { SessionStatus } from './client/protocol.ts'
export type { SessionEnv } from './hono/context.ts'
export {
  type RequireOptions,
  type RequireRecentProofOptions,
  type RequireSignInOptions,
  requireRecentProof,
  requireRecentSignIn,
  requireSignIn,
  type SignedInEnv,
} from './hono/guards.ts'
export { session } from './hono/middleware.ts'
export { returnPath } from './hono/return-path.ts'
export { type SessionRoutesOptions, sessionRoutes } from './hono/routes.ts'
export { type SameSubjectOptions, sameSubject } from './hono/same-subject.ts'
