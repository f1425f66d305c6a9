import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { createSessionManager, memoryRevocationList, type Session } from 'sealed-session'
import { nodeSession } from 'sealed-session/node'

interface Data {
  theme: string
}

const sessions = createSessionManager<Data>({
  keys: process.env.SESSION_KEYS ?? '',
  revocationList: memoryRevocationList(), // for one process; for more, sealed-session/redis
})
const loadSession = nodeSession(sessions)

type Incoming = IncomingMessage & { session?: Session<Data> }

createServer((req: Incoming, res) => {
  loadSession(req, res, (error) => {
    if (error !== undefined || req.session === undefined) return fail(res)
    respond(req, req.session, res).catch(() => fail(res))
  })
}).listen(Number(process.env.PORT ?? 3000))

function fail(res: ServerResponse): void {
  if (!res.headersSent) res.writeHead(500).end('Something went wrong')
}

async function respond(req: IncomingMessage, session: Session<Data>, res: ServerResponse) {
  const field = async (name: string) => new URLSearchParams(await text(req)).get(name) ?? ''
  switch (`${req.method} ${req.url}`) {
    case 'GET /': {
      const { subject = 'stranger', ended = 'no', data } = session
      res.end(`Hello ${subject}. Theme: ${data.theme ?? 'none'}. Ended: ${ended}.`)
      return
    }
    case 'POST /sign-in':
      await session.signIn(await field('subject')) // after you have checked who it is
      break
    case 'POST /theme':
      session.data.theme = await field('theme')
      break
    case 'POST /sign-out':
      await session.destroy()
      break
    case 'POST /force-out': // after you have checked that the sender may
      await sessions.revokeSubject(await field('subject'))
      break
    default:
      res.writeHead(404).end('Not found')
      return
  }
  res.writeHead(303, { Location: '/' }).end()
}
