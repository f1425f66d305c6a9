import type { Handle } from '@sveltejs/kit'
import { sessions } from './lib/server/sessions'

export const handle: Handle = ({ event, resolve }) =>
  sessions.handle(event.request, (session) => {
    event.locals.session = session
    return resolve(event)
  })
