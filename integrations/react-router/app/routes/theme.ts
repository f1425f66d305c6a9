import { redirect } from 'react-router'
import { sessionContext } from '../sessions.server'
import type { Route } from './+types/theme'

export async function action({ request, context }: Route.ActionArgs) {
  const form = await request.formData()
  context.get(sessionContext).data.theme = String(form.get('theme'))
  return redirect('/', 303)
}
