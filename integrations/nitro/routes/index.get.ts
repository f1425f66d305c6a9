import { defineHandler } from 'nitro/h3'
import { sessions } from '../sessions'

export default defineHandler(async (event) => {
  const { subject = 'stranger', ended = 'no', data } = await sessions.load(event.req)
  return `Hello ${subject}. Theme: ${data.theme ?? 'none'}. Ended: ${ended}.`
})
