/**
 * When a session ends and what is due before that: pure decisions on what the server last said.
 * All instants are in milliseconds on the server's clock; knows no timers, tabs or requests.
 */

/** The limit on a session's life that comes first. */
export type Limit = 'idle' | 'absolute'

/** What the server said of a session that is alive. Travels between tabs as it is. */
export interface Deadlines {
  readonly idleAt: number
  readonly absoluteAt: number
  /** When it was said. */
  readonly saidAt: number
  /** What to add to this device's clock for the server's. */
  readonly ahead: number
}

/** Since an answer is read after it was made, its instant belongs to the middle of the round trip. */
export function clockDifference(saidAt: number, askedAt: number, answeredAt: number): number {
  return saidAt - (askedAt + answeredAt) / 2
}

export function endOf({ idleAt, absoluteAt }: Deadlines): { at: number; limit: Limit } {
  if (absoluteAt <= idleAt) return { at: absoluteAt, limit: 'absolute' }
  return { at: idleAt, limit: 'idle' }
}

/**
 * From when on user input is worth a touch: once per `interval`, but early enough that somebody who
 * keeps typing is never warned, however short the idle timeout is.
 */
export function touchFrom(known: Deadlines, interval: number, warnBefore: number): number {
  const untilWarning = known.idleAt - warnBefore - known.saidAt
  return known.saidAt + Math.min(interval, untilWarning / 2)
}

/** Doubles from 2 s to a minute, less up to half by chance so that tabs and visitors spread out. */
export function retryDelay(failures: number): number {
  return Math.min(2 ** failures, 60) * 1000 * (1 - Math.random() / 2)
}
