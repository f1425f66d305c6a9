import { redirect } from 'react-router'
import { sessionContext } from '../sessions.server'
import type { Route } from './+types/sign-in'

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData()
  await context.get(sessionContext).signIn(String(form.get('subject'))) // after you have checked it
  return redirect('/', 303)
}
