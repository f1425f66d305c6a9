import type { APIRoute } from 'astro'
import { sessions } from '../sessions'

export const POST: APIRoute = async ({ request, redirect }) => {
  const form = await request.formData()
  await sessions.revokeSubject(String(form.get('subject'))) // after you have checked the sender
  return redirect('/', 303)
}
