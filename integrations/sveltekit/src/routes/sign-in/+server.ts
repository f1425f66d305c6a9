import { redirect } from '@sveltejs/kit'
import type { RequestHandler } from './$types'

export const POST: RequestHandler = async ({ request, locals: { session } }) => {
  const form = await request.formData()
  await session.signIn(String(form.get('subject'))) // after you have checked who it is
  redirect(303, '/')
}
