import { sessions } from '../../sessions'

export async function POST(request: Request) {
  const form = await request.formData()
  await sessions.revokeSubject(String(form.get('subject'))) // after you have checked the sender
  return new Response(null, { status: 303, headers: { Location: '/' } })
}
