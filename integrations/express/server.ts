import express from 'express'
import { createSessionManager, memoryRevocationList, type Session } from 'sealed-session'
import { nodeSession } from 'sealed-session/node'

interface Data {
  theme: string
}

declare global {
  namespace Express {
    interface Request {
      session: Session<Data>
    }
  }
}

const sessions = createSessionManager<Data>({
  keys: process.env.SESSION_KEYS ?? '',
  revocationList: memoryRevocationList(), // for one process; for more, sealed-session/redis
})

const app = express()
app.use(express.static('public')) // before the session, so that files stay cacheable
app.use(nodeSession(sessions), express.urlencoded())

app.get('/', ({ session }, res) => {
  const { subject = 'stranger', ended = 'no', data } = session
  res.send(`Hello ${subject}. Theme: ${data.theme ?? 'none'}. Ended: ${ended}.`)
})

app.post('/sign-in', async (req, res) => {
  await req.session.signIn(req.body.subject) // after you have checked who it is
  res.redirect(303, '/')
})

app.post('/theme', (req, res) => {
  req.session.data.theme = req.body.theme
  res.redirect(303, '/')
})

app.post('/sign-out', async (req, res) => {
  await req.session.destroy()
  res.redirect(303, '/')
})

app.post('/force-out', async (req, res) => {
  await sessions.revokeSubject(req.body.subject) // after you have checked that the sender may
  res.redirect(303, '/')
})

app.listen(Number(process.env.PORT ?? 3000))
