import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { createServer as createHttp2Server, connect as http2Connect } from 'node:http2'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, expect, it, vi } from 'vitest'
import type { SessionManager } from '../../src/index.ts'
import { nodeSession } from '../../src/node.ts'
import { Device, setUpBinding } from '../binding/device.ts'
import { ACTIVITY, type AnyData, cookiesSet, SESSION, setUp } from '../kit/visitor.ts'
import { listen, serve } from './server.ts'

const MEGABYTE = 1_000_000

async function signedIn(options: Parameters<typeof setUp>[0] = {}) {
  const set = setUp(options)
  const site = await serve(set.manager, set.clock)
  await site.visit(async ({ session }, response) => {
    await session.signIn('ada')
    response.end('welcome')
  })
  return { ...set, site }
}

/** Sends lines to a port and gives all that comes back. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, 'localhost')
  socket.write(text)
  let answer = ''
  for await (const part of socket) answer += part
  return answer
}

describe('a server with nodeSession', () => {
  it('signs in, slides, and signs out for good', async () => {
    const { site, clock } = await signedIn()
    await using _ = site
    expect(site.jar.names()).toEqual([SESSION, ACTIVITY])
    for (let visit = 0; visit < 3; visit++) {
      clock.pass(1_799)
      const read = await site.visit(({ session }, response) => response.end(session.subject))
      expect(await read.text()).toBe('ada')
      expect(cookiesSet(read)).toEqual([ACTIVITY])
      expect(read.headers.get('Cache-Control')).toBe('private, no-store')
      expect(read.headers.get('Vary')).toBe('Cookie')
    }
    const copy = site.jar.clone()
    const bye = await site.visit(async ({ session }, response) => {
      await session.destroy()
      response.writeHead(303, { Location: '/' }).end()
    })
    expect(bye.status).toBe(303)
    expect(bye.headers.get('Location')).toBe('/')
    expect(site.jar.names()).toEqual([])
    site.jar.replaceBy(copy)
    const late = await site.visit(({ session }, response) => response.end(session.ended))
    expect(await late.text()).toBe('revoked')
  })

  it.each(['destroy', 'regenerate', 'save'] as const)(
    'refuses a callback for %s as express-session has it, which would never be called',
    async (name) => {
      const { site } = await signedIn()
      await using _ = site
      const answer = await site.visit(async ({ session }, response) => {
        const method = session[name] as (callback?: () => void) => Promise<void>
        try {
          method.call(session, () => response.end('called'))
        } catch (error) {
          response.end(String(error))
        }
      })
      expect(await answer.text()).toBe(`TypeError: session.${name}() takes no callback: await it`)
      const after = await site.visit(async ({ session }, response) => {
        await session[name]()
        response.end('done')
      })
      expect(await after.text()).toBe('done')
    },
  )

  it('answers a browser that binds a session to its device', async () => {
    const { manager, visitor, clock } = setUpBinding()
    await using site = await serve(manager, clock)
    let handled = 0
    site.handler = (_, response) => {
      handled++
      response.writeHead(404).end('nothing here')
    }
    const answerBinding = async ({ method, url, headers }: Request) =>
      fetch(new URL(new URL(url).pathname, site.address), { method, headers })
    const device = new Device({ ...manager, answerBinding }, visitor)
    await device.signIn()
    expect(await device.see(({ bound }) => bound !== undefined)).toBe(true)
    expect(handled).toBe(0)
    const other = await fetch(new URL('/session/other', site.address), { method: 'POST' })
    expect([other.status, handled]).toEqual([404, 1])
  })

  it.each<[string, (response: import('node:http').ServerResponse) => void]>([
    ['setHeader', (response) => response.setHeader('Set-Cookie', 'a=1').setHeader('X-Own', 'x')],
    ['writeHead', (response) => response.writeHead(200, { 'Set-Cookie': ['a=1'], 'X-Own': 'x' })],
    [
      'writeHead with a message and a list',
      (response) => response.writeHead(200, 'Fine', ['Set-Cookie', 'a=1', 'X-Own', 'x']),
    ],
    [
      'writeHead after setHeader',
      (response) => {
        response.setHeader('X-Own', 'old')
        response.setHeader('Set-Cookie', 'a=1')
        response.writeHead(200, { 'X-Own': 'x' })
      },
    ],
    [
      'flushHeaders',
      (response) => {
        response.setHeader('Set-Cookie', 'a=1').setHeader('X-Own', 'x').flushHeaders()
      },
    ],
  ])("keeps the handler's headers and cookies: %s", async (_, begin) => {
    const { site } = await signedIn()
    await using __ = site
    const response = await site.visit((_request, response) => {
      begin(response)
      response.end('body')
    })
    expect(await response.text()).toBe('body')
    expect(response.headers.get('X-Own')).toBe('x')
    expect(cookiesSet(response)).toEqual(['a', ACTIVITY])
  })

  it('keeps the status and its message', async () => {
    const { site } = await signedIn()
    await using _ = site
    const response = await site.visit((_request, response) => {
      response.writeHead(418, 'Short and stout').end()
    })
    expect([response.status, response.statusText]).toEqual([418, 'Short and stout'])
  })

  it('sends a stream whole, with one that waits and one that does not', async () => {
    const { site } = await signedIn()
    await using _ = site
    const parts = Array.from({ length: 100 }, (_, at) => String(at % 10).repeat(MEGABYTE / 100))
    const piped = await site.visit((_request, response) => pipeline(Readable.from(parts), response))
    expect(cookiesSet(piped)).toEqual([ACTIVITY])
    expect(await piped.text()).toBe(parts.join(''))
    const hasty = await site.visit((_request, response) => {
      for (const part of parts) response.write(part)
      response.end()
    })
    expect(await hasty.text()).toBe(parts.join(''))
  })

  it('tells the handler that the response has begun and ended', async () => {
    const { site } = await signedIn()
    await using _ = site
    const seen: boolean[] = []
    await site.visit((_request, response) => {
      seen.push(response.headersSent, response.writableEnded)
      response.write('begin')
      seen.push(response.headersSent, response.writableEnded)
      response.end()
      seen.push(response.headersSent, response.writableEnded)
    })
    expect(seen).toEqual([false, false, true, false, true, true])
  })

  it('sends the status that the handler began with, whatever it sets later', async () => {
    const { site } = await signedIn()
    await using _ = site
    const response = await site.visit((_request, response) => {
      response.end('first')
      response.statusCode = 500
    })
    expect(response.status).toBe(200)
  })

  it.each<[string, (response: ServerResponse) => unknown]>([
    ['setHeader', (response) => response.setHeader('Content-Length', 6)],
    ['appendHeader', (response) => response.appendHeader('X-Own', 'x')],
    ['removeHeader', (response) => response.removeHeader('X-Own')],
    ['writeHead', (response) => response.writeHead(500)],
  ])('refuses a second answer as Node does, and sends the first: %s', async (_, change) => {
    const { site } = await signedIn()
    await using __ = site
    const uncaught = vi.fn()
    process.on('uncaughtException', uncaught)
    let error: unknown
    const response = await site.visit((_request, response) => {
      // A redirect without `return`, then the page: Express sets a header first.
      response.writeHead(303, { Location: '/' }).end()
      try {
        change(response)
        response.end('second')
      } catch (thrown) {
        error = thrown
      }
    })
    await new Promise((resolve) => setImmediate(resolve))
    process.off('uncaughtException', uncaught)
    expect(error).toMatchObject({ code: 'ERR_HTTP_HEADERS_SENT' })
    expect(uncaught).not.toHaveBeenCalled()
    expect([response.status, await response.text()]).toEqual([303, ''])
    expect(cookiesSet(response)).toEqual([ACTIVITY])
  })

  it('refuses to change headers after writeHead, also when the cookies are in place', async () => {
    const { site } = await signedIn()
    await using _ = site
    const response = await site.visit(async (_request, response) => {
      response.writeHead(200)
      await once(response, 'drain')
      expect(() => response.setHeader('Cache-Control', 'public')).toThrow(/headers after they are/)
      response.end('body')
    })
    expect(response.headers.get('Cache-Control')).toBe('private, no-store')
    expect(await response.text()).toBe('body')
  })

  it('leaves methods in place that middleware mounted later put there', async () => {
    const { site } = await signedIn()
    await using _ = site
    const response = await site.visit(async (_request, response) => {
      // As `compression` does it.
      const { write, end } = response
      response.write = (text: string) => write.call(response, text.toUpperCase(), 'utf8')
      response.end = () => (end as () => ServerResponse).call(response)
      const setHeader = vi.fn(response.setHeader)
      response.setHeader = setHeader as typeof response.setHeader
      response.write('one ')
      await once(response, 'drain')
      response.write('two')
      expect(response.setHeader).toBe(setHeader)
      response.end()
    })
    expect(await response.text()).toBe('ONE TWO')
    expect(cookiesSet(response)).toEqual([ACTIVITY])
  })

  it('gives the error to next if the session cannot be sealed, and sends nothing of it', async () => {
    const { site } = await signedIn()
    await using _ = site
    const response = await site.visit(({ session }, response) => {
      session.data.note = 'x'.repeat(5_000)
      response.setHeader('Access-Control-Allow-Origin', 'https://app.example')
      response.writeHead(303, { Location: '/saved', 'Content-Type': 'text/plain' }).end('saved')
    })
    expect(site.errors).toMatchObject([{ code: 'too-large' }])
    expect(response.status).toBe(500)
    expect(await response.text()).toBe('an error page')
    expect(response.headers.get('Location')).toBeNull()
    expect(response.headers.get('Content-Type')).toBeNull()
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('https://app.example')
    const after = await site.visit(({ session }, response) => response.end(session.subject))
    expect(await after.text()).toBe('ada')
  })

  it('cuts the connection if that happens in a stream', async () => {
    const { site } = await signedIn()
    await using _ = site
    let begun: boolean | undefined
    const broken = site.visit(({ session }, response) => {
      session.data.note = 'x'.repeat(5_000)
      response.write('a part')
      response.on('close', () => {
        begun = response.headersSent
        response.end('too late')
      })
    })
    await expect(broken).rejects.toThrow('fetch failed')
    expect(site.errors).toMatchObject([{ code: 'too-large' }])
    const after = await site.visit(({ session }, response) => response.end(session.subject))
    expect(await after.text()).toBe('ada')
    expect(begun).toBe(true)
  })

  it('gives next what sending throws', async () => {
    const { site } = await signedIn()
    await using _ = site
    const response = await site.visit((_request, response) => {
      response.statusCode = 9_999
      response.end('what status is that?')
    })
    expect(response.status).toBe(500)
    expect(site.errors).toMatchObject([{ code: 'ERR_HTTP_INVALID_STATUS_CODE' }])
  })

  it('answers 503 while the list is away, in place of the error page', async () => {
    const list = { isAway: false }
    const { site, clock } = await signedIn({
      revocationList: {
        read: async (targets) => {
          if (list.isAway) throw new Error('away')
          return targets.map(() => undefined)
        },
        write: async () => {},
      },
    })
    await using _ = site
    clock.pass(400)
    list.isAway = true
    const response = await site.visit(async ({ session }, response) =>
      response.end(`hello ${session.subject}`),
    )
    expect(response.status).toBe(503)
    expect(response.headers.get('Retry-After')).toBe('5')
    expect(await response.json()).toEqual({ error: 'revocation-unavailable' })
    const other = await site.visit((_request, response) => response.end('does not look'))
    expect(await other.text()).toBe('does not look')
    const late: unknown[] = []
    const half = await site.visit(async ({ session }, response) => {
      response.on('error', (error) => late.push(error))
      await session.recheck().catch(() => {})
      response.writeHead(500).write('a part of a page')
      const goOn = (left: number) => {
        response.write('more')
        if (left > 0 && !response.writableFinished) process.nextTick(goOn, left - 1)
      }
      goOn(10_000)
    })
    expect(await half.json()).toEqual({ error: 'revocation-unavailable' })
    expect(late).toEqual([])
  })

  it('mounted twice commits once', async () => {
    const { site, manager } = await signedIn()
    await using _ = site
    const again = nodeSession(manager)
    const response = await site.visit((request, response) => {
      const { session } = request
      again(request, response, () => {
        expect(request.session).toBe(session)
        response.end('once')
      })
    })
    expect(await response.text()).toBe('once')
    expect(cookiesSet(response)).toEqual([ACTIVITY])
  })

  it.each([
    ['a whole address', 'GET http://other.example/path HTTP/1.1\r\nHost: site.example'],
    ['no path', 'OPTIONS * HTTP/1.1\r\nHost: site.example'],
    ['two slashes', 'GET //evil.example/ HTTP/1.1\r\nHost: site.example'],
    ['a host that is none', 'GET / HTTP/1.1\r\nHost: a b/@:x'],
    ['a host with a path', 'GET / HTTP/1.1\r\nHost: evil.example/path?'],
    ['a host with a name', 'GET / HTTP/1.1\r\nHost: user:secret@evil.example'],
    ['no host', 'GET / HTTP/1.0'],
    ['a method that fetch refuses', 'TRACE / HTTP/1.1\r\nHost: site.example'],
    ['a path that is hardly one', 'GET /%zz[|\\ HTTP/1.1\r\nHost: site.example'],
  ])('loads a session for a request with %s', async (_, head) => {
    const { site } = await signedIn()
    await using __ = site
    site.handler = ({ session }, response) => response.end(`subject ${session.subject}`)
    const cookie = site.jar.headerFor(site.address)
    const answer = await raw(site.port, `${head}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`)
    expect(answer).toContain('subject ada')
    expect(site.errors).toEqual([])
  })

  it('gives the audience the address of the request', async () => {
    const urls: string[] = []
    const { site } = await signedIn({
      audience: (request) => {
        urls.push(request.url)
        return new URL(request.url).host
      },
    })
    await using _ = site
    await raw(
      site.port,
      'GET /a?b=c HTTP/1.1\r\nHost: tenant.example:81\r\nConnection: close\r\n\r\n',
    )
    await raw(site.port, 'GET / HTTP/1.1\r\nHost: x/y\r\nConnection: close\r\n\r\n')
    await raw(site.port, 'OPTIONS * HTTP/1.1\r\nHost: x.example\r\nConnection: close\r\n\r\n')
    expect([...new Set(urls.slice(1))]).toEqual([
      'http://tenant.example:81/a?b=c',
      'http://unknown.invalid/',
      'http://x.example/',
    ])
  })

  it('serves HTTP/2', async () => {
    const { manager } = setUp()
    const middleware = nodeSession(manager)
    const warnings: Error[] = []
    const warn = (warning: Error) => warnings.push(warning)
    process.on('warning', warn)
    const server = createHttp2Server((request, response) => {
      const withSession = request as typeof request & Parameters<typeof middleware>[0]
      middleware(withSession, response as never, async () => {
        await withSession.session?.signIn('ada')
        response.writeHead(201, { 'x-own': 'x' })
        response.end('welcome')
      })
    })
    const client = http2Connect(`http://localhost:${await listen(server)}`)
    try {
      const stream = client.request({ ':path': '/' })
      const headers = await new Promise<Record<string, unknown>>((resolve) => {
        stream.on('response', resolve)
      })
      let body = ''
      for await (const part of stream) body += part
      expect(body).toBe('welcome')
      expect(headers[':status']).toBe(201)
      expect(headers['x-own']).toBe('x')
      const cookies = headers['set-cookie'] as string[]
      expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual([SESSION, ACTIVITY])
      expect(warnings).toEqual([])
    } finally {
      process.off('warning', warn)
      client.close()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('takes a manager and nothing else', () => {
    expect(() => nodeSession((() => {}) as unknown as SessionManager<AnyData>)).toThrow(
      'nodeSession() takes a session manager; got a function',
    )
    expect(() => nodeSession(undefined as unknown as SessionManager<AnyData>)).toThrow(
      'nodeSession() takes a session manager; got undefined',
    )
  })
})
