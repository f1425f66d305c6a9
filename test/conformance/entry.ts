/**
 * What is bundled, once, and run everywhere: asked in JSON, it answers in JSON. Runs every case to
 * its end, because what differs between runtimes is worth seeing whole.
 *
 * Every case runs twice: with one module graph, which remembers what it derived, sealed and opened;
 * and with a module graph of its own for each manager and each seal, so that what one hands to the
 * other goes through the wire form.
 */

import { hasCookieHeaders } from './browser-like.ts'
import { type Made, make, open } from './exchange.ts'
import { goldenSeals } from './golden-cases.ts'
import { type Api, casesForAll, casesForServers } from './suite.ts'

export type Question =
  | { readonly ask: 'run'; readonly name: string }
  | { readonly ask: 'open'; readonly made: readonly Made[] }

export interface RunAnswer {
  /** The names of the cases that ran. */
  readonly ran: readonly string[]
  /** Seals opened where each manager had a module graph of its own. */
  readonly decryptions: number
  readonly failures: readonly string[]
  /** Cases that cannot run here. */
  readonly leftOut: number
  readonly goldenSeals: number
  /** Whether Node's globals are there. */
  readonly hasNode: boolean
  readonly made: Made
}

/** `graph` evaluates the library anew. */
export async function answerWith(
  graph: () => Api,
  question: Question,
): Promise<RunAnswer | number> {
  const apart = eachApart(graph)
  if (question.ask === 'open') return open(apart, question.made)
  const isServer = hasCookieHeaders()
  const cases = isServer ? [...casesForAll, ...casesForServers] : casesForAll
  const failures: string[] = []
  const runAll = async (api: Api, where: string) => {
    for (const { name, run } of cases) {
      try {
        await run(api)
      } catch (error) {
        failures.push(`${name} (${where}): ${String(error)}`)
      }
    }
  }
  await runAll(graph(), 'in one module graph')
  const count = countDecryptions()
  await runAll(apart, 'each in a module graph of its own')
  return {
    ran: cases.map(({ name }) => name),
    decryptions: count.end(),
    failures,
    leftOut: isServer ? 0 : casesForServers.length,
    goldenSeals,
    hasNode: 'Buffer' in globalThis,
    made: await make(apart, question.name),
  }
}

/** The library with a module graph for each manager and each call. */
const eachApart = (graph: () => Api): Api => ({
  ...graph(),
  createSessionManager: (options) => graph().createSessionManager(options),
  seal: (value, options) => graph().seal(value, options),
  unseal: (token, options) => graph().unseal(token, options),
})

function countDecryptions(): { end(): number } {
  const { subtle } = crypto
  const { decrypt } = subtle
  let count = 0
  const counting: typeof decrypt = (...parameters) => {
    count++
    return decrypt.apply(subtle, parameters)
  }
  Object.defineProperty(subtle, 'decrypt', { configurable: true, value: counting })
  return {
    end() {
      Reflect.deleteProperty(subtle, 'decrypt')
      return count
    },
  }
}
