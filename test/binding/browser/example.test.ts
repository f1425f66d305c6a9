/** The example over https: bound where the browser can, and the administration asks for a recent proof. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { generateKey } from '../../../src/index.ts'
import { describeInBrowser } from '../../browser/browser.ts'
import { WranglerDev } from '../../outside/programs.ts'
import { makeCertificate, SITE } from './certificate.ts'
import { Profile } from './chromium.ts'

describeInBrowser('the example over https', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealed-session-'))
  const certificate = makeCertificate()
  const profile = new Profile(certificate)
  const dev = new WranglerDev()
  let origin: string

  beforeAll(async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    writeFileSync(key, certificate.key)
    writeFileSync(cert, certificate.cert)
    const https = ['--local-protocol', 'https', '--https-key-path', key, '--https-cert-path', cert]
    await dev.start(generateKey(), {}, https)
    origin = `https://${SITE}:${new URL(dev.origin).port}`
  })
  afterAll(async () => {
    await profile.end()
    await dev.end()
    rmSync(folder, { recursive: true, force: true })
  })

  it('says that the session is bound, and since when', async () => {
    const page = await (await profile.start()).newPage()
    await page.goto(origin)
    await page.fill('[name=username]', 'ada')
    await page.fill('[name=password]', 'demo')
    await page.click('button[type=submit]')
    await page.waitForSelector('text=A copy of your cookies')
    await expect
      .poll(
        async () => {
          await page.reload()
          return page.textContent('dl')
        },
        { timeout: 15_000 },
      )
      .toContain('Bound to this device since')

    // The proof is too old for the administration by then, so the form is sent twice.
    await page.goto(`${origin}/admin`)
    const answers: number[] = []
    page.on('response', (response) => {
      if (response.url().endsWith('/admin/sign-out-subject')) answers.push(response.status())
    })
    await wait(31_000)
    await page.click('button[aria-label="Sign out grace"]')
    await page.waitForURL(`${origin}/admin`)
    expect(answers).toEqual([307, 303])
    expect(await page.textContent('h1')).toBe('Administration')
  })
})
