import { redirect } from 'react-router'
import { commitSession, getSession } from '../session-storage.server'
import type { Route } from './+types/sign-out'

export async function action({ request }: Route.ActionArgs) {
  const session = await getSession(request)
  await session.destroy()
  return redirect('/', { status: 303, headers: await commitSession(session) })
}
