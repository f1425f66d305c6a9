import { createSessionManager, memoryRevocationList, type Session } from 'sealed-session'
import { serve } from 'srvx'

interface Data {
  theme: string
}

const sessions = createSessionManager<Data>({
  keys: process.env.SESSION_KEYS ?? '',
  revocationList: memoryRevocationList(), // for one process; for more, sealed-session/redis
})

async function respond(request: Request, session: Session<Data>): Promise<Response> {
  const { pathname } = new URL(request.url)
  const back = new Response(null, { status: 303, headers: { Location: '/' } })
  const field = async (name: string) => String((await request.formData()).get(name))
  switch (`${request.method} ${pathname}`) {
    case 'GET /': {
      const { subject = 'stranger', ended = 'no', data } = session
      return new Response(`Hello ${subject}. Theme: ${data.theme ?? 'none'}. Ended: ${ended}.`)
    }
    case 'POST /sign-in':
      await session.signIn(await field('subject')) // after you have checked who it is
      return back
    case 'POST /theme':
      session.data.theme = await field('theme')
      return back
    case 'POST /sign-out':
      await session.destroy()
      return back
    case 'POST /force-out': // after you have checked that the sender may
      await sessions.revokeSubject(await field('subject'))
      return back
    default:
      return new Response('Not found', { status: 404 })
  }
}

serve({
  port: Number(process.env.PORT ?? 3000),
  fetch: (request) => sessions.handle(request, (session) => respond(request, session)),
})
