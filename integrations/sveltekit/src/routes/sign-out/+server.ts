import { redirect } from '@sveltejs/kit'
import type { RequestHandler } from './$types'

export const POST: RequestHandler = async ({ locals: { session } }) => {
  await session.destroy()
  redirect(303, '/')
}
