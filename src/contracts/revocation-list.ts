/**
 * The contract of a revocation list, where it is recorded that sessions ended before their time, and
 * the list in memory.
 */

import { onlyMembers } from '../lib/check.ts'
import { systemClock } from '../lib/platform.ts'

/** What an entry of the list names. */
export type RevocationTarget =
  /** One session, with all that `regenerate` made of it if this is the sid that it began with. */
  | { readonly scope: 'session'; readonly sid: string }
  /** A sid that the session has left: it goes on under another. */
  | { readonly scope: 'replaced'; readonly sid: string }
  /** Every session of a subject that began at or before the mark. */
  | { readonly scope: 'subject'; readonly subject: string }
  /** Every session of a subject that has not survived a later "sign out everywhere else". */
  | { readonly scope: 'others'; readonly subject: string }
  /** Every session that began at or before the mark. */
  | { readonly scope: 'all' }

/**
 * The contract of a revocation list. `test/contracts/revocation-list.ts` holds every implementation
 * to it.
 *
 * A mark is an instant in milliseconds. The list keeps the last mark written of a target for at least
 * `seconds`; later it may forget it, because no session that it could end is then alive. An entry
 * that an operator wrote by hand and that is no instant is reported as `Infinity`, so that it ends
 * everything it names rather than nothing.
 *
 * Both calls reject when the list cannot be reached. They need no timeout, retry or cache of their
 * own: the manager brings these.
 */
export interface RevocationList {
  /** The marks of the targets, in the order asked; `undefined` where nothing is recorded. */
  read(targets: readonly RevocationTarget[]): Promise<readonly (number | undefined)[]>
  /** Records a mark. Resolves when it will be found again by whoever asks this place. */
  write(target: RevocationTarget, mark: number, seconds: number): Promise<void>
}

/** A name that no other target has. */
export function targetName(target: RevocationTarget): string {
  if (target.scope === 'all') return 'all'
  return `${target.scope}/${'sid' in target ? target.sid : target.subject}`
}

/**
 * A list in the memory of this process, for tests and for a server that is one process. Never on
 * Workers, where a session's next request may meet another isolate: use `kvRevocationList`.
 */
export function memoryRevocationList(options: { now?: () => number } = {}): RevocationList {
  onlyMembers('the options of memoryRevocationList', options, ['now'])
  const { now = systemClock } = options
  const entries = new Map<string, { mark: number; until: number }>()

  return {
    async read(targets) {
      return targets.map((target) => {
        const entry = entries.get(targetName(target))
        return entry === undefined || entry.until <= now() ? undefined : entry.mark
      })
    },
    async write(target, mark, seconds) {
      for (const [name, { until }] of entries) if (until <= now()) entries.delete(name)
      entries.set(targetName(target), { mark, until: now() + seconds * 1000 })
    },
  }
}
