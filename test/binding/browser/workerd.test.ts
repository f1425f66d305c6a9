/** Bound sessions in workerd, with the list on KV, and a copy of them at another isolate. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeInBrowser } from '../../browser/browser.ts'
import { makeCertificate, SITE } from './certificate.ts'
import { Profile } from './chromium.ts'

const LIFETIME = 6

describeInBrowser('a browser that binds sessions, in workerd', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sealed-session-'))
  const certificate = makeCertificate()
  let miniflare: Miniflare
  let profile: Profile
  let origin: string

  beforeAll(async () => {
    const outfile = join(folder, 'worker.mjs')
    await build({
      entryPoints: [new URL('worker.ts', import.meta.url).pathname],
      outfile,
      bundle: true,
      format: 'esm',
      target: 'es2023',
      platform: 'neutral',
      mainFields: ['module', 'main'],
    })
    // Two isolates with one list.
    const workers = ['site', 'other'].map((name) => ({
      name,
      modules: [{ type: 'ESModule' as const, path: outfile }],
      modulesRoot: folder,
      compatibilityDate: '2026-10-23',
      kvNamespaces: { REVOCATIONS: 'revocations' },
      bindings: { LIFETIME },
    }))
    const { cert, key } = certificate
    miniflare = new Miniflare(
      convertV4MiniflareOptions({ https: true, httpsCert: cert, httpsKey: key, workers }),
    )
    const { port } = await miniflare.ready
    origin = `https://${SITE}:${port}`
    profile = new Profile(certificate)
  })
  afterAll(async () => {
    await profile?.end()
    await miniflare?.dispose()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is bound, and a copy of its cookies dies with the proof at every isolate', async () => {
    const context = await profile.start()
    const page = await context.newPage()
    await page.goto(`${origin}/sign-in?then=/page`)
    const who = () => page.evaluate(() => fetch('/who').then((answer) => answer.json()))
    await expect.poll(who, { timeout: 10_000 }).toMatchObject({ subject: 'ada', bound: true })

    const cookies = await context.cookies()
    const asThief = async (isolate: string, isTaken: (name: string) => boolean) => {
      const taken = cookies.filter(({ name }) => isTaken(name))
      const cookie = taken.map(({ name, value }) => `${name}=${value}`).join('; ')
      const worker = await miniflare.getWorker(isolate)
      const answer = await worker.fetch(`https://${SITE}/who`, { headers: { cookie } })
      return (await answer.json()) as { subject?: string; ended?: string; proofAge?: number }
    }
    const all = () => true
    const [here, there] = [await asThief('site', all), await asThief('other', all)]
    expect([here.subject, there.subject]).toEqual(['ada', 'ada'])
    for (const isolate of ['site', 'other']) {
      const alone = await asThief(isolate, (name) => name === '__Host-Http-session')
      expect(alone.ended).toBe('unbound')
    }
    await wait((LIFETIME - (here.proofAge ?? 0)) * 1_000)
    for (const isolate of ['site', 'other']) {
      expect((await asThief(isolate, all)).ended).toBe('unbound')
    }
    expect(await who()).toMatchObject({ subject: 'ada', bound: true })
    const { keys } = await (await miniflare.getKVNamespace('REVOCATIONS', 'site')).list()
    expect(keys.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^revoked\/bound\/[\w-]{22}$/),
    ])
  })
})
