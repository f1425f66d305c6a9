/** The list on a Durable Object in real time: four isolates, an object that hangs, and SIGKILL. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startObjectSite } from './object-host.ts'
import { killDuringWrites, measureNotice, Person } from './object-measures.ts'

describe('four isolates', { timeout: 60_000 }, () => {
  it.each([false, true])(
    'notice a force-out within recheckAfter and a call (shared: %s)',
    async (share) => {
      const { worst, callsPerRecheck } = await measureNotice({ recheckAfter: 1, rounds: 3, share })
      console.log(
        `recheckAfter 1, shared ${share}: noticed after ${worst} ms at most, ${callsPerRecheck} calls`,
      )
      // A call, and how often this test looks.
      expect(worst).toBeLessThan(1_000 + 500)
      expect(callsPerRecheck).toBeLessThanOrEqual(2)
    },
  )
})

describe('an object that hangs', { timeout: 60_000 }, () => {
  it('costs nobody the session for staleIfError, and answers again', async () => {
    const site = await startObjectSite({ isolates: 1, recheckAfter: 1 })
    try {
      const [address = ''] = site.addresses
      const ada = new Person(address)
      await ada.post('/sign-in/ada')
      await fetch(`${address}/hang/6000`, { method: 'POST' })
      const until = Date.now() + 5_000
      let answers = 0
      for (; Date.now() < until; answers++) {
        expect(await ada.get('/me')).toBe('ada')
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      expect(answers).toBeGreaterThan(10)
      const told = (await (await fetch(`${address}/told`)).json()) as { events: string[] }
      expect(told.events).toContain('revocation-stale')
      expect(new Set(told.events)).not.toContain('revocation-unavailable')
      await new Promise((resolve) => setTimeout(resolve, 2_000))
      await ada.post('/force-out/ada')
      expect(await ada.get('/me')).toBe('nobody, revoked')
    } finally {
      await site.end()
    }
  })
})

describe('a workerd that is killed', { timeout: 120_000 }, () => {
  it('has every mark that was acknowledged', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sealed-session-object-'))
    try {
      const { acknowledged, lost } = await killDuringWrites(folder, 1)
      console.log(`workerd killed: ${acknowledged} acknowledged, ${lost} lost`)
      expect(acknowledged).toBeGreaterThan(20)
      expect(lost).toBe(0)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
