/**
 * What is bundled, once, and run everywhere: asked in JSON, it answers in JSON. Runs every case to
 * its end, because what differs between runtimes is worth seeing whole.
 */

import * as library from '../../src/index.ts'
import { hasCookieHeaders } from './browser-like.ts'
import { type Made, make, open } from './exchange.ts'
import { goldenSeals } from './golden-cases.ts'
import { casesForAll, casesForServers } from './suite.ts'

export type Question =
  | { readonly ask: 'run'; readonly name: string }
  | { readonly ask: 'open'; readonly made: readonly Made[] }

export interface RunAnswer {
  /** The names of the cases that ran. */
  readonly ran: readonly string[]
  readonly failures: readonly string[]
  /** Cases that cannot run here. */
  readonly leftOut: number
  readonly goldenSeals: number
  /** Whether Node's globals are there. */
  readonly hasNode: boolean
  readonly made: Made
}

export async function answer(question: Question): Promise<RunAnswer | number> {
  if (question.ask === 'open') return open(library, question.made)
  const isServer = hasCookieHeaders()
  const cases = isServer ? [...casesForAll, ...casesForServers] : casesForAll
  const failures: string[] = []
  for (const { name, run } of cases) {
    try {
      await run(library)
    } catch (error) {
      failures.push(`${name}: ${String(error)}`)
    }
  }
  return {
    ran: cases.map(({ name }) => name),
    failures,
    leftOut: isServer ? 0 : casesForServers.length,
    goldenSeals,
    hasNode: 'Buffer' in globalThis,
    made: await make(library, question.name),
  }
}
