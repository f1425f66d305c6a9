/** Express takes requests from a socket only. This sends them through one, in the same process. */
import { Agent, createServer, request as send } from 'node:http'

/** `fetch` for a listener of Node: the same for Express alone and with sessions. */
export async function fetchOf(listener) {
  const server = createServer(listener)
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return ({ url, method, headers }) =>
    new Promise((resolve, reject) => {
      const path = url.slice(new URL(url).origin.length)
      const cookie = headers.get('cookie')
      const sent = send({
        port,
        host: '127.0.0.1',
        agent,
        method,
        path,
        // express-session sets a `Secure` cookie only where the request came by https.
        headers: { 'x-forwarded-proto': 'https', ...(cookie && { cookie }) },
      })
      sent.once('error', reject)
      sent.once('response', (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (chunk) => {
          body += chunk
        })
        response.once('end', () =>
          resolve({
            status: response.statusCode,
            headers: {
              get: (name) => response.headers[name] ?? null,
              getSetCookie: () => response.headers['set-cookie'] ?? [],
            },
            text: async () => body,
            json: async () => JSON.parse(body),
          }),
        )
      })
      sent.end()
    })
}
