import { redirect } from 'react-router'
import { commitSession, getSession } from '../session-storage.server'
import type { Route } from './+types/theme'

export async function action({ request }: Route.ActionArgs) {
  const session = await getSession(request)
  const form = await request.formData()
  session.data.theme = String(form.get('theme'))
  return redirect('/', { status: 303, headers: await commitSession(session) })
}
