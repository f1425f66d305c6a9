import { data } from 'react-router'
import { commitSession, getSession } from '../session-storage.server'
import type { Route } from './+types/home'

export async function loader({ request }: Route.LoaderArgs) {
  const session = await getSession(request)
  const { subject = 'stranger', ended = 'no' } = session
  const theme = session.data.theme ?? 'none'
  return data({ subject, ended, theme }, { headers: await commitSession(session) })
}

// The page is as private as what its loader read.
export const headers: Route.HeadersFunction = ({ loaderHeaders }) => loaderHeaders

export default function Home({ loaderData: { subject, ended, theme } }: Route.ComponentProps) {
  return <p>{`Hello ${subject}. Theme: ${theme}. Ended: ${ended}.`}</p>
}
