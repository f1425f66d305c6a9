/**
 * Bound sessions in real time: `npm run soak:binding`. Chromium with its quota of proofs, the shortest
 * lifetime that the option accepts, and a page that asks every ten seconds. `SOAK_MINUTES` sets how long
 * (default 20). No request may go without a proof once the session is bound, and a copy of the cookies
 * must die in time.
 */

import { setTimeout as wait } from 'node:timers/promises'
import { makeCertificate } from '../binding/browser/certificate.ts'
import { Profile } from '../binding/browser/chromium.ts'
import { startSite } from '../binding/browser/site.ts'

const MINUTES = Number(process.env.SOAK_MINUTES ?? 20)
const LIFETIME = 300

const certificate = makeCertificate()
const site = await startSite({ certificate, lifetime: LIFETIME })
const profile = new Profile(certificate, 'with quota')
const failures = []
const fail = (text) => {
  failures.push(text)
  console.error(`failed: ${text}`)
}
try {
  const context = await profile.start()
  const page = await context.newPage()
  await page.goto(`${site.origin}/sign-in?then=/page`)
  const who = () =>
    page.evaluate(async () => {
      const before = performance.now()
      const answer = await fetch('/who')
      return { ...(await answer.json()), status: answer.status, took: performance.now() - before }
    })
  while (!(await who()).bound) await wait(100)

  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const copiedAt = Date.now()
  const { proofAge } = await who()
  const thief = async (manager) =>
    (await manager.load(new Request(`${site.origin}/`, { headers: { cookie } }))).subject
  const other = site.anotherManager()
  let lastAccepted = 0

  let requests = 0
  let slowest = 0
  for (const end = Date.now() + MINUTES * 60_000; Date.now() < end; await wait(10_000)) {
    const { bound, status, took } = await who()
    requests++
    slowest = Math.max(slowest, took)
    if (status !== 200 || !bound) fail(`a request was answered ${status}, bound: ${bound}`)
    for (const manager of [site.manager, other]) {
      if ((await thief(manager)) === 'ada') lastAccepted = (Date.now() - copiedAt) / 1000 + proofAge
    }
  }
  const proofs = site.log.filter(
    ({ path, status }) => path === '/session/refresh' && status === 200,
  )
  if (lastAccepted > LIFETIME) fail(`a copy was accepted ${lastAccepted} s after its proof`)
  console.log(
    `${MINUTES} minutes, ${requests} requests, ${proofs.length} proofs, slowest request ${Math.round(slowest)} ms; ` +
      `a copy was last accepted ${Math.round(lastAccepted)} s after its proof; ${failures.length} failures`,
  )
} finally {
  await profile.end()
  await site.close()
}
process.exitCode = failures.length === 0 ? 0 : 1
