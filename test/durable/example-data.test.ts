/** A note that outgrows the cookie, through the front door of the example on Durable Objects. */

import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import app from '../../worker-example/durable.ts'
import { CookieJar } from '../kit/cookie-jar.ts'

const SITE = 'https://app.example'
const NOTE = 'ž'.repeat(16_000) + 'x'.repeat(32_000)

async function open(path: string, jar: CookieJar, form?: Record<string, string>) {
  const headers = { cookie: jar.headerFor(SITE + path), ...(form && { origin: SITE }) }
  const body = form && { method: 'POST', body: new URLSearchParams(form) }
  const request = new Request(SITE + path, { headers, redirect: 'manual', ...body })
  // Another env has another manager, which remembers nothing of the data.
  const response = await app.fetch(request, { ...(env as never as object) } as never)
  jar.store(response, SITE)
  return response
}

describe('a long note on Durable Objects', () => {
  it('is read by other isolates, and does not outlive the sign-out', async () => {
    const jar = new CookieJar(Date.now)
    await open('/sign-in', jar, { username: 'grace', password: 'demo' })
    expect((await open('/note', jar, { note: NOTE })).status).toBe(303)
    expect(jar.headerFor(SITE).length).toBeLessThan(1_500)
    expect((await (await open('/', jar)).text()).includes(NOTE)).toBe(true)
    const copy = jar.clone()
    expect((await open('/sign-out', jar, {})).status).toBe(303)
    expect(await (await open('/me', jar)).json()).toEqual({ ended: null })
    await open('/sign-in', jar, { username: 'grace', password: 'demo' })
    expect((await (await open('/', jar)).text()).includes('xxxx')).toBe(false)
    // A check in the meantime would have shown it sooner.
    expect((await open('/admin', copy)).status).toBe(401)
  })

  it('is refused where it is too long', async () => {
    const jar = new CookieJar(Date.now)
    await open('/sign-in', jar, { username: 'grace', password: 'demo' })
    expect((await open('/note', jar, { note: 'x'.repeat(100_000) })).status).toBe(413)
  })
})
