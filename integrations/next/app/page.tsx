import { readSession } from '../read-session'

export default async function Page() {
  const { subject = 'stranger', ended = 'no', data } = await readSession()
  return (
    <main>
      <p>{`Hello ${subject}. Theme: ${data.theme ?? 'none'}. Ended: ${ended}.`}</p>
      <form method="post" action="/sign-in">
        <input name="subject" />
        <button type="submit">Sign in</button>
      </form>
      <form method="post" action="/sign-out">
        <button type="submit">Sign out</button>
      </form>
    </main>
  )
}
