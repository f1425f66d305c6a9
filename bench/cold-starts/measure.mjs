/**
 * Cold start: the time from nothing to the first answer of a fresh isolate, for a request with a
 * live session of 2 kB of data. It includes compiling, running the module, deriving keys, opening
 * and sealing.
 */

import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { aliasFor, bundle } from '../bundles.mjs'
import { CONTENDERS, NAMES } from '../contenders/index.mjs'
import { childrenNamed, cpuTime, interleave, summary } from '../measure.mjs'

export async function measureColdStarts({ rounds }) {
  const bindings = {}
  for (const name of NAMES) {
    const options = { alias: aliasFor(name), minify: true }
    bindings[name] = await bundle('cold-starts/worker.mjs', options)
  }
  const before = childrenNamed('workerd')
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [
        { type: 'ESModule', path: 'host.mjs', contents: await bundle('cold-starts/host.mjs') },
      ],
      compatibilityDate: '2026-10-01',
      bindings,
      workerLoaders: { LOADER: {} },
      unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
    }),
  )
  await miniflare.ready
  const url = await miniflare.unsafeGetDirectURL()
  const [pid] = childrenNamed('workerd').filter((child) => !before.includes(child))
  let isolates = 0

  const ask = async (app, isolate, path, method, cookie) => {
    const body = JSON.stringify({ app, isolate, path, method, cookie })
    const answer = await (await fetch(url, { method: 'POST', body })).json()
    if (answer.status !== 200) throw new Error(`${app} ${path}: ${answer.status} ${answer.text}`)
    return answer
  }

  const jobs = []
  for (const name of NAMES) {
    const { setCookie } = await ask(name, 'maker', '/sign-in?bytes=2000', 'POST')
    // hono-sessions sets its cookie twice; a browser keeps the later one.
    const pairs = setCookie.map((line) => line.split(';', 1)[0])
    const cookie = [...new Map(pairs.map((pair) => [pair.split('=', 1)[0], pair])).values()].join(
      '; ',
    )
    const samples = []
    const wall = []
    jobs.push({
      name,
      samples,
      wall,
      measure: async () => {
        const cpu = cpuTime(pid)
        const start = performance.now()
        const { text } = await ask(
          name,
          ++isolates,
          '/slide',
          'GET',
          cookie === '' ? undefined : cookie,
        )
        wall.push(performance.now() - start)
        samples.push(cpuTime(pid) - cpu)
        if (!text.includes('"subject":"'))
          throw new Error(`${name} did not know the session: ${text}`)
      },
    })
  }
  await interleave(
    jobs.map((job) => job.measure),
    3,
  )
  for (const job of jobs) job.samples.length = job.wall.length = 0
  await interleave(
    jobs.map((job) => job.measure),
    rounds,
  )
  await miniflare.dispose()

  const of = (name) => jobs.find((job) => job.name === name)
  return [
    ...['bare-hono', 'bare-h3'].map((name) => ({
      name,
      milliseconds: summary(of(name).samples),
      wall: summary(of(name).wall),
    })),
    ...CONTENDERS.map(({ name, label = name, bare }) => {
      const added = of(name).samples.map((time, i) => time - of(bare).samples[i])
      const ours = of('sealed-session').samples.map((time, i) => time - of('bare-hono').samples[i])
      return {
        name: label,
        milliseconds: summary(of(name).samples),
        wall: summary(of(name).wall),
        added: summary(added),
        ratio: summary(added.map((time, i) => time / ours[i])),
      }
    }),
  ]
}
