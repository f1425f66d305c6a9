import type { APIRoute } from 'astro'

export const POST: APIRoute = async ({ request, locals: { session }, redirect }) => {
  const form = await request.formData()
  session.data.theme = String(form.get('theme'))
  return redirect('/', 303)
}
