/** What is measured of the list on a Durable Object, in CI with small numbers and by `npm run soak:lists` with large. */

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { CookieJar } from '../kit/cookie-jar.ts'
import { startObjectSite } from './object-host.ts'

/** A browser that may go to any isolate. */
export class Person {
  readonly jar: CookieJar
  readonly address: string

  constructor(address: string, jar = new CookieJar()) {
    this.address = address
    this.jar = jar
  }

  get(path: string): Promise<string> {
    return this.#send('GET', path)
  }

  post(path: string): Promise<string> {
    return this.#send('POST', path)
  }

  /** The same cookies at another isolate. */
  at(address: string): Person {
    return new Person(address, this.jar.clone())
  }

  async #send(method: string, path: string): Promise<string> {
    const headers = { cookie: this.jar.headerFor(this.address) }
    const response = await fetch(this.address + path, { method, headers })
    this.jar.store(response, this.address)
    return response.text()
  }
}

export interface Notice {
  /** The longest that a session was honoured at another isolate after the force-out was acknowledged, in ms. */
  readonly worst: number
  /** Calls of the object by the busiest isolate in each `recheckAfter`, while all were busy. */
  readonly callsPerRecheck: number
}

/** Forces people out at one isolate, who go on asking at three others, several times a second. */
export async function measureNotice(options: {
  recheckAfter: number
  rounds: number
  share: boolean
}): Promise<Notice> {
  const { recheckAfter, rounds, share } = options
  const site = await startObjectSite({ isolates: 4, recheckAfter, share })
  try {
    const [here = '', ...elsewhere] = site.addresses
    let worst = 0
    const callsBefore = new Map<string, number>()
    let began = 0
    let callsPerRecheck = 0
    for (let round = -1; round < rounds; round++) {
      // The first round warms up.
      if (round === 0) {
        began = Date.now()
        for (const address of elsewhere) callsBefore.set(address, await callsOf(address))
      }
      const subject = `ada-${round}`
      const ada = new Person(here)
      await ada.post(`/sign-in/${subject}`)
      const people = elsewhere.map((address) => ada.at(address))
      // They are used for long enough that each isolate refreshes its journal by itself.
      const until = Date.now() + recheckAfter * 1_500 + Math.random() * recheckAfter * 1_000
      while (Date.now() < until) {
        const seen = await Promise.all(people.map((person) => person.get('/me')))
        if (!seen.every((who) => who === subject)) throw new Error(`a session was lost: ${seen}`)
        await sleep(40)
      }
      await ada.post(`/force-out/${subject}`)
      const forcedOut = Date.now()
      await Promise.all(
        people.map(async (person) => {
          let asked = Date.now()
          while ((await person.get('/me')) === subject) {
            if (round >= 0) worst = Math.max(worst, asked - forcedOut)
            await sleep(20)
            asked = Date.now()
          }
        }),
      )
    }
    const rechecks = (Date.now() - began) / (recheckAfter * 1_000)
    for (const address of elsewhere) {
      const calls = (await callsOf(address)) - (callsBefore.get(address) ?? 0)
      callsPerRecheck = Math.max(callsPerRecheck, calls / rechecks)
    }
    return { worst, callsPerRecheck: Math.round(callsPerRecheck * 100) / 100 }
  } finally {
    await site.end()
  }
}

async function callsOf(address: string): Promise<number> {
  const { calls } = (await (await fetch(`${address}/told`)).json()) as { calls: number }
  return calls
}

/** Writes marks until workerd is killed, so often, and then looks for every one that was acknowledged. */
export async function killDuringWrites(
  folder: string,
  kills: number,
): Promise<{ acknowledged: number; lost: number }> {
  const acknowledged: number[] = []
  let next = 0
  for (let kill = 0; kill < kills; kill++) {
    const host = await serve(folder)
    let isDead = false
    const writers = Array.from({ length: 8 }, async () => {
      while (!isDead) {
        const mine = next++
        const write = fetch(`${host.address}/write/${mine}/1`, { method: 'POST' })
        const status = await write
          .then(async (answer) => (await answer.text()) && answer.status)
          .catch(() => 0)
        if (status === 200) acknowledged.push(mine)
      }
    })
    const before = acknowledged.length
    const giveUp = Date.now() + 30_000
    while (acknowledged.length < before + 50 && Date.now() < giveUp) await sleep(5)
    await sleep(Math.random() * 1_000)
    host.kill()
    isDead = true
    await Promise.all(writers)
  }
  const host = await serve(folder)
  try {
    const marks: unknown[] = []
    for (let first = 0; first < next; first += 500) {
      marks.push(
        ...((await (await fetch(`${host.address}/read/${first}/500`)).json()) as unknown[]),
      )
    }
    return {
      acknowledged: acknowledged.length,
      lost: acknowledged.filter((n) => marks[n] === null).length,
    }
  } finally {
    host.kill()
  }
}

/** A site in a process group of its own, so that workerd is killed with it. */
async function serve(folder: string): Promise<{ address: string; kill(): void }> {
  const program = fileURLToPath(new URL('object-host.ts', import.meta.url))
  const child = spawn(process.execPath, [program, folder], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const address = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the host ended')))
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('serving ')) resolve(line.slice('serving '.length))
    })
  })
  return { address, kill: () => void process.kill(-(child.pid as number), 'SIGKILL') }
}
