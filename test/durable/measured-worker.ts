/**
 * A Worker with its list on a Durable Object, for tests in real time: what it asked the object is
 * counted, and the object can be made to hang and be filled.
 */

import { Hono } from 'hono'
import { durableObjectRevocationList, RevocationObject } from '../../src/durable-object.ts'
import { type SessionEnv, session } from '../../src/hono.ts'
import { createSessionManager, type RevocationList, type SessionManager } from '../../src/index.ts'

interface Env {
  // biome-ignore lint/suspicious/noExplicitAny: the namespace of the class below, bound by another Worker.
  REVOCATIONS: any
  RECHECK_AFTER: string
  SHARE: string
}

export class MeasuredObject extends RevocationObject {
  /** Lets nothing in for a while. */
  hang(milliseconds: number) {
    const wait = () => new Promise((resolve) => setTimeout(resolve, milliseconds))
    void this.ctx.blockConcurrencyWhile(wait)
  }

  /** Puts marks of sids into the table, and gives its size in bytes. */
  fill(first: number, count: number, at: number) {
    this.read(['all'])
    const { sql } = this.ctx.storage
    sql.exec(
      `WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
       INSERT INTO marks (name, mark, at, until)
       SELECT 'replaced/' || substr('0000000000000000000000' || i, -22), ?, ?, ? FROM n`,
      ...[first, first + count, at, at, at + 43_200_000],
    )
    return sql.databaseSize
  }
}

const counted = { calls: 0 }
const events: string[] = []
let made: { list: RevocationList; manager: SessionManager } | undefined

/** One manager for the isolate. */
function ofIsolate(env: Env) {
  made ??= make(env)
  return made
}

function make(env: Env) {
  const namespace = {
    idFromName: (name: string) => env.REVOCATIONS.idFromName(name),
    get(id: unknown) {
      counted.calls++
      return env.REVOCATIONS.get(id)
    },
  }
  const list = durableObjectRevocationList(namespace, { share: env.SHARE === 'yes' })
  const manager = createSessionManager({
    keys: 'a2V5IG9mIHRoZSBsaXN0cycgdGVzdCwgbm90IHNlY3I',
    revocationList: list,
    recheckAfter: Number(env.RECHECK_AFTER),
    onEvent: ({ type }) => void events.push(type),
  })
  return { list, manager }
}

const objectOf = (env: Env) => env.REVOCATIONS.get(env.REVOCATIONS.idFromName('revocations'))
const sidOf = (n: number) => ({ scope: 'session', sid: String(n).padStart(22, '0') }) as const

const app = new Hono<SessionEnv & { Bindings: Env }>()

app.get('/told', (c) => c.json({ ...counted, events: events.splice(0) }))

app.post('/hang/:milliseconds', async (c) => {
  await objectOf(c.env).hang(Number(c.req.param('milliseconds')))
  return c.text('ok')
})

app.post('/fill/:first/:count', async (c) => {
  const [first, count] = ['first', 'count'].map((name) => Number(c.req.param(name)))
  // Long enough ago for no journal to ask.
  return c.json(await objectOf(c.env).fill(first, count, Date.now() - 7_200_000))
})

/** Writes a mark, or so many one after the other. */
app.post('/write/:first/:count', async (c) => {
  const { list } = ofIsolate(c.env)
  const [first, count] = ['first', 'count'].map((name) => Number(c.req.param(name))) as [
    number,
    number,
  ]
  for (let n = first; n < first + count; n++) await list.write(sidOf(n), Date.now(), 43_200)
  return c.text('written')
})

/** Reads five names, so many times one after the other. */
app.get('/read/:first/:count', async (c) => {
  const { list } = ofIsolate(c.env)
  const [first, count] = ['first', 'count'].map((name) => Number(c.req.param(name))) as [
    number,
    number,
  ]
  const marks: unknown[] = []
  for (let n = first; n < first + count; n++) {
    const found = await list.read([
      sidOf(n),
      { scope: 'replaced', sid: sidOf(n).sid },
      { scope: 'subject', subject: 'ada' },
      { scope: 'others', subject: 'ada' },
      { scope: 'all' },
    ])
    marks.push(found[0])
  }
  return c.json(marks.map((mark) => mark ?? null))
})

app.use(session((env: Env) => ofIsolate(env).manager))
app.onError((_, c) => c.text('failed', 500))
app.get('/me', (c) => c.text(c.var.session.subject ?? `nobody, ${c.var.session.ended}`))
app.post('/sign-in/:subject', async (c) => {
  await c.var.session.signIn(c.req.param('subject'))
  return c.text('signed in')
})
app.post('/sign-out', async (c) => {
  await c.var.session.destroy()
  return c.text('signed out')
})
app.post('/force-out/:subject', async (c) => {
  await c.var.sessionManager.revokeSubject(c.req.param('subject'))
  return c.text('forced out')
})

export default app
