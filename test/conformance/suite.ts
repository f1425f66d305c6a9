/**
 * What every runtime must do alike: plain cases that take the library and throw when it disappoints.
 * Nothing here knows where it runs.
 */

import type * as library from '../../src/index.ts'
import { goldenCases } from './golden-cases.ts'
import { sealCases } from './seal-cases.ts'
import { sessionCases } from './session-cases.ts'

export type Api = typeof library

export interface Case {
  readonly name: string
  /** Rejects when the library does not do what the name says. */
  run(api: Api): Promise<void>
}

/** For any runtime with Web Crypto. */
export const casesForAll: readonly Case[] = [...sealCases, ...goldenCases]

/** For runtimes whose scripts may read `Cookie` and `Set-Cookie`: all but browsers. */
export const casesForServers: readonly Case[] = sessionCases
