import type { APIRoute } from 'astro'

export const POST: APIRoute = async ({ request, locals: { session }, redirect }) => {
  const form = await request.formData()
  await session.signIn(String(form.get('subject'))) // after you have checked who it is
  return redirect('/', 303)
}
