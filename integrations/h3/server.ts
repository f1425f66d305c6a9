import { H3, redirect } from 'h3'
import { createSessionManager, memoryRevocationList } from 'sealed-session'
import { serve } from 'srvx'

interface Data {
  theme: string
}

const sessions = createSessionManager<Data>({
  keys: process.env.SESSION_KEYS ?? '',
  revocationList: memoryRevocationList(), // for one process; for more, sealed-session/redis
})

const app = new H3()

app.get('/', async (event) => {
  const { subject = 'stranger', ended = 'no', data } = await sessions.load(event.req)
  return `Hello ${subject}. Theme: ${data.theme ?? 'none'}. Ended: ${ended}.`
})

app.post('/sign-in', async (event) => {
  const form = await event.req.formData()
  const session = await sessions.load(event.req)
  await session.signIn(String(form.get('subject'))) // after you have checked who it is
  return redirect('/', 303)
})

app.post('/theme', async (event) => {
  const form = await event.req.formData()
  const session = await sessions.load(event.req)
  session.data.theme = String(form.get('theme'))
  return redirect('/', 303)
})

app.post('/sign-out', async (event) => {
  const session = await sessions.load(event.req)
  await session.destroy()
  return redirect('/', 303)
})

app.post('/force-out', async (event) => {
  const form = await event.req.formData()
  await sessions.revokeSubject(String(form.get('subject'))) // after you have checked the sender
  return redirect('/', 303)
})

serve({
  port: Number(process.env.PORT ?? 3000),
  // Around the whole app, so that its error pages count. `load` gives the same session inside.
  fetch: (request) => sessions.handle(request, () => app.fetch(request)),
})
