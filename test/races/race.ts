/** Many interleavings of one library, and what came of them. */

import {
  type Conditions,
  conditionsOf,
  interleave,
  VIOLATIONS,
  type Violation,
} from './interleaving.ts'
import type { System } from './system.ts'
import type { World } from './world.ts'

export interface Tally {
  readonly interleavings: number
  requests: number
  overlaps: number
  forcedOut: number
  /** Seals that isolates opened. */
  decryptions: number
  /** Requests that came with a session that had idled out. */
  idledOut: number
  /** Requests answered 503, because data was away. */
  unavailable: number
  /** How often a thief's `signOutOthers` came after the owner's and before the list could tell. */
  outlived: number
  /** How often the owner's session was lost to a thief's `signOutOthers`. */
  lostToThief: number
  registrations: number
  proofs: number
  /** Requests of copies that were refused for want of a proof. */
  copiesRefused: number
  /** Requests with a session whose browser had held another one and was told to forget the key then. */
  leftBehind: number
  /** In how many interleavings each was seen. */
  readonly violations: Record<Violation, number>
  /** The first few, with their seeds. */
  readonly examples: string[]
  readonly traces: string[]
}

export async function race(
  firstSeed: number,
  interleavings: number,
  make: (world: World, conditions: Conditions) => System,
  adjust: (conditions: Conditions) => Conditions = (conditions) => conditions,
): Promise<Tally> {
  const violations = Object.fromEntries(VIOLATIONS.map((name) => [name, 0])) as Tally['violations']
  const tally: Tally = {
    interleavings,
    requests: 0,
    overlaps: 0,
    forcedOut: 0,
    decryptions: 0,
    idledOut: 0,
    unavailable: 0,
    outlived: 0,
    lostToThief: 0,
    registrations: 0,
    proofs: 0,
    copiesRefused: 0,
    leftBehind: 0,
    violations,
    examples: [],
    traces: [],
  }
  for (let seed = firstSeed; seed < firstSeed + interleavings; seed++) {
    const conditions = adjust(conditionsOf(seed))
    const result = await interleave(conditions, make)
    tally.requests += result.requests
    tally.overlaps += result.overlaps
    tally.decryptions += result.decryptions
    tally.idledOut += result.idledOut
    tally.unavailable += result.unavailable
    tally.outlived += result.outlived
    tally.lostToThief += result.lostToThief
    tally.registrations += result.registrations
    tally.proofs += result.proofs
    tally.copiesRefused += result.copiesRefused
    tally.leftBehind += result.leftBehind
    if (conditions.forcesOut) tally.forcedOut++
    for (const name of new Set(result.violations.map(({ violation }) => violation))) {
      violations[name]++
    }
    const [first] = result.violations
    if (first !== undefined && tally.examples.length < 5) {
      tally.examples.push(`${first.violation}: ${first.detail}`)
    }
    if (tally.traces.length < 100) tally.traces.push(result.trace.join('\n'))
  }
  return tally
}

/** What was seen, for the log. */
export const summary = (tally: Tally): string =>
  `${tally.requests} requests, ${tally.decryptions} decryptions, ${tally.overlaps} overlaps, ` +
  `${tally.idledOut} requests with idle cookies, ${tally.forcedOut} forced out; by a thief's ` +
  `signOutOthers, which is not final: ${tally.outlived} survived the owner's, ` +
  `${tally.lostToThief} answers found the owner signed out;`
