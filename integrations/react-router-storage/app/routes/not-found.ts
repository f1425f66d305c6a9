import { data } from 'react-router'
import { commitSession, getSession } from '../session-storage.server'
import type { Route } from './+types/not-found'

export async function loader({ request }: Route.LoaderArgs) {
  throw data('Not found', { status: 404, headers: await commitSession(await getSession(request)) })
}
