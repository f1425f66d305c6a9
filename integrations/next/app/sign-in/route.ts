import { withSession } from '../../sessions'

export const POST = withSession(async (request, session) => {
  const form = await request.formData()
  await session.signIn(String(form.get('subject'))) // after you have checked who it is
  return new Response(null, { status: 303, headers: { Location: '/' } })
})
