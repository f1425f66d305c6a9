import { readSession } from '../../read-session'

/** What does not work: a page that writes. */
export default async function Page() {
  const session = await readSession()
  await session.signIn('ada')
  return <p>Signed in</p>
}
