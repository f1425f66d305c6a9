import { Form } from 'react-router'
import { sessionContext } from '../sessions.server'
import type { Route } from './+types/home'

export function loader({ context }: Route.LoaderArgs) {
  const { subject = 'stranger', ended = 'no', data } = context.get(sessionContext)
  return { subject, ended, theme: data.theme ?? 'none' }
}

export default function Home({ loaderData: { subject, ended, theme } }: Route.ComponentProps) {
  return (
    <main>
      <p>{`Hello ${subject}. Theme: ${theme}. Ended: ${ended}.`}</p>
      <Form method="post" action="/sign-in">
        <input name="subject" />
        <button type="submit">Sign in</button>
      </Form>
      <Form method="post" action="/sign-out">
        <button type="submit">Sign out</button>
      </Form>
    </main>
  )
}
