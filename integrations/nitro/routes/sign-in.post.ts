import { defineHandler, redirect } from 'nitro/h3'
import { sessions } from '../sessions'

export default defineHandler(async (event) => {
  const session = await sessions.load(event.req)
  const form = await event.req.formData()
  await session.signIn(String(form.get('subject'))) // after you have checked who it is
  return redirect('/', 303)
})
