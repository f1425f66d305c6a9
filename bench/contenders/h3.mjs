/**
 * h3's useSession, in h3. It slides by itself only past half of the idle timeout; its user calls
 * `update()` to slide now.
 */
import { H3, useSession } from 'h3'
import { ABSOLUTE, answer, bytesAsked, dataOf, IDLE, KEY, SUBJECT } from './app.mjs'

const config = {
  name: 'session',
  password: KEY,
  idleTimeout: IDLE,
  maxAge: ABSOLUTE,
  sessionHeader: false,
}

const app = new H3()
  .post('/sign-in', async (event) => {
    // getSession would seal an empty session first; a user of h3 cannot avoid it.
    const session = await useSession(event, config)
    await session.update({ subject: SUBJECT, ...dataOf(bytesAsked(event.req.url)) })
    return answer(session.data.subject, session.data)
  })
  .get('/slide', async (event) => {
    const session = await useSession(event, config)
    await session.update()
    return answer(session.data.subject, session.data)
  })
  .get('/read', async (event) => {
    const { data } = await useSession(event, config)
    return answer(data.subject, data)
  })

export const fetch = (request) => app.fetch(request)
