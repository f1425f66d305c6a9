import type { Group } from './mutant.ts'

const NODE = 'test/node/node-session.test.ts'

export const node: readonly Group[] = [
  {
    file: 'src/node/held-response.ts',
    tests: [NODE],
    mutants: [
      {
        name: 'a stream that waits is not told to go on',
        find: "if (!response.writableNeedDrain) response.emit('drain')",
        replace: '',
      },
      {
        name: 'headers of writeHead are lost',
        find: "      if (call.name === 'writeHead') writeHead(response, call.args)\n",
        replace: '',
      },
      {
        name: 'the response of a handler that went on counts',
        find: '    response.statusCode = this.#statusCode\n',
        replace: '',
      },
      {
        name: 'an error page is sent into the middle of a stream',
        find: 'if (response.headersSent || !isFinished) {',
        replace: 'if (response.headersSent) {',
      },
      {
        name: 'the redirect of a response that was dropped stays',
        find: '      replaceHeaders(response, headersAround(asResponse(response)))\n',
        replace: '',
      },
      {
        name: "the handler's own cookies are lost",
        find: "response.setHeader('Set-Cookie', cookies)",
        replace: "response.setHeader('Set-Cookie', cookies.slice(-1))",
      },
      {
        name: 'a handler that goes on writes into the answer to the error',
        find: "    this.#now = 'discard'\n",
        replace: '',
      },
      {
        name: 'it is hidden that the response has begun',
        find: "      this.#hide('headersSent', { get: () => true })\n",
        replace: '',
      },
      {
        name: 'a second answer is held too, and ends the process',
        find: '      for (const name of CHANGING) this.#hide(name, { value: refuse, writable: true })\n',
        replace: '',
      },
      {
        name: 'a second writeHead is held too',
        find: "    if (!isFirst && call.name === 'writeHead') refuse()\n",
        replace: '',
      },
      {
        name: 'middleware that is mounted later is bypassed once the response has begun',
        find: '    const response = this.#unhidden()\n',
        replace: '    const response = this.#restored()\n',
      },
      {
        name: 'middleware that is mounted later is held for ever',
        find: "    if (this.#now === 'pass') return this.#pass(call)\n",
        replace: '',
      },
      {
        name: 'headers can be changed after writeHead',
        find: "name === 'writeHead' ? [this.#statusCode] : args })",
        replace: 'args })',
      },
    ],
  },
  {
    file: 'src/node/request.ts',
    tests: [NODE],
    mutants: [
      {
        name: 'a host may be more than a host',
        find: 'return href === `${origin}/` ? origin : UNKNOWN',
        replace: 'return href.slice(0, -1)',
      },
      {
        name: 'a path that is none breaks the request',
        find: "path.startsWith('/') ? path : '/'",
        replace: 'path',
      },
    ],
  },
  {
    file: 'src/node/middleware.ts',
    tests: [NODE],
    mutants: [
      {
        name: 'mounted twice commits twice',
        find: 'if (sessionsOf(manager).has(request)) return next()',
        replace: '',
      },
      {
        name: 'a callback is taken and never called',
        find: '      if (callback === undefined) return method()\n',
        replace: '      return method()\n',
      },
      {
        name: 'the answer to an outage is lost',
        find: 'else await held.replace(answer)',
        replace: 'else held?.release(answer)',
      },
      {
        name: 'a broken stream stays open',
        find: '    dropped?.cut()\n',
        replace: '',
      },
    ],
  },
]
