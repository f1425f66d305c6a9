/**
 * When a session ends and what is due before that: pure decisions on what the server last said.
 * All instants are in milliseconds on the server's clock; knows no timers, tabs or requests.
 */

/** The limit on a session's life that comes first. */
export type Limit = 'idle' | 'absolute'

/** What the server said of a session that is alive. Travels between tabs as it is. */
export interface Deadlines {
  readonly idleAt: number
  /** The limit that comes first, and when. */
  readonly limit: Limit
  readonly endAt: number
  /** When the session began, which tells a new session from an old one. */
  readonly startedAt: number
  readonly idleTimeout: number
  /** Of the subject. */
  readonly tags: readonly string[]
  /** When it was asked, at the earliest, and when it was said. */
  readonly askedAt: number
  readonly saidAt: number
}

export function endOf(idleAt: number, absoluteAt: number): { endAt: number; limit: Limit } {
  return {
    endAt: Math.min(idleAt, absoluteAt),
    limit: absoluteAt <= idleAt ? 'absolute' : 'idle',
  }
}

/**
 * Whether an answer counts more than the one that is known. One that was asked for later does. Of
 * two that overlapped, the cookies of either may be the ones that the browser kept: a newer session
 * counts, and in one session the later deadline.
 */
export function supersedes(next: Deadlines, known: Deadlines): boolean {
  const isLater = next.askedAt >= known.saidAt
  return isLater || (next.startedAt - known.startedAt || next.idleAt - known.idleAt) > 0
}

/**
 * From when on user input is worth a touch: once per `interval`, but early enough that somebody who
 * keeps typing is never warned, however short the idle timeout is.
 */
export function touchFrom(known: Deadlines, interval: number, warnBefore: number): number {
  const untilWarning = known.idleAt - warnBefore - known.saidAt
  return known.saidAt + Math.min(interval, untilWarning / 2)
}

/** Doubles from 2 s to `most`, less up to half by chance so that tabs and visitors spread out. */
export function retryDelay(failures: number, most: number): number {
  return Math.min(2 ** failures * 1000, most) * (1 - Math.random() / 2)
}
