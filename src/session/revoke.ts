/**
 * Sessions that are ended, or listed, from outside: by an administrator, an identity provider, or their
 * subject on another device.
 */

import { targetName } from '../contracts/revocation-list.ts'
import { kindOf, onlyMembers } from '../lib/check.ts'
import { assertSubject, isSid } from './claims.ts'
import type { Config } from './config.ts'
import { externalName } from './external.ts'
import type { RevokeOptions, SessionManager } from './manager-types.ts'

type RevocationCalls = Pick<
  SessionManager,
  'revokeSession' | 'revokeSubject' | 'revokeExternal' | 'revokeAll' | 'listSessions'
>

/** The calls of a manager that are about no request. */
export function revocationCalls({ index, now, revocation }: Config): RevocationCalls {
  /**
   * Whether an operator's mark bars the subject until later, so that it must stay as it is. The other
   * marks are read because sessions that began after them can be ahead of the clock; the next mark is
   * later than these.
   */
  async function mayBeBarred(subject: string): Promise<boolean> {
    const targets = (['subject', 'since', 'others'] as const).map((scope) => ({ scope, subject }))
    const marks = await revocation.marksOf(targets, `marks ${subject}`).catch(() => undefined)
    const mark = marks?.get(targetName({ scope: 'subject', subject }))
    return marks === undefined || mark === Number.POSITIVE_INFINITY
  }

  return {
    async revokeSession(sid: string) {
      if (!isSid(sid)) {
        throw new TypeError(`a sid is 22 characters of base64url; got ${kindOf(sid)}`)
      }
      await revocation.record({ scope: 'session', sid })
    },

    async revokeSubject(subject: string, options: RevokeOptions = {}) {
      assertSubject(subject)
      const mark = instantOf(options, now())
      const isNow = mark === undefined && !(await mayBeBarred(subject))
      await revocation.record({ scope: isNow ? 'subject' : 'since', subject }, { mark })
    },

    async revokeExternal(external: readonly [string, string], options: RevokeOptions = {}) {
      const session = await externalName(external)
      await revocation.record({ scope: 'external', session }, { mark: instantOf(options, now()) })
    },

    revokeAll: () => revocation.record({ scope: 'all' }),

    async listSessions(subject: string) {
      assertSubject(subject)
      if (index !== undefined) return index.list(subject)
      throw new TypeError('listSessions() needs the option "sessionIndex"')
    },
  }
}

/** The time of an event in another system. If its clock is ahead, no later sign-in ends. */
function instantOf(options: RevokeOptions, now: number): number | undefined {
  onlyMembers('the options of a revocation', options, ['before'])
  const { before } = options
  if (before === undefined) return undefined
  const instant = before instanceof Date ? before.getTime() : Number.NaN
  if (instant >= 0) return Math.min(instant, now)
  throw new TypeError('"before" must be a valid Date')
}
