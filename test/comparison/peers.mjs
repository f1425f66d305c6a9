/**
 * What the libraries that people use today do where they differ from ours:
 * `npm run compare:peers`, which writes the table into `README.md` and `docs/comparison.md`, and with
 * `-- --check` only compares it. Every cell is what the library did in this run, with its own API and nothing added to it.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { contenders, IDLE } from './contenders.mjs'

const SITE = 'https://site.example'

// A clock for libraries that have no option for it.
let instant = Date.parse('2026-03-01T12:00:00Z')
const RealDate = Date
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [instant] : given))
  }
  static now() {
    return instant
  }
}
const NEVER = '9999-12-31'
const pass = (seconds) => {
  instant += seconds * 1000
}

/** A browser: it drops what browsers drop, and forgets a cookie in time. */
class Visitor {
  #cookies = new Map()
  #app
  constructor(app, cookies = new Map()) {
    this.#app = app
    this.#cookies = cookies
  }

  copy(app = this.#app) {
    return new Visitor(app, new Map(this.#cookies))
  }

  async send(method, path) {
    const kept = [...this.#cookies].filter(([, { until }]) => until > instant)
    const cookie = kept.map(([name, { value }]) => `${name}=${value}`).join('; ')
    const headers = new Headers(cookie ? { cookie } : {})
    const response = await this.#app.fetch(new Request(`${SITE}${path}`, { method, headers }))
    const lines = response.headers.getSetCookie()
    for (const line of lines) {
      const [pair, ...attributes] = line.split(/; */)
      const name = pair.slice(0, pair.indexOf('='))
      const maxAge = /max-age=(-?\d+)/i.exec(line)?.[1]
      const expires = attributes.find((one) => /^expires=/i.test(one))?.slice(8)
      const until =
        maxAge !== undefined ? instant + Number(maxAge) * 1000 : RealDate.parse(expires ?? NEVER)
      if (pair.length <= 4_096)
        this.#cookies.set(name, { value: pair.slice(name.length + 1), until })
    }
    const body = await response.text()
    return { status: response.status, lines, body, headers: response.headers }
  }

  async see() {
    const { status, body } = await this.send('GET', '/')
    return status === 200 ? JSON.parse(body) : {}
  }

  async isSignedIn() {
    return (await this.see()).subject === 'ada'
  }
}

const YES = 'yes'
const NO = 'no'
const say = (holds) => (holds ? YES : NO)

async function signedIn(contender, options = {}) {
  const memory = {}
  const make = (own) => contender.app({ memory, ...own })
  const app = await make(options)
  const visitor = new Visitor(app)
  await visitor.send('POST', '/sign-in')
  if (!(await visitor.isSignedIn())) throw new Error(`${contender.name} does not sign in`)
  return { app, visitor, make }
}

/** Each row: what is asked, and how it is tried. */
const rows = [
  [
    'An anonymous visit sets no cookie',
    async (contender) => {
      const visitor = new Visitor(await contender.app({ memory: {} }))
      return say((await visitor.send('GET', '/')).lines.length === 0)
    },
  ],
  [
    'Reading a page counts as activity, without a call of the app',
    async (contender) => {
      const { visitor } = await signedIn(contender)
      for (let visits = 0; visits < 3; visits++) {
        pass(0.6 * IDLE)
        if (!(await visitor.isSignedIn())) return NO
      }
      return YES
    },
  ],
  [
    'An absolute timeout ends a session in use',
    async (contender) => {
      const { visitor } = await signedIn(contender)
      for (let visits = 0; visits < 5; visits++) {
        pass(0.6 * IDLE)
        await visitor.send('POST', `/write?bytes=${visits}`)
      }
      return say(!(await visitor.isSignedIn()))
    },
  ],
  [
    'A shorter timeout holds for sessions that are there',
    async (contender) => {
      const { visitor, make } = await signedIn(contender)
      const later = visitor.copy(await make({ idle: IDLE / 2 }))
      pass(0.6 * IDLE)
      return say(!(await later.isSignedIn()))
    },
  ],
  [
    'After a sign-out, a copy of the cookie is refused',
    async (contender) => {
      const { visitor } = await signedIn(contender)
      const copy = visitor.copy()
      await visitor.send('POST', '/sign-out')
      if (await visitor.isSignedIn()) throw new Error(`${contender.name} does not sign out`)
      return say(!(await copy.isSignedIn()))
    },
  ],
  [
    'A user can be signed out from elsewhere',
    async (contender) => {
      const { app, visitor } = await signedIn(contender)
      await app.forceOut?.()
      return say(!(await visitor.isSignedIn()))
    },
  ],
  [
    'The app learns why a session ended',
    async (contender) => {
      const { visitor } = await signedIn(contender)
      pass(2 * IDLE)
      const idle = (await visitor.see()).why
      const { app, visitor: other } = await signedIn(contender)
      await app.forceOut?.()
      const forced = (await other.see()).why
      const reasons = [idle, forced].filter((why) => why !== undefined)
      return reasons.length === 0 ? NO : reasons.map((why) => `\`${why}\``).join(', ')
    },
  ],
  [
    'A new key signs nobody out',
    async (contender) => {
      const { visitor, make } = await signedIn(contender)
      return say(await visitor.copy(await make({ rotated: true })).isSignedIn())
    },
  ],
  [
    '10 kB of data',
    async (contender) => {
      const { visitor } = await signedIn(contender)
      const { status, lines } = await visitor.send('POST', '/write?bytes=10000')
      if (status >= 500) return 'an error'
      const [longest = 0] = lines.map((line) => line.split(';')[0].length).sort((a, b) => b - a)
      if (longest > 4_096) return 'lost: browsers drop the cookie'
      return lines.length > 2 ? `${lines.length} cookies` : 'on the server'
    },
  ],
  [
    'The answer that sets the cookie is not for caches',
    async (contender) => {
      const visitor = new Visitor(await contender.app({ memory: {} }))
      const { headers } = await visitor.send('POST', '/sign-in')
      return say(/private|no-store/.test(headers.get('cache-control') ?? ''))
    },
  ],
]

// @hono/session prints what it cannot open.
console.error = () => {}
const table = [['', ...contenders.map(({ name }) => name)]]
for (const [question, ask] of rows) {
  const cells = []
  for (const contender of contenders) cells.push(await ask(contender))
  table.push([question, ...cells])
}
const lines = table.map((cells) => `| ${cells.join(' | ')} |`)
lines.splice(1, 0, `|${'---|'.repeat(table[0].length)}`)
const text = lines.join('\n')

console.log(text)
const MARKS = /(<!-- compare:peers -->\n).*?(\n<!-- \/compare -->)/s
for (const name of ['README.md', 'docs/comparison.md']) {
  const path = new URL(`../../${name}`, import.meta.url)
  const page = readFileSync(path, 'utf8')
  if (!MARKS.test(page)) throw new Error(`${name} has no place for the table`)
  const updated = page.replace(MARKS, `$1${text}$2`)
  if (!process.argv.includes('--check')) writeFileSync(path, updated)
  else if (updated !== page) throw new Error(`${name} has other cells: run npm run compare:peers`)
}
// The server of Express goes on listening.
process.exit()
