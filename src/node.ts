/**
 * Sessions for Express, Connect and Node's own `http`: a middleware that waits with the response
 * until the cookies are sealed.
 *
 * @module
 */

export { type NodeMiddleware, nodeSession } from './node/middleware.ts'
export type { NodeRequest, NodeResponse } from './node/types.ts'
