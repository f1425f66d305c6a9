import type { Group } from './mutant.ts'

const RESPONSES = 'test/core/responses.test.ts'
const OPTIONS = 'test/core/options.test.ts'
const FLASH = 'test/core/flash.test.ts'
const SESSION = 'test/core/session.test.ts'
const HEADER = 'test/hostile/cookie-header.test.ts'
const MANY = 'test/hostile/many-cookies.test.ts'
const REUSE = 'test/hostile/reuse.test.ts'
const ROTATION = 'test/core/rotation.test.ts'
const MEMORY = 'test/core/isolate-memory.test.ts'
const TIMEOUTS = 'test/core/timeouts.test.ts'
const FORGED_COOKIES = 'test/hostile/forged-cookies.test.ts'

export const cookies: readonly Group[] = [
  {
    file: 'src/cookies/response.ts',
    tests: [RESPONSES, SESSION],
    mutants: [
      {
        name: 'no no-store on a live session without cookies',
        find: 'setCookies.length > 0 || (isLive && !isShareable)',
        replace: 'setCookies.length > 0',
        ci: true,
      },
      {
        name: 'no no-store where a cookie is set',
        find: 'setCookies.length > 0 || (isLive && !isShareable)',
        replace: 'isLive && !isShareable',
      },
      {
        name: 'an answer for everybody carries the activity cookie',
        find: 'isShareable || isWritten ? undefined',
        replace: 'isWritten ? undefined',
      },
      {
        name: 'an outer read goes over what an inner handler wrote',
        find: 'isShareable || isWritten ? undefined',
        replace: 'isShareable ? undefined',
      },
      {
        name: 'marks for shared caches stay beside the session cookie',
        find: 'if (mustSet !== undefined) for (const name of own.targeted.keys()) headers.delete(name)',
        replace: '',
        ci: true,
      },
      {
        name: 'the handler keeps its private beside the session cookie',
        find: 'const keepsOwn = mustSet === undefined && own',
        replace: 'const keepsOwn = own',
      },
      {
        name: 'an answer with messages may be stored by shared caches',
        find: 'const mustSet = session ?? flash',
        replace: 'const mustSet = session',
        tests: [FLASH],
        ci: true,
      },
      {
        name: 'messages are not set',
        find: '[session, activity, flash, bound].filter(',
        replace: '[session, activity, bound].filter(',
        tests: [FLASH],
      },
      {
        name: 'a response that is public is not taken for shareable',
        find: "cacheControl.has('public') || ",
        replace: '',
      },
      {
        name: 's-maxage is not taken for shareable',
        find: " || cacheControl.has('s-maxage')",
        replace: '',
      },
      {
        name: 'max-age is not taken for shareable',
        find: "return cacheControl.has('max-age') && !cacheControl.has('private')",
        replace: 'return false',
      },
      {
        name: 'a private max-age is taken for shareable',
        find: "return cacheControl.has('max-age') && !cacheControl.has('private')",
        replace: "return cacheControl.has('max-age')",
      },
      {
        name: 'headers for shared caches that say no-store are taken for shareable',
        find: ' && !STORES_NOTHING.some((directive) => field.has(directive))) return true',
        replace: ') return true',
      },
      {
        name: 'an answer that only a certain cache may keep is not taken for shareable',
        find: 'if (field.size > 0 && ',
        replace: 'if (field.size < 0 && ',
      },
      {
        name: 'only some of the fields for certain caches give way',
        find: '/-cache-control$|^surrogate-control$|^edge-control$|^x-accel-expires$/',
        replace: '/^cdn-cache-control$|^surrogate-control$/',
      },
      {
        name: 'private="set-cookie" passes for private',
        find: `.replace(/="?\\d*"?$/, '')`,
        replace: ".replace(/=.*$/, '')",
      },
      {
        name: 'a shared response object collects cookies',
        find: 'const answer = new Response(response.body, response)',
        replace: 'const answer = response',
        ci: true,
      },
      {
        name: 'a cookie of ours stands twice',
        find: 'if (others.length < earlier.length) {',
        replace: 'if (others.length > earlier.length) {',
      },
      {
        name: 'cookies of others get lost',
        find: "for (const cookie of others) headers.append('Set-Cookie', cookie)",
        replace: '',
      },
      {
        name: 'no Vary',
        find: 'if (varies) vary(headers, own.vary)',
        replace: '',
        ci: true,
      },
      {
        name: 'the Vary of the handler is overwritten',
        find: "headers.append('Vary', 'Cookie')",
        replace: "headers.set('Vary', 'Cookie')",
      },
      {
        name: 'a WebSocket upgrade is rebuilt',
        find: 'if (response.status < 200) return response',
        replace: '',
      },
    ],
  },
  {
    file: 'src/cookies/attributes.ts',
    tests: [OPTIONS, RESPONSES, SESSION, HEADER, MANY, FORGED_COOKIES],
    mutants: [
      { name: 'no HttpOnly', find: "    'HttpOnly',\n", replace: '', ci: true },
      {
        name: 'not Secure by default',
        find: 'secure = true } = options',
        replace: 'secure = false } = options',
      },
      {
        name: 'Secure is left out',
        find: "...(secure ? ['Secure'] : []),",
        replace: '',
      },
      {
        name: 'SameSite none by default',
        find: "sameSite = 'lax'",
        replace: "sameSite = 'none'",
      },
      {
        name: 'a name without prefix by default',
        find: "(secure ? '__Host-Http-session' : 'session')",
        replace: "(secure ? 'session' : 'session')",
      },
      {
        name: 'SameSite none without Secure is accepted',
        find: "refuse(!secure && sameSite === 'none',",
        replace: 'refuse(false,',
      },
      {
        name: 'Partitioned without Secure is accepted',
        find: 'refuse(!secure && partitioned,',
        replace: 'refuse(false,',
      },
      {
        name: 'a __Host- cookie may have a domain',
        find: '(domain !== undefined || path !==',
        replace: '(path !==',
      },
      {
        name: 'a __Host- cookie may have a path',
        find: "(domain !== undefined || path !== '/')",
        replace: '(domain !== undefined)',
      },
      {
        name: 'a prefix without Secure is accepted',
        find: '!secure && /^__(secure|host|http)-/i.test(name)',
        replace: 'false',
      },
      {
        name: 'prefixes are told by capitals',
        find: '/^__host-/i.test(name)',
        replace: '/^__Host-/.test(name)',
      },
      {
        name: 'a path can hold another attribute',
        find: '!/^\\/[ -:<-~]*$/.test(path)',
        replace: 'false',
      },
      {
        name: 'a domain can hold another attribute',
        find: '!/^\\.?[a-z0-9-]+(\\.[a-z0-9-]+)*$/i.test(domain)',
        replace: 'false',
      },
      {
        name: 'a name can hold another cookie',
        find: 'if (!NAME.test(name)) {',
        replace: "if (name === '') {",
      },
    ],
  },
  {
    file: 'src/cookies/sealed-cookie.ts',
    tests: [SESSION, RESPONSES, HEADER, MANY, FORGED_COOKIES, REUSE, ROTATION, MEMORY, TIMEOUTS],
    mutants: [
      {
        name: 'the cookies of both names share a use',
        find: "this.#use = { kind: 'cookie', name }",
        replace: "this.#use = { kind: 'cookie', name: 'x' }",
        ci: true,
      },
      {
        name: 'a cookie may be a byte too long',
        find: 'MAX_BYTES - name.length',
        replace: 'MAX_BYTES + 1 - name.length',
      },
      {
        name: 'any white space stands between cookies',
        find: "pair.replace(/^[ \\t]+/, '')",
        replace: 'pair.trimStart()',
      },
      {
        name: 'a comma separates cookies',
        find: ".split(';')\n    .map",
        replace: '.split(/[;,]/)\n    .map',
      },
      {
        name: 'a name that ends in ours counts',
        find: '.filter((pair) => pair.startsWith(`${name}=`))\n    .map((pair) => pair.slice(name.length + 1))',
        replace:
          '.filter((pair) => pair.includes(`${name}=`))\n    .map((pair) => pair.slice(pair.indexOf(`${name}=`) + name.length + 1))',
      },
      {
        name: 'any number of cookies is opened',
        find: 'if (++opened > MAX_OPENED) break',
        replace: '',
        ci: true,
      },
      {
        name: 'the cookies of one end of the header are opened',
        find: 'for (const token of fromBothEnds(unknown)) {',
        replace: 'for (const token of unknown) {',
      },
      {
        name: 'a cookie of any length is opened',
        find: "if (token.length > this.maxTokenLength) return 'malformed'",
        replace: '',
      },
      {
        name: 'a token that is too long is remembered',
        find: 'if (token.length <= this.maxTokenLength) this.#remember(token, sealed, claims)',
        replace: 'this.#remember(token, sealed, claims)',
      },
      {
        name: 'clearing uses other attributes',
        find: "return this.write('', 0)",
        replace: 'return `${this.name}=; Max-Age=0`',
      },
      {
        name: 'a payload of another form counts',
        find: "if (read === undefined) faults.push('invalid')",
        replace: "if (read === null) faults.push('invalid')",
        ci: true,
      },
      {
        name: 'what was remembered under one name opens under another',
        find: 'known.name !== this.name || ',
        replace: '',
      },
      {
        name: 'what was remembered of one kind of cookie opens as another',
        find: ' || known.codec !== this.#codec) return',
        replace: ') return',
      },
      {
        name: 'what was remembered opens after its key has left the ring',
        find: ' || !ring.includes(known.root)) return',
        replace: ') return',
        ci: true,
      },
      {
        name: 'what was remembered opens however old it is',
        find: 'if (known.hour < oldest || known',
        replace: 'if (known',
      },
      {
        name: 'what was remembered opens from any future hour',
        find: 'known.hour > newest || ',
        replace: '',
      },
      {
        name: 'the memory of seals has no bound',
        find: 'const MEMORY_BYTES = 8_000_000',
        replace: 'const MEMORY_BYTES = 800_000_000',
      },
      {
        name: 'the whole Cookie header stays in memory',
        find: 'this.#remember(detached(token), candidate, read)',
        replace: 'this.#remember(token, candidate, read)',
      },
    ],
  },
]
