import { defineHandler, redirect } from 'nitro/h3'
import { sessions } from '../sessions'

export default defineHandler(async (event) => {
  const form = await event.req.formData()
  await sessions.revokeSubject(String(form.get('subject'))) // after you have checked the sender
  return redirect('/', 303)
})
