import { redirect } from 'react-router'
import { sessions } from '../session-storage.server'
import type { Route } from './+types/force-out'

export async function action({ request }: Route.ActionArgs) {
  const form = await request.formData()
  await sessions.revokeSubject(String(form.get('subject'))) // after you have checked the sender
  return redirect('/', 303)
}
