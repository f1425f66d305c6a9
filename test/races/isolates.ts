/** Isolates for the races: a module graph of its own for each, with a clock of its own. */

import { compileFunction } from 'node:vm'
import { type Break, bundleGraph } from '../kit/module-graph.ts'

/** How far a server's clock may be off, in milliseconds: two then differ by a second at most. */
export const CLOCK_ERROR = 500

/** What a module graph takes from its platform. */
export interface Platform {
  readonly now: () => number
  /** Called when the graph opens a seal. */
  readonly onDecrypt?: () => void
}

/** Makes a module graph. */
export type Graph<Exports> = (platform: Platform) => Exports

/** Bundles the modules once; each call evaluates them anew, and its result can be collected. */
export async function graphOf<Exports>(
  contents: string,
  tsconfig?: string,
  breaks: readonly Break[] = [],
): Promise<Graph<Exports>> {
  const code = await bundleGraph(contents, tsconfig === undefined ? {} : { tsconfig }, breaks)
  const evaluate = compileFunction(code, ['Date', 'crypto'], { filename: 'module-graph.js' })
  return ({ now, onDecrypt = () => {} }) => evaluate(clocked(now), counting(onDecrypt))
}

/** `Date` by another clock. */
function clocked(now: () => number): DateConstructor {
  return class extends Date {
    static override now = now
    constructor(...parts: [] | [string | number | Date]) {
      super(parts.length === 0 ? now() : parts[0])
    }
  } as DateConstructor
}

function counting(onDecrypt: () => void): Pick<Crypto, 'getRandomValues' | 'subtle'> {
  const { subtle } = crypto
  const own = new Proxy(subtle, {
    get(_, name: keyof SubtleCrypto) {
      if (name === 'decrypt') onDecrypt()
      const member = subtle[name]
      return typeof member === 'function' ? member.bind(subtle) : member
    },
  })
  return { subtle: own, getRandomValues: (bytes) => crypto.getRandomValues(bytes) }
}
