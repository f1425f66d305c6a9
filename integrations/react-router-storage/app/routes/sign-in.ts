import { redirect } from 'react-router'
import { commitSession, getSession } from '../session-storage.server'
import type { Route } from './+types/sign-in'

export async function action({ request }: Route.ActionArgs) {
  const session = await getSession(request)
  const form = await request.formData()
  await session.signIn(String(form.get('subject'))) // after you have checked who it is
  return redirect('/', { status: 303, headers: await commitSession(session) })
}
