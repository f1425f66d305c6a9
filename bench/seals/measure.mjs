/** Sealing and unsealing in every runtime: µs per operation, beside raw WebCrypto as the floor. */

import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { bundle, ROOT } from '../bundles.mjs'
import { cpuTime, interleave, summary } from '../measure.mjs'
import { startWorkerd } from '../workerd.mjs'

const WAYS = ['sealed-session', 'WebCrypto AES-GCM', 'jose compact JWE', 'iron-webcrypto']
const SIZES = [100, 2000]
const BLOCK = 15 // ms of work in one measurement

/** µs per operation, for every runtime, operation, size and way. */
export async function measureSeals({ rounds }) {
  const folder = await mkdtemp(join(tmpdir(), 'sealed-session-bench-'))
  const runtimes = await startRuntimes(folder)
  const rows = []
  try {
    for (const runtime of runtimes) {
      for (const operation of ['seal', 'unseal']) {
        for (const bytes of SIZES)
          rows.push(await measureRow({ runtime, operation, bytes, rounds }))
      }
    }
  } finally {
    for (const runtime of runtimes) await runtime.stop()
    await rm(folder, { recursive: true })
  }
  return rows
}

async function measureRow({ runtime, operation, bytes, rounds }) {
  const jobs = []
  for (const way of WAYS) {
    const block = async (n) => {
      const before = cpuTime(runtime.pid)
      await runtime.run({ way, operation, bytes, n })
      return (cpuTime(runtime.pid) - before) / n
    }
    let n = 50
    for (let i = 0; i < 5; i++)
      n = Math.round(Math.min(2000, Math.max(10, BLOCK / (await block(n)))))
    const samples = []
    jobs.push({
      way,
      samples,
      measure: async () => {
        samples.push((await block(n)) * 1000)
      },
    })
  }
  await interleave(
    jobs.map((job) => job.measure),
    rounds,
  )
  const [ours] = jobs
  return {
    runtime: runtime.name,
    operation,
    bytes,
    ways: jobs.map(({ way, samples }) => ({
      way,
      microseconds: summary(samples),
      ratio: summary(samples.map((time, i) => time / ours.samples[i])),
    })),
  }
}

async function startRuntimes(folder) {
  const file = join(folder, 'seals.mjs')
  await writeFile(file, await bundle('seals/process.mjs', { platform: 'node' }))
  const bin = (name) => join(ROOT, 'node_modules/.bin', name)
  return [
    await startWorker(await bundle('seals/worker.mjs')),
    await startProcess('Node', process.execPath, [file]),
    await startProcess('Bun', bin('bun'), ['run', file]),
    await startProcess('Deno', bin('deno'), ['run', '--allow-all', file]),
  ]
}

async function startWorker(script) {
  const { miniflare, urls, pid } = await startWorkerd(new Map([['seals', script]]))
  return {
    name: 'workerd',
    pid,
    async run(command) {
      const response = await fetch(urls.get('seals'), {
        method: 'POST',
        body: JSON.stringify(command),
      })
      if (!response.ok) throw new Error(await response.text())
      await response.text()
    },
    stop: () => miniflare.dispose(),
  }
}

async function startProcess(name, command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = new Promise((resolve) => child.once('close', resolve))
  const next = async () => {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${name} ended early`)
    return value
  }
  const pid = Number(await next())
  return {
    name,
    pid,
    async run(job) {
      child.stdin.write(`${JSON.stringify(job)}\n`)
      await next()
    },
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}
