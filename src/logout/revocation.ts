/** From an event of a provider to a mark in the revocation list. */

import type { Verified } from './verify.ts'

/** The part of a session manager that receivers use. */
export interface Revoker {
  revokeSubject(subject: string, options: { before: Date }): Promise<void>
  revokeExternal(
    external: readonly [issuer: string, sid: string],
    options: { before: Date },
  ): Promise<void>
}

// An instant under this is in seconds, because in milliseconds it would be in 1973 or before.
const LEAST_MILLISECONDS = 1e11

/**
 * The end of the second in which an event happened: providers give whole seconds, and a session that
 * began in that second began before the event.
 */
export function instantOf(event: unknown, { iat, toe }: Verified): Date {
  const instants = [event, toe, iat].filter((value) => typeof value === 'number' && value > 0)
  const instant = instants[0] as number
  if (instant >= LEAST_MILLISECONDS) return new Date(instant)
  return new Date(Math.floor(instant) * 1000 + 999)
}
