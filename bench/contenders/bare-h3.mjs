/** h3 without sessions, which is subtracted from h3. */
import { H3 } from 'h3'
import { answer } from './app.mjs'

const app = new H3()
  .post('/sign-in', () => answer('nobody', { theme: 'none' }))
  .get('/slide', () => answer('nobody', { theme: 'none' }))
  .get('/read', () => answer('nobody', { theme: 'none' }))

export const fetch = (request) => app.fetch(request)
