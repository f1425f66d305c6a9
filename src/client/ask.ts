/**
 * One question to `sessionRoutes()`, and what its answer is worth. Only an answer of the agreed
 * form says anything about the session: an error page, a 503 of the app or a login page that a
 * proxy put in between is no answer.
 */

import { systemClock } from '../lib/platform.ts'
import type { EndReason } from '../session/types.ts'
import { clockDifference, type Deadlines } from './deadlines.ts'
import type { SessionStatus } from './protocol.ts'

/** Why the session is over; `signed-out` when no cookie came and none was refused. */
export type ClientEndReason = EndReason | 'signed-out'

/** Below where the routes are mounted, each worth more than the one before. */
export type Route = '' | '/touch' | '/sign-out'

/** What one question brought. */
export type Answer =
  | { is: 'alive'; deadlines: Deadlines }
  | { is: 'over'; reason: ClientEndReason; ok: boolean }
  /** `status` is that of the HTTP response, if there was one. */
  | { is: 'none'; status?: number }

/** How long an answer may take, in milliseconds: its clock is trusted to half of this. */
export const PATIENCE = 10_000

/** Never rejects. */
export async function ask(url: string, route: Route, signal: AbortSignal): Promise<Answer> {
  const askedAt = systemClock()
  try {
    const response = await fetch(url + route, {
      // What the page asks by itself is no activity of the visitor's.
      ...(route ? { method: 'POST' } : { headers: { 'Session-Activity': 'passive' } }),
      cache: 'no-store',
      signal,
    })
    const body = (await response.json().catch(() => undefined)) as SessionStatus | undefined
    return read(body, askedAt, systemClock(), response) ?? { is: 'none', status: response.status }
  } catch {
    return { is: 'none' }
  }
}

function read(
  body: SessionStatus | undefined,
  askedAt: number,
  answeredAt: number,
  { ok }: Response,
): Answer | undefined {
  if (body?.signedIn === false) return { is: 'over', reason: body.ended ?? 'signed-out', ok }
  // A device that slept meanwhile cannot tell what time it is at the server.
  if (body?.signedIn !== true || Math.abs(answeredAt - askedAt) > PATIENCE) return undefined
  const saidAt = Date.parse(body.now)
  const deadlines = {
    idleAt: Date.parse(body.idleExpiresAt ?? ''),
    absoluteAt: Date.parse(body.absoluteExpiresAt ?? ''),
    saidAt,
    ahead: clockDifference(saidAt, askedAt, answeredAt),
  }
  return Object.values(deadlines).every(Number.isFinite) ? { is: 'alive', deadlines } : undefined
}
