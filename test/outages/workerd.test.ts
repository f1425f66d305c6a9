/**
 * Outages that only the real runtime can show: in workerd the I/O of a request ends with it, and
 * what another request awaits of it may then never settle.
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, Workerd } from './workerd.ts'

const LONG = 60_000

let workerd: Workerd

beforeAll(async () => {
  workerd = await Workerd.start()
}, LONG)

afterAll(() => workerd.end())

/** Somebody whose last check is `seconds` old. */
async function signedIn(subject: string, seconds: number): Promise<Browser> {
  const browser = workerd.browser()
  await browser.send('POST', `/sign-in/${subject}`)
  await workerd.pass(seconds)
  return browser
}

describe('in workerd', { timeout: LONG }, () => {
  it('requests of one session share a read that one of them began', async () => {
    const ada = await signedIn('ada', 600)
    const before = workerd.calls('/read')
    const read = workerd.next('/read')
    const first = ada.get('/me')
    const held = await read
    const others = Array.from({ length: 5 }, async () => {
      const arrived = workerd.next('/arrived/me')
      const answer = ada.get('/me')
      ;(await arrived).open()
      return answer
    })
    // One more, of somebody else, so that those before it have been served.
    await workerd.browser().get('/me')
    held.open()
    for (const answer of [first, ...others]) expect(await answer).toEqual([200, 'ada'])
    expect(workerd.calls('/read')).toBe(before + 1)
  })

  /** Begins a read for which nobody waits any more, and which the runtime has dropped. */
  async function abandonRead(browser: Browser): Promise<void> {
    const read = workerd.next('/read')
    const goAway = browser.ask('/me')
    const held = await read
    goAway()
    await held.left
  }

  it('a client that goes away in the middle of a read keeps no other request waiting', async () => {
    const ada = await signedIn('ada', 600)
    await abandonRead(ada)
    const [status] = await ada.get('/me')
    expect([200, 503]).toContain(status)
  })

  it('and does not stop the list for other requests', async () => {
    const [ada, grace] = [await signedIn('ada', 0), await signedIn('grace', 600)]
    await abandonRead(ada)
    await ada.get('/me')
    expect(await grace.get('/me')).toEqual([200, 'grace'])
  })

  // FAULT reported: who joined the read that was abandoned waits in vain and gets 503.
  it('nor does it cost the browser that then asks for something else', async () => {
    const ada = await signedIn('ada', 600)
    await abandonRead(ada)
    expect(await ada.get('/me')).toEqual([200, 'ada'])
  })
})
