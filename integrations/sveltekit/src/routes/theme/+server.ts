import { redirect } from '@sveltejs/kit'
import type { RequestHandler } from './$types'

export const POST: RequestHandler = async ({ request, locals: { session } }) => {
  const form = await request.formData()
  session.data.theme = String(form.get('theme'))
  redirect(303, '/')
}
