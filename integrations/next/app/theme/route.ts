import { withSession } from '../../sessions'

export const POST = withSession(async (request, session) => {
  const form = await request.formData()
  session.data.theme = String(form.get('theme'))
  return new Response(null, { status: 303, headers: { Location: '/' } })
})
