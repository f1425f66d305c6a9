import { Elysia, t } from 'elysia'
import { createSessionManager, memoryRevocationList } from 'sealed-session'

interface Data {
  theme: string
}

const sessions = createSessionManager<Data>({
  keys: process.env.SESSION_KEYS ?? '',
  revocationList: memoryRevocationList(), // for one process; for more, sealed-session/redis
})

/** Around every handler, error and 404. `load` gives the same session inside. */
const withSession = new Elysia({ name: 'session' })
  .wrap(
    (next) =>
      (request: Request, ...rest: unknown[]) =>
        sessions.handle(request, () => next(request, ...rest) as unknown as Promise<Response>),
  )
  .derive({ as: 'global' }, async ({ request }) => ({ session: await sessions.load(request) }))

new Elysia()
  .use(withSession)
  .get('/', ({ session }) => {
    const { subject = 'stranger', ended = 'no', data } = session
    return `Hello ${subject}. Theme: ${data.theme ?? 'none'}. Ended: ${ended}.`
  })
  .post(
    '/sign-in',
    async ({ session, body, redirect }) => {
      await session.signIn(body.subject) // after you have checked who it is
      return redirect('/', 303)
    },
    { body: t.Object({ subject: t.String() }) },
  )
  .post(
    '/theme',
    ({ session, body, redirect }) => {
      session.data.theme = body.theme
      return redirect('/', 303)
    },
    { body: t.Object({ theme: t.String() }) },
  )
  .post('/sign-out', async ({ session, redirect }) => {
    await session.destroy()
    return redirect('/', 303)
  })
  .post(
    '/force-out',
    async ({ body, redirect }) => {
      await sessions.revokeSubject(body.subject) // after you have checked that the sender may
      return redirect('/', 303)
    },
    { body: t.Object({ subject: t.String() }) },
  )
  .listen(process.env.PORT ?? 3000)
