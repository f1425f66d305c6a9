/**
 * Reading what a form sends.
 */

import { HTTPException } from 'hono/http-exception'
import type { AppContext } from './app.ts'

/** A text field. One that is missing, or is a file, is empty. */
export async function field(c: AppContext, name: string): Promise<string> {
  const form = await c.req.parseBody().catch((cause: unknown) => {
    throw new HTTPException(400, { message: 'this is not a form', cause })
  })
  const value = form[name]
  return typeof value === 'string' ? value : ''
}
