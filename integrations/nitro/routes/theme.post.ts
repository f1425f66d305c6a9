import { defineHandler, redirect } from 'nitro/h3'
import { sessions } from '../sessions'

export default defineHandler(async (event) => {
  const session = await sessions.load(event.req)
  const form = await event.req.formData()
  session.data.theme = String(form.get('theme'))
  return redirect('/', 303)
})
