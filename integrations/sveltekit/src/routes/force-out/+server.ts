import { redirect } from '@sveltejs/kit'
import { sessions } from '../../lib/server/sessions'
import type { RequestHandler } from './$types'

export const POST: RequestHandler = async ({ request }) => {
  const form = await request.formData()
  await sessions.revokeSubject(String(form.get('subject'))) // after you have checked the sender
  redirect(303, '/')
}
