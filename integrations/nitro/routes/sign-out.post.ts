import { defineHandler, redirect } from 'nitro/h3'
import { sessions } from '../sessions'

export default defineHandler(async (event) => {
  const session = await sessions.load(event.req)
  await session.destroy()
  return redirect('/', 303)
})
