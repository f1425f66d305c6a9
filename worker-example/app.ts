/**
 * The types that the app's files share.
 */

import type { Context } from 'hono'
import type { SessionEnv } from 'sealed-session/hono'
import type { Data, Env } from './sessions.ts'

export type AppEnv = SessionEnv<Data> & { Bindings: Env }
export type AppContext = Context<AppEnv>
